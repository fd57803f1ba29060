"""Track records: what counts as a duty that was met or missed of late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from config.calendar_files import shipped_calendar
from evaluation.obligations import State
from evaluation.track_records import Duty, track_record

CALENDAR = shipped_calendar()
TODAY = date(2025, 6, 10)
NOW = CALENDAR.instant(TODAY)


def duty(**changes: Any) -> Duty:
    facts: dict[str, Any] = {"id": 1, "state": State.ACCEPTED, "suspended": False, "due_on": date(2025, 6, 1), "days_late": 0} | changes
    on = facts["due_on"]
    end: datetime | None = None if on is None else CALENDAR.instant(on + timedelta(days=1))
    return Duty(**{"due_at": end, **facts})


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        pytest.param({}, [0], id="in time"),
        pytest.param({"days_late": 3}, [3], id="late, and accepted all the same"),
        pytest.param({"state": State.SUBMITTED, "days_late": 2}, [2], id="late, and others review it"),
        pytest.param({"state": State.OPEN, "days_late": None}, [9], id="never submitted: the days grow"),
        pytest.param({"state": State.LAPSED, "days_late": None}, [9], id="locked without a submission"),
        pytest.param({"state": State.RETURNED, "days_late": 0}, [9], id="returned, and the correction is overdue"),
        pytest.param({"state": State.RETURNED, "due_on": TODAY}, [], id="returned, and there is time yet"),
        pytest.param({"state": State.OPEN, "days_late": None, "due_on": TODAY}, [], id="due today is no miss"),
        pytest.param({"due_on": date(2025, 7, 1)}, [0], id="delivered before its time"),
        pytest.param({"state": State.WAIVED, "days_late": None}, [], id="waived"),
        pytest.param({"state": State.TRANSFERRED, "days_late": 4}, [], id="handed over"),
        pytest.param({"state": State.OPEN, "days_late": None, "suspended": True}, [], id="suspended"),
        pytest.param({"due_on": None}, [], id="no date"),
    ],
)
def test_what_counts(changes: dict[str, Any], days: list[int]) -> None:
    found = track_record([duty(**changes)], now=NOW, today=TODAY)
    assert [one.days for one in found.counted] == days


def test_the_last_ones_count_the_latest_first() -> None:
    many = [duty(id=month, due_on=date(2025, month, 1), days_late=month % 2) for month in range(1, 6)]
    found = track_record(many, now=NOW, today=TODAY, last=3)
    assert [one.id for one in found.counted] == [5, 4, 3]
    assert found.late == 2


def test_what_is_still_owed_is_told_apart_from_what_came_late() -> None:
    found = track_record([duty(id=1, days_late=3), duty(id=2, state=State.LAPSED, days_late=None)], now=NOW, today=TODAY)
    assert {one.id: one.is_open for one in found.counted} == {1: False, 2: True}
