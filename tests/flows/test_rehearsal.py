"""The rehearsal tells what a real year will send: with the criteria that its plan names, as its authority has published them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from config.loader import load_roster, parse_plan
from evaluation.criteria.sets import CriteriaSet, Decision
from evaluation.rehearsing import Habit
from flows.rehearsal import Script, _rehearse
from store.commands.criteria.showing import own_sets
from store.commands.criteria.versions import correct, take_in
from tests.conftest import DATA, SMALL_PLAN
from tests.store.test_criteria import DECIDED, make_set

if TYPE_CHECKING:
    from config.criteria_files import ReadCriteria
    from store.session import Store
    from tests.conftest import SmallYear

YAML = (
    SMALL_PLAN.read_text(encoding="utf-8")
    .replace("deliverable: Kế hoạch\n", "deliverable: Kế hoạch\n    items: [{key: ky, title: Bản ký}]\n    items_from: criteria\n")
    .replace("standing_body:", "criteria: {so: thu, xa: thu}\nstanding_body:")
)


def script(*criteria: CriteriaSet) -> Script:
    plan = parse_plan(YAML, file="small-plan.yaml")
    roster = load_roster(DATA / "small-roster.yaml")
    return Script(plan=plan, plan_yaml=YAML, roster=roster, calendar=shipped_calendar(), year=2025, habit=Habit.NONE, criteria=criteria)


@pytest.mark.parametrize("has_them", [True, False])
def test_criteria_are_asked_for_only_where_the_authority_has_none(store: Store, has_them: bool) -> None:  # noqa: FBT001
    _rehearse(store, script(*([make_set("10", "20").criteria] if has_them else [])), progress=None)
    with store.reading() as connection:
        query = "select subject from obligation where subject like 'no-criteria/%' order by subject"
        asked = connection.exec_driver_sql(query).scalars().all()
    assert asked == ([] if has_them else ["no-criteria/plan/so", "no-criteria/plan/xa"])


def test_an_authoritys_own_sets_are_those_that_it_published_last(small_year: SmallYear) -> None:
    plan, now = parse_plan(YAML, file="small-plan.yaml"), small_year.slot(date(2025, 1, 6))

    def taken(read: ReadCriteria) -> None:
        with small_year.store.transaction(now=now) as transaction:
            take_in(transaction, 1, read)

    def own() -> list[str]:
        with small_year.store.reading() as connection:
            found = own_sets(small_year.store, connection, 1, plan=plan)
        return [f"{one.key} {one.fields[0].maximum}" for one in found]

    taken(make_set("10", decision=Decision()))
    taken(make_set("7", key="khac"))
    assert own() == [], "a draft is not published, another set is not named"
    taken(make_set("10"))
    with small_year.store.transaction(now=now) as transaction:
        correct(transaction, 1, make_set("11"), decision=Decision(number="15/QĐ-UBND", dated=DECIDED.dated), reason="in sai")
    assert own() == ["thu 11"]
