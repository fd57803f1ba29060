"""Whatever one hand slips on, a plan and a roster are read or refused with faults; nothing else is ever raised."""

from __future__ import annotations

import contextlib
import copy
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.loader import InputError, PlanError, load_plan, load_roster, parse_plan

if TYPE_CHECKING:
    from collections.abc import Callable

Record = TypeVar("Record")
Steps = tuple[str | int, ...]

INPUTS = Path(__file__).with_name("inputs")
PLAN, ROSTER = INPUTS / "plan.yaml", INPUTS / "units.yaml"

UNKNOWN = st.sampled_from(["nonsense", "", "none", "Y-12-01", "2025-06-30", "launch", "so-noi-vu", "\u200b", "a" * 600, "Ngày"])
OTHER_TYPES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), UNKNOWN, st.just([]), st.just({}), st.just([None]), st.just({"on": 1}), st.text()
)


def as_data(path: Path) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")), default=str))


DATA: dict[Path, Any] = {path: as_data(path) for path in (PLAN, ROSTER)}


def ways(data: Any, steps: Steps = ()) -> list[Steps]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [steps, *(way for key, value in inner for way in ways(value, (*steps, key)))]


@st.composite
def mutants(draw: st.DrawFn, path: Path) -> Any:
    """Draw the file's data with one key dropped, one value changed, one key renamed, or one thing twice."""
    data = copy.deepcopy(DATA[path])
    way: Any = draw(st.sampled_from(ways(data)[1:]))
    *above, last = way
    holder: Any = data
    for step in above:
        holder = holder[step]
    match draw(st.sampled_from(["drop", "change", "rename", "repeat"])):
        case "drop":
            del holder[last]
        case "rename" if isinstance(holder, dict):
            holder[draw(UNKNOWN)] = holder.pop(last)
        case "repeat" if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        case _:
            holder[last] = draw(OTHER_TYPES)
    return data


def read_or_refused(load: Callable[[Path], Record], path: Path) -> Record | None:
    """Return the record, or None after a refusal that can be shown to people."""
    try:
        return load(path)
    except InputError as refusal:
        faults = refusal.faults
    assert faults
    for fault in faults:
        assert fault.line >= 1
        assert all((fault.what, fault.instead, fault.what_vi, fault.instead_vi, fault.text("vi").encode(), str(fault).encode()))
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mutants")
    shutil.copy(ROSTER, made)
    return made


@given(data=st.data())
def test_plan_with_one_mistake_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    mutant = data.draw(mutants(PLAN))
    path = folder / "mutant.yaml"
    path.write_text(json.dumps(mutant), encoding="utf-8")
    plan = read_or_refused(load_plan, path)
    assert plan is None or len(plan.stages) == len(mutant["stages"])


@given(data=st.data())
def test_roster_with_one_mistake_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    path = folder / "mutant.yaml"
    mutant = data.draw(mutants(ROSTER))
    path.write_text(json.dumps(mutant), encoding="utf-8")
    roster = read_or_refused(load_roster, path)
    assert roster is None or len(roster.parties) == len(mutant["parties"])


@given(data=st.data())
def test_text_with_one_slip_is_read_or_refused(data: st.DataObject) -> None:
    text = PLAN.read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    inserted = data.draw(st.one_of(st.text(max_size=6), st.sampled_from(list("{}[]:,#&*!|>'\"%@`-?\t\n"))))
    with contextlib.suppress(PlanError):
        assert parse_plan(text[:at] + inserted + text[at + length :], file="slip.yaml").stages


@given(content=st.binary(max_size=200))
def test_bytes_are_read_or_refused(folder: Path, content: bytes) -> None:
    path = folder / "bytes.yaml"
    path.write_bytes(content)
    with pytest.raises(PlanError):
        load_plan(path)


@given(text=st.text(alphabet=st.sampled_from("ab:{}[],&*!|>'\"%@`-?#\n \t\\x0<~.1"), max_size=40))
def test_yaml_like_text_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        parse_plan(text, file="noise.yaml")
