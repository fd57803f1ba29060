"""Plan changes: in what a year differs from the one before."""

from __future__ import annotations

from datetime import date

import pytest

from config.calendar_files import shipped_calendar
from config.loader import parse_plan
from evaluation.plan_changes import PlanChanges, PlanYear, plan_changes
from evaluation.projection import project_plan
from tests.conftest import SMALL_PLAN

YAML = SMALL_PLAN.read_text(encoding="utf-8")
UNITS = frozenset({"xa-1", "xa-2"})


def of_year(year: int, yaml: str = YAML, *, units: frozenset[str] = UNITS) -> PlanYear:
    plan = parse_plan(yaml, file="plan")
    windows = project_plan(plan, year=year, calendar=shipped_calendar(), known={"launch": date(year, 1, 2)})
    return PlanYear(year=year, plan=plan, windows=windows, owing={"plan": units})


def changed(yaml: str, *, units: frozenset[str] = UNITS, year: int = 2025) -> PlanChanges:
    return plan_changes(of_year(2024), of_year(year, yaml, units=units))


def test_the_same_year_differs_in_nothing() -> None:
    assert plan_changes(of_year(2025), of_year(2025)).nothing


def test_a_date_that_the_plan_moved_is_told_with_its_days() -> None:
    found = [one for one in changed(YAML.replace("{by: Y-01-31}", "{by: Y-02-03}")).moved if one.stage.key == "plan"]
    assert [(one.part, one.before, one.after, one.days, one.by_calendar) for one in found] == [
        ("due", date(2024, 1, 31), date(2025, 2, 3), 3, False)
    ]


def test_a_date_that_days_off_moved_says_so() -> None:
    rolling = YAML.replace("{by: Y-01-31}", "{by: Y-02-01, roll: forward}")
    found = plan_changes(of_year(2024, rolling), of_year(2025, rolling)).moved
    due = next(one for one in found if (one.stage.key, one.part) == ("plan", "due"))
    assert (due.before, due.after, due.days, due.by_calendar) == (date(2024, 2, 1), date(2025, 2, 3), 2, True)


def test_the_periods_of_two_years_are_compared_by_their_place() -> None:
    found = changed(YAML.replace("{before: 20, of: last}", "{before: 18, of: last}")).moved
    assert {(one.period, one.days) for one in found if one.part == "due" and one.stage.key == "report"} == {
        ("2025-Q1", -2),
        ("2025-Q2", -2),
    }


@pytest.mark.parametrize(("which", "there"), [("added", (of_year(2024), of_year(2025))), ("dropped", (of_year(2025), of_year(2024)))])
def test_a_stage_of_one_year_alone_is_told_once(which: str, there: tuple[PlanYear, PlanYear]) -> None:
    before, after = there
    short = of_year(2024, YAML[: YAML.index("  - key: after-lock")])
    found = plan_changes(short, after) if which == "added" else plan_changes(before, short)
    assert [stage.key for stage in getattr(found, which)] == ["after-lock"]
    assert all(one.stage.key != "after-lock" for one in found.moved)


def test_new_words_and_new_units_are_told() -> None:
    found = changed(YAML.replace("chậm nhất ngày 31 tháng 01", "trước ngày 01 tháng 02"), units=frozenset({"xa-2", "xa-3"}))
    assert [(one.stage.key, one.before) for one in found.words] == [("plan", "chậm nhất ngày 31 tháng 01")]
    assert [(one.stage.key, one.added, one.dropped) for one in found.owing] == [("plan", frozenset({"xa-3"}), frozenset({"xa-1"}))]
