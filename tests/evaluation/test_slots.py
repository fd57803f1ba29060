"""Slots: what waits leaves on working days, from the slot's time of day until the evening."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.slots import EVENING, may_leave, slot_at
from evaluation.workdays import UnknownYearError
from tests.evaluation.one_duty import CALENDAR, local


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        pytest.param("20/01/2026 07:30", "20/01/2026 07:30", id="at the slot"),
        pytest.param("20/01/2026 07:31", "20/01/2026 07:30", id="a minute late loses no day"),
        pytest.param("20/01/2026 05:00", "20/01/2026 07:30", id="in the early morning: the same day's"),
        pytest.param("20/01/2026 17:59", "20/01/2026 07:30", id="in the last minute before the evening"),
        pytest.param("20/01/2026 18:00", "21/01/2026 07:30", id="in the evening: tomorrow's"),
        pytest.param("23/01/2026 18:00", "26/01/2026 07:30", id="on Friday evening: Monday's"),
        pytest.param("24/01/2026 10:00", "26/01/2026 07:30", id="on Saturday: Monday's"),
        pytest.param("02/01/2026 10:00", "05/01/2026 07:30", id="on the Friday swapped off: Monday's"),
        pytest.param("10/01/2026 10:00", "10/01/2026 07:30", id="on the made-up Saturday: the same day's"),
        pytest.param("09/01/2026 20:00", "10/01/2026 07:30", id="on the evening before the made-up Saturday: that day's"),
        pytest.param("13/02/2026 18:30", "23/02/2026 07:30", id="on the evening before Tết: after it"),
        pytest.param("17/02/2026 08:00", "23/02/2026 07:30", id="in Tết: after it"),
        pytest.param("20/01/2026 00:00", "20/01/2026 07:30", id="at midnight the new day has begun, in Vietnam"),
    ],
)
def test_slot_at(now: str, slot: str) -> None:
    assert slot_at(local(now), calendar=CALENDAR, opens=time(7, 30)) == local(slot)


def test_the_slots_hour_is_the_plans() -> None:
    assert slot_at(local("20/01/2026 09:00"), calendar=CALENDAR, opens=time(14, 0)) == local("20/01/2026 14:00")


INSTANTS = st.datetimes(min_value=datetime(2019, 1, 2), max_value=datetime(2031, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- the zone is given
HOURS = st.times()


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        pytest.param("20/01/2026 07:29", False, id="before the slot"),
        pytest.param("20/01/2026 07:30", True, id="at the slot"),
        pytest.param("20/01/2026 17:59", True, id="in the last minute"),
        pytest.param("20/01/2026 18:00", False, id="in the evening"),
        pytest.param("20/01/2026 00:00", False, id="at midnight, which in UTC is the evening before"),
        pytest.param("25/01/2026 06:41", False, id="on Sunday morning, after an engine that was down on Friday"),
        pytest.param("25/01/2026 10:00", False, id="on Sunday"),
        pytest.param("26/01/2026 07:30", True, id="on Monday"),
        pytest.param("10/01/2026 10:00", True, id="on the made-up Saturday"),
        pytest.param("02/01/2026 10:00", False, id="on the Friday swapped off"),
        pytest.param("17/02/2026 10:00", False, id="in Tết"),
    ],
)
def test_may_leave(now: str, *, leaves: bool) -> None:
    assert may_leave(local(now), calendar=CALENDAR, opens=time(7, 30), closes=EVENING) is leaves


def test_the_end_of_the_mailing_day_is_given() -> None:
    assert not may_leave(local("20/01/2026 16:30"), calendar=CALENDAR, opens=time(7, 30), closes=time(16, 30))
    assert may_leave(local("20/01/2026 20:00"), calendar=CALENDAR, opens=time(7, 30), closes=time(20, 1))


def test_a_day_that_would_close_before_it_opens_closes_at_midnight() -> None:
    at = [f"20/01/2026 {hour}" for hour in ("18:29", "18:30", "23:59")]
    assert [may_leave(local(now), calendar=CALENDAR, opens=time(18, 30), closes=EVENING) for now in at] == [False, True, True]


def test_a_year_without_data_is_not_guessed() -> None:
    with pytest.raises(UnknownYearError):
        may_leave(local("20/01/2099 10:00"), calendar=CALENDAR, opens=time(7, 30), closes=EVENING)


@given(now=INSTANTS, opens=HOURS, closes=HOURS)
def test_what_has_a_slot_may_leave_at_it(now: datetime, opens: time, closes: time) -> None:
    assert may_leave(slot_at(now, calendar=CALENDAR, opens=opens), calendar=CALENDAR, opens=opens, closes=closes)


@given(now=INSTANTS, opens=st.times(max_value=time(17, 59)))
def test_mail_leaves_just_while_the_slot_of_what_is_decided_now_has_begun(now: datetime, opens: time) -> None:
    begun = slot_at(now, calendar=CALENDAR, opens=opens) <= now
    assert may_leave(now, calendar=CALENDAR, opens=opens, closes=EVENING) is begun
