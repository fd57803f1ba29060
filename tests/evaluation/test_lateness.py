"""What of a plan has passed before it is put in force: by date, not by what it still waits for."""

from __future__ import annotations

from datetime import date, time

import pytest

from config.calendar_files import shipped_calendar
from config.loader import parse_plan
from evaluation.lateness import passed_lines, passed_stages, passed_windows, years_touched
from tests.conftest import SMALL_PLAN

CALENDAR = shipped_calendar()
YAML = SMALL_PLAN.read_text(encoding="utf-8")
PLAN = parse_plan(YAML, file="plan")


def passed(on: date, *, known: dict[str, date] | None = None) -> list[tuple[str, str]]:
    now = CALENDAR.instant(on, time(8))
    return sorted(passed_windows(PLAN, year=2025, calendar=CALENDAR, known=known or {}, now=now))


@pytest.mark.parametrize(
    ("on", "over"),
    [
        pytest.param(date(2025, 1, 31), [], id="the last day is in time"),
        pytest.param(date(2025, 2, 1), [("plan", "")], id="the day after is not"),
        pytest.param(date(2025, 3, 20), [("plan", ""), ("report", "2025-Q1")], id="a period of several"),
        pytest.param(
            date(2025, 7, 16),
            [("after-lock", ""), ("plan", ""), ("report", "2025-Q1"), ("report", "2025-Q2")],
            id="a fixed date does not wait for a release; what is counted from one does",
        ),
    ],
)
def test_what_has_passed(on: date, over: list[tuple[str, str]]) -> None:
    assert passed(on) == over


def test_what_was_released_long_ago_has_passed_too() -> None:
    assert ("summary", "") in passed(date(2025, 7, 16), known={"release:summary": date(2025, 2, 3)})


def test_what_is_late_and_locked_is_counted_by_stage() -> None:
    now = CALENDAR.instant(date(2025, 6, 25), time(8))
    windows = passed_windows(PLAN, year=2025, calendar=CALENDAR, known={}, now=now)
    found = passed_stages([(window, 3) for window in windows.values() if window.stage.key == "report"], now=now)
    assert [(one.stage, one.late, one.locked, one.first) for one in found] == [("report", 6, 3, date(2025, 3, 19))]
    assert passed_lines(found, language="en") == ["- report (Periodic report): 6 late, the first due on 2025-03-19, 3 locked"]
    assert passed_stages([(window, 0) for window in windows.values()], now=now) == ()


def test_the_years_in_which_dates_fall() -> None:
    assert years_touched(PLAN, year=2025, calendar=CALENDAR, known={}) == [2025]
    after = parse_plan(YAML.replace("{by: Y-07-31}", "{by: Y+1-07-31}"), file="plan")
    assert years_touched(after, year=2025, calendar=CALENDAR, known={}) == [2025, 2026]
    assert years_touched(PLAN, year=2025, calendar=CALENDAR, known={"plan.due": date(2024, 12, 31)}) == [2024, 2025]


def test_a_date_that_is_moved_off_a_day_off_touches_both_years() -> None:
    """31 December 2022 was a Saturday: rolled forward it falls in January."""
    plan = parse_plan(YAML.replace("{by: Y-01-31}", "{by: Y-12-31, roll: forward}"), file="plan")
    assert 2023 in years_touched(plan, year=2022, calendar=CALENDAR, known={"release:summary": date(2022, 3, 1)})
