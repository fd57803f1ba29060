"""Ladders on the shipped calendar: warnings go before an off day, reports of lateness after it; all at the slot."""

from __future__ import annotations

from datetime import time

import pytest

from evaluation.due_rules import DayUnit
from evaluation.ladders import Moment, due_moments, open_moments, rung_date, rung_moments
from evaluation.plans import CountFrom
from tests.evaluation.one_duty import CALENDAR, day, end, local, make_dates, rung

SLOT = time(7, 30)
C, W = DayUnit.CALENDAR, DayUnit.WORKING


@pytest.mark.parametrize(
    ("anchor", "offset", "unit", "on"),
    [
        pytest.param("20/01/2026", -7, C, "13/01/2026", id="a week before, worked"),
        pytest.param("25/02/2026", -7, C, "13/02/2026", id="Wed 18/02 is Tết 2026: the warning goes on Friday before"),
        pytest.param("16/02/2026", 0, C, "13/02/2026", id="due on the first day of Tết: told on Friday before"),
        pytest.param("13/02/2026", 1, C, "23/02/2026", id="a day late falls on Saturday before Tết: told on Monday after"),
        pytest.param("17/02/2026", 3, C, "23/02/2026", id="three days late falls into Tết: told after it"),
        pytest.param("13/02/2026", 1, W, "23/02/2026", id="one working day late, over Tết"),
        pytest.param("13/02/2026", 3, W, "25/02/2026", id="three working days late, over Tết"),
        pytest.param("23/02/2026", -1, W, "13/02/2026", id="one working day before the Monday after Tết"),
        pytest.param("18/02/2026", -1, W, "13/02/2026", id="one working day before a due inside Tết"),
        pytest.param("18/02/2026", 1, W, "23/02/2026", id="one working day after a due inside Tết"),
        pytest.param("05/01/2026", -3, C, "31/12/2025", id="Fri 02/01/2026 is swapped off, 01/01 a holiday: on 31/12"),
        pytest.param("31/12/2025", 2, C, "05/01/2026", id="a report of lateness on the swapped Friday goes on Monday"),
        pytest.param("12/01/2026", -2, C, "10/01/2026", id="Saturday 10/01/2026 is made up: the warning goes on it"),
        pytest.param("12/01/2026", -1, C, "10/01/2026", id="Sunday 11/01: the working day before is the made-up Saturday"),
        pytest.param("12/01/2026", -1, W, "10/01/2026", id="one working day before Monday is the made-up Saturday"),
        pytest.param("09/01/2026", 1, C, "10/01/2026", id="a day late on the made-up Saturday"),
        pytest.param("31/12/2025", 1, W, "05/01/2026", id="one working day after New Year's Eve, over the swap"),
        pytest.param("24/01/2026", 0, W, "23/01/2026", id="due on a Saturday: no offset, told on Friday"),
    ],
)
def test_the_day_of_a_rung(anchor: str, offset: int, unit: DayUnit, on: str) -> None:
    assert rung_date(rung("x", offset, unit=unit), anchor=day(anchor), calendar=CALENDAR) == day(on)


def test_rungs_leave_at_the_slot_oldest_first() -> None:
    ladder = [rung("T+1", 1), rung("T-1", -1), rung("T+0", 0)]
    moments = rung_moments(make_dates(), ladder=ladder, calendar=CALENDAR, slot=SLOT)
    assert moments == (
        Moment(rung="T-1", at=local("19/01/2026 07:30")),
        Moment(rung="T+0", at=local("20/01/2026 07:30")),
        Moment(rung="T+1", at=local("21/01/2026 07:30")),
    )


def test_rungs_of_one_moment_stay_in_the_ladders_order() -> None:
    ladder = [rung("T-1", -1, unit=C), rung("T+0", 0, unit=C)]
    moments = rung_moments(make_dates(due="18/01/2026"), ladder=ladder, calendar=CALENDAR, slot=SLOT)
    assert [(moment.rung, moment.at) for moment in moments] == [("T-1", local("16/01/2026 07:30")), ("T+0", local("16/01/2026 07:30"))]


@pytest.mark.parametrize(
    ("locks_at", "at"),
    [
        pytest.param(end("30/01/2026"), "29/01/2026 07:30", id="a lock at 24:00 belongs to the day that ends"),
        pytest.param(local("30/01/2026 17:00"), "29/01/2026 07:30", id="a lock at an hour belongs to its day"),
        pytest.param(local("30/01/2026 00:01"), "29/01/2026 07:30", id="a lock just after midnight belongs to the new day"),
    ],
)
def test_a_rung_before_the_lock(locks_at: object, at: str) -> None:
    ladder = [rung("L-1", -1, unit=C, counted_from=CountFrom.LOCK)]
    moments = rung_moments(make_dates(due=None, locks_at=locks_at), ladder=ladder, calendar=CALENDAR, slot=SLOT)
    assert moments == (Moment(rung="L-1", at=local(at)),)


@pytest.mark.parametrize(
    ("due", "locks", "left"),
    [
        pytest.param(None, None, [], id="neither due nor lock: an empty ladder"),
        pytest.param("20/01/2026", None, ["T-1"], id="no lock: no rung from it"),
        pytest.param(None, "30/01/2026", ["L-1"], id="no due: no rung from it"),
    ],
)
def test_a_rung_without_its_anchor_has_no_moment(due: str | None, locks: str | None, left: list[str]) -> None:
    ladder = [rung("T-1", -1), rung("L-1", -1, counted_from=CountFrom.LOCK)]
    moments = rung_moments(make_dates(due=due, locks=locks), ladder=ladder, calendar=CALENDAR, slot=SLOT)
    assert [moment.rung for moment in moments] == left


@pytest.mark.parametrize(
    ("now", "settled", "due"),
    [
        pytest.param("19/01/2026 07:29", [], [], id="a minute before the slot"),
        pytest.param("19/01/2026 07:30", [], ["T-1"], id="at the slot"),
        pytest.param("26/01/2026 09:00", [], ["T-1", "T+0"], id="made up after an outage, oldest first"),
        pytest.param("26/01/2026 09:00", ["T-1"], ["T+0"], id="what has its row is not due again"),
    ],
)
def test_due_moments(now: str, settled: list[str], due: list[str]) -> None:
    moments = rung_moments(make_dates(), ladder=[rung("T-1", -1), rung("T+0", 0)], calendar=CALENDAR, slot=SLOT)
    assert [moment.rung for moment in due_moments(moments, settled=settled, now=local(now))] == due
    assert [moment.rung for moment in open_moments(moments, settled=settled)] == [m.rung for m in moments if m.rung not in settled]
