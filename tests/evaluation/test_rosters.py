"""Rosters: whom a line of the plan means, as of a date."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.kinds import PartyKind
from evaluation.plans import Selector
from evaluation.rosters import Party, Roster
from tests.evaluation.one_duty import day

ON = "01/06/2025"


def party(key: str, **changes: Any) -> Party:
    facts: dict[str, Any] = {"key": key, "kind": PartyKind.UNIT, "name": key}
    facts |= {name: day(value) if name.startswith("valid") else value for name, value in changes.items()}
    return Party(**facts)


ROSTER = Roster(
    key="thu",
    title="Thử",
    groups=(("so", "Sở"), ("huyen", "UBND cấp huyện")),
    parties=(
        party("so-noi-vu", group="so", level="department"),
        party("so-tai-chinh", group="so", level="department"),
        party("van-phong", group="so", level="department", exempt="yếu tố đặc thù"),
        party("huyen-1", group="huyen", level="district", valid_to="30/06/2025"),
        party("xa-1", group="xa", level="commune", valid_from="01/07/2025"),
        party("xa-2", group="xa", level="commune"),
        party("hoi-dong", kind=PartyKind.BODY, group="so"),
        party("ong-a", kind=PartyKind.PERSON),
    ),
    contacts=(),
)


@pytest.mark.parametrize(
    ("selector", "keys"),
    [
        pytest.param(Selector(groups=("so",)), ["so-noi-vu", "so-tai-chinh"], id="a group: its units, but for exempt ones and bodies"),
        pytest.param(Selector(groups=("xa", "so")), ["so-noi-vu", "so-tai-chinh", "xa-2"], id="two groups, in the roster's order"),
        pytest.param(Selector(levels=("district",)), ["huyen-1"], id="a level"),
        pytest.param(Selector(levels=("commune",), groups=("so",)), [], id="every given field narrows"),
        pytest.param(Selector(kind=PartyKind.BODY), ["hoi-dong"], id="a kind"),
        pytest.param(Selector(kind=PartyKind.UNIT), ["so-noi-vu", "so-tai-chinh", "huyen-1", "xa-2"], id="all units"),
        pytest.param(Selector(keys=("van-phong",)), ["van-phong"], id="an exempt unit by name"),
        pytest.param(Selector(keys=("ong-a",), groups=("huyen",)), ["huyen-1", "ong-a"], id="a name adds to the rest"),
        pytest.param(Selector(groups=("so",), except_keys=("so-noi-vu",)), ["so-tai-chinh"], id="an exception takes away"),
        pytest.param(Selector(keys=("xa-2",), except_keys=("xa-2",)), [], id="an exception is stronger than a name"),
        pytest.param(Selector(keys=("xa-1",)), [], id="a unit that does not exist yet is not even taken by name"),
        pytest.param(Selector(), [], id="nothing said, nobody meant"),
    ],
)
def test_whom_a_selector_means(selector: Selector, keys: list[str]) -> None:
    assert [party.key for party in ROSTER.selected(selector, on=day(ON))] == keys


@pytest.mark.parametrize(
    ("on", "units"),
    [
        pytest.param("30/06/2025", ["huyen-1"], id="the districts' last day"),
        pytest.param("01/07/2025", ["xa-1"], id="the communes' first day"),
    ],
)
def test_a_unit_is_meant_while_it_exists(on: str, units: list[str]) -> None:
    assert [party.key for party in ROSTER.selected(Selector(keys=("huyen-1", "xa-1")), on=day(on))] == units
