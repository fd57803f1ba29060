"""Terms: written once, with their rungs; counted periods, remainders, and whose dates they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.due_rules import DayUnit, Deadline
from evaluation.plans import TurnRule
from evaluation.terms import (
    Dates,
    Held,
    TermReason,
    Turn,
    counted_dates,
    dates_in_force,
    dates_of,
    days_between,
    due_after,
    hold,
    lock_gap,
    moved_dates,
    new_term,
    resumed_dates,
)
from tests.evaluation.one_duty import CALENDAR, LADDERS, RULEBOOK, day, end, local, make_dates, make_term

INSTANTS = st.datetimes(min_value=datetime(2019, 1, 2), max_value=datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds it
UNITS = st.sampled_from(DayUnit)


def test_a_term_is_written_with_its_rungs_and_the_versions_it_rests_on() -> None:
    term = new_term(
        RULEBOOK,
        number=2,
        reason=TermReason.REVIEW,
        dates=make_dates(projected=True, unit=DayUnit.WORKING),
        now=local("14/01/2026 09:00"),
        turn=Turn.RECEIVER,
        ladder="review",
    )
    assert (term.number, term.reason, term.turn, term.ladder) == (2, TermReason.REVIEW, Turn.RECEIVER, "review")
    assert (term.plan_version, term.calendar_version, term.projected) == (1, CALENDAR.version, True)
    assert [moment.rung for moment in term.moments] == [rung.key for rung in LADDERS["review"]]
    assert term.dates == make_dates(projected=True, unit=DayUnit.WORKING)


@pytest.mark.parametrize(
    ("rule", "now", "due_on"),
    [
        pytest.param(
            TurnRule(count=5, unit=DayUnit.WORKING),
            "06/01/2026 09:00",
            "12/01/2026",
            id="domain §9: five working days after Tue 06/01/2026",
        ),
        pytest.param(TurnRule(count=15), "15/04/2026 09:00", "04/05/2026", id="domain §9: 15 days end on 30/04, a holiday"),
        pytest.param(TurnRule(count=15), "26/12/2025 09:00", "10/01/2026", id="domain §9: 15 days end on the made-up Saturday 10/01/2026"),
        pytest.param(TurnRule(count=15), "16/08/2026 09:00", "03/09/2026", id="domain §9: 15 days end on Mon 31/08, swapped off"),
        pytest.param(TurnRule(count=1), "02/02/2026 23:59", "03/02/2026", id="the day itself is not counted, however late in it"),
        pytest.param(TurnRule(count=0), "06/02/2026 09:00", "09/02/2026", id="nothing to count: one working day at least"),
        pytest.param(TurnRule(), "06/02/2026 09:00", None, id="no count, no due"),
    ],
)
def test_a_turn_that_begins_now_is_counted_from_the_day_after(rule: TurnRule, now: str, due_on: str | None) -> None:
    dates = counted_dates(rule, calendar=CALENDAR, now=local(now))
    expected = (None, None) if due_on is None else (day(due_on), end(due_on))
    assert (dates.due_on, dates.due_at) == expected
    assert (dates.opens_at, dates.locks_at, dates.unit) == (local(now), None, rule.unit)


def test_a_count_that_ends_in_a_projected_year_says_so() -> None:
    assert due_after(20, unit=DayUnit.WORKING, calendar=CALENDAR, now=local("21/12/2026 09:00")).projected
    assert not due_after(2, unit=DayUnit.WORKING, calendar=CALENDAR, now=local("21/12/2026 09:00")).projected


@given(now=INSTANTS, count=st.integers(-20, 60), unit=UNITS)
def test_a_counted_period_ends_on_a_working_day_after_today(now: datetime, count: int, unit: DayUnit) -> None:
    dates = due_after(count, unit=unit, calendar=CALENDAR, now=now)
    assert dates.due_on is not None
    assert dates.due_on > CALENDAR.local_date(now)
    assert CALENDAR.is_workday(dates.due_on)


@given(today=st.dates(date(2019, 1, 1), date(2030, 1, 1)), left=st.integers(-40, 40), unit=UNITS)
def test_the_days_left_are_counted_back_from_what_was_added(today: date, left: int, unit: DayUnit) -> None:
    start = CALENDAR.roll_back(today)
    last = CALENDAR.add_workdays(start, left) if unit is DayUnit.WORKING else start + timedelta(days=left)
    assert days_between(start, last, unit=unit, calendar=CALENDAR) == left


@pytest.mark.parametrize(
    ("unit", "now", "left"),
    [
        pytest.param(DayUnit.CALENDAR, "14/01/2026 09:00", 6, id="calendar days of a fixed date"),
        pytest.param(DayUnit.WORKING, "14/01/2026 09:00", 4, id="working days of a counted period"),
        pytest.param(DayUnit.WORKING, "20/01/2026 09:00", 0, id="on the last day"),
        pytest.param(DayUnit.WORKING, "26/01/2026 09:00", -4, id="overdue"),
    ],
)
def test_a_hold_keeps_what_is_left(unit: DayUnit, now: str, left: int) -> None:
    held = hold(make_term(dates=make_dates(unit=unit), turn=Turn.RECEIVER), calendar=CALENDAR, now=local(now))
    assert held == Held(turn=Turn.RECEIVER, days_left=left, unit=unit, ladder="standard", locks_after=timedelta(days=10))


def test_a_hold_of_a_term_without_due_keeps_no_count() -> None:
    held = hold(make_term(dates=make_dates(due=None)), calendar=CALENDAR, now=local("14/01/2026 09:00"))
    assert (held.days_left, held.locks_after) == (None, None)


def test_resumed_dates_keep_the_distance_of_the_lock() -> None:
    held = Held(turn=Turn.PARTY, days_left=3, unit=DayUnit.WORKING, ladder="", locks_after=timedelta(days=10))
    dates = resumed_dates(held, calendar=CALENDAR, now=local("24/12/2026 09:00"))
    assert (dates.due_on, dates.locks_at, dates.unit) == (day("29/12/2026"), end("08/01/2027"), DayUnit.WORKING)
    assert (dates.opens_at, dates.projected) == (local("24/12/2026 09:00"), False)
    later = resumed_dates(held, calendar=CALENDAR, now=local("29/12/2026 09:00"))
    assert later.projected


@pytest.mark.parametrize(
    ("due", "locks", "gap"),
    [
        pytest.param("20/01/2026", "30/01/2026", timedelta(days=10), id="both"),
        pytest.param(None, "30/01/2026", None, id="no due"),
        pytest.param("20/01/2026", None, None, id="no lock"),
    ],
)
def test_lock_gap(due: str | None, locks: str | None, gap: timedelta | None) -> None:
    assert lock_gap(make_term(dates=make_dates(due=due, locks=locks))) == gap


def test_a_moved_due_takes_its_lock_along() -> None:
    term = make_term(dates=make_dates(unit=DayUnit.WORKING))
    moved = moved_dates(term, due_on=day("27/01/2026"), calendar=CALENDAR)
    assert moved == make_dates(due="27/01/2026", locks="06/02/2026", unit=DayUnit.WORKING)
    undated = moved_dates(make_term(dates=make_dates(due=None)), due_on=day("27/01/2026"), calendar=CALENDAR)
    assert undated.locks_at == end("30/01/2026")
    assert moved_dates(term, due_on=day("04/01/2027"), calendar=CALENDAR).projected


def test_the_dates_of_a_plans_window() -> None:
    opens, locks = local("05/01/2026"), end("30/01/2026")
    deadline = Deadline(last_on=day("20/01/2026"), at=local("20/01/2026 17:00"), nominal_on=day("20/01/2026"), projected=True)
    dates = dates_of(deadline, opens_at=opens, locks_at=locks, unit=DayUnit.WORKING)
    due_at = local("20/01/2026 17:00")
    assert dates == Dates(opens_at=opens, due_on=day("20/01/2026"), due_at=due_at, locks_at=locks, unit=DayUnit.WORKING, projected=True)
    assert dates_of(None, opens_at=opens, locks_at=locks, unit=DayUnit.CALENDAR) == Dates(opens_at=opens, locks_at=locks)


@pytest.mark.parametrize(
    ("reason", "anew", "follows"),
    [
        pytest.param(TermReason.INITIAL, None, True, id="as launched"),
        pytest.param(TermReason.PLAN, TermReason.INITIAL, True, id="moved by the plan before"),
        pytest.param(TermReason.CALENDAR, TermReason.INITIAL, True, id="moved by the calendar before"),
        pytest.param(TermReason.WITHDRAWAL, TermReason.INITIAL, True, id="withdrawn, with the plan's dates"),
        pytest.param(TermReason.EXTENSION, None, False, id="extended"),
        pytest.param(TermReason.CALENDAR, TermReason.EXTENSION, False, id="extended, then the rungs were moved"),
        pytest.param(TermReason.WITHDRAWAL, TermReason.CORRECTION, False, id="withdrawn, with a correction's dates"),
        pytest.param(TermReason.RE_OPENING, None, False, id="opened again"),
    ],
)
def test_only_dates_that_the_plan_alone_set_follow_it(reason: TermReason, anew: TermReason | None, *, follows: bool) -> None:
    term = make_term(reason=reason, projected_anew=anew)
    planned = make_dates(due="27/01/2026")
    assert term.made_as is (anew or reason)
    assert dates_in_force(term, planned=planned) == (planned if follows else term.dates)
    assert dates_in_force(term, planned=None) == term.dates
