"""Obligations: late, overdue, uncorrected, due soon follow from the term and `now`; and when the tick is wanted next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.obligations import (
    FINAL,
    IN_HAND,
    Punctuality,
    State,
    is_late,
    is_overdue,
    is_silent,
    is_uncorrected,
    next_at,
    punctuality,
)
from evaluation.terms import TermReason, Turn
from tests.evaluation.one_duty import (
    CALENDAR,
    end,
    in_state,
    local,
    make_dates,
    make_obligation,
    make_term,
    returned,
    submitted,
)

ALL = frozenset({"T-7", "T-1", "T+0", "T+1", "T+3", "L-1"})


def test_states_are_grouped_by_meaning() -> None:
    assert {State.ACCEPTED, State.WAIVED, State.TRANSFERRED} == FINAL
    assert {State.OPEN, State.PREPARED, State.RETURNED} == IN_HAND


@pytest.mark.parametrize("state", State)
def test_a_duty_that_is_over_is_silent(state: State) -> None:
    assert is_silent(in_state(state)) is (state in {State.ACCEPTED, State.WAIVED, State.TRANSFERRED})


def test_a_suspended_or_waiting_duty_is_silent() -> None:
    assert is_silent(in_state(State.OPEN, suspended=True))
    assert is_silent(make_obligation(released=False))


@pytest.mark.parametrize(
    ("state", "settled", "at"),
    [
        pytest.param(State.SCHEDULED, frozenset(), "05/01/2026 00:00", id="scheduled: its opening, whatever the rungs"),
        pytest.param(State.OPEN, frozenset(), "13/01/2026 07:30", id="open: the first rung"),
        pytest.param(State.OPEN, frozenset({"T-7"}), "19/01/2026 07:30", id="open: the first rung without a row"),
        pytest.param(State.PREPARED, ALL, "31/01/2026 00:00", id="prepared, all rungs ended: the lock"),
        pytest.param(State.RETURNED, ALL, "31/01/2026 00:00", id="returned: the lock too"),
        pytest.param(State.LAPSED, ALL - {"L-1"}, "29/01/2026 07:30", id="lapsed: the ladder goes on"),
        pytest.param(State.LAPSED, ALL, None, id="lapsed: no second lock"),
        pytest.param(State.ACCEPTED, frozenset(), None, id="accepted: nothing"),
    ],
)
def test_next_at(state: State, settled: frozenset[str], at: str | None) -> None:
    assert next_at(make_obligation(state=state, settled=settled)) == (None if at is None else local(at))


def test_nothing_is_next_of_a_silent_duty() -> None:
    assert next_at(make_obligation(released=False)) is None
    assert next_at(in_state(State.OPEN, suspended=True)) is None


def test_a_submitted_duty_never_lapses() -> None:
    review = replace(submitted().term, locks_at=end("30/01/2026"))
    assert next_at(make_obligation(make_term(), review, state=State.SUBMITTED, settled=frozenset({"R-1", "R+1"}))) is None


@pytest.mark.parametrize(
    ("now", "overdue"),
    [pytest.param("20/01/2026 23:59", False, id="in its last minute"), pytest.param("21/01/2026 00:00", True, id="from 24:00 on")],
)
def test_overdue_begins_with_the_due_moment(now: str, *, overdue: bool) -> None:
    assert is_overdue(make_obligation(), now=local(now)) is overdue
    assert is_late(make_obligation(), now=local(now)) is overdue


@pytest.mark.parametrize(
    "state", [pytest.param(state, id=f"{state}") for state in (State.SCHEDULED, State.OPEN, State.PREPARED, State.LAPSED)]
)
def test_a_duty_is_late_in_every_state_before_submission(state: State) -> None:
    assert is_late(in_state(state), now=local("02/03/2026"))
    assert not is_uncorrected(in_state(state), now=local("02/03/2026"))


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_is_over_is_not_overdue(state: State) -> None:
    assert not is_overdue(in_state(state), now=local("02/03/2026"))


def test_after_submission_the_delay_is_the_receivers() -> None:
    assert is_overdue(submitted(), now=local("20/01/2026"))
    assert not is_late(submitted(), now=local("20/01/2026"))


def test_a_suspended_duty_is_not_overdue() -> None:
    assert not is_overdue(make_obligation(suspended=True), now=local("02/03/2026"))


def test_a_duty_whose_stage_waits_is_not_overdue() -> None:
    assert not is_overdue(make_obligation(state=State.SCHEDULED, released=False), now=local("02/03/2026"))


def test_a_duty_without_due_is_never_overdue() -> None:
    assert not is_overdue(make_obligation(make_term(dates=make_dates(due=None))), now=local("02/03/2026"))


def test_the_partys_term_is_the_last_in_which_it_was_its_turn() -> None:
    assert submitted().party_term.reason is TermReason.INITIAL
    assert returned().party_term.reason is TermReason.CORRECTION
    standing = in_state(State.OPEN, suspended=True)
    assert (standing.term.turn, standing.party_term.reason) == (Turn.PARTY, TermReason.INITIAL)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param("14/01/2026 09:00", Punctuality.IN_TIME, id="còn hạn: four working days left"),
        pytest.param("15/01/2026 09:00", Punctuality.DUE_SOON, id="sắp đến hạn: three working days left"),
        pytest.param("20/01/2026 23:59", Punctuality.DUE_SOON, id="the last minute"),
        pytest.param("21/01/2026 00:00", Punctuality.OVERDUE, id="quá hạn"),
    ],
)
def test_punctuality_of_a_running_term(now: str, said: Punctuality) -> None:
    assert punctuality(make_obligation(), now=local(now), calendar=CALENDAR) is said


def test_how_soon_is_soon_is_a_setting() -> None:
    assert punctuality(make_obligation(), now=local("15/01/2026 09:00"), calendar=CALENDAR, soon=2) is Punctuality.IN_TIME


@pytest.mark.parametrize(
    ("state", "days_late", "said"),
    [
        pytest.param(State.SUBMITTED, 0, Punctuality.DONE_IN_TIME, id="submitted in time: hoàn thành đúng hạn"),
        pytest.param(State.ACCEPTED, 3, Punctuality.DONE_LATE, id="submitted late, then accepted: hoàn thành trễ hạn"),
        pytest.param(State.OPEN, 0, Punctuality.OVERDUE, id="withdrawn: the term counts again"),
        pytest.param(State.RETURNED, 0, Punctuality.OVERDUE, id="returned: the correction's term counts"),
        pytest.param(State.WAIVED, None, Punctuality.NOT_OWED, id="waived: không áp dụng"),
        pytest.param(State.TRANSFERRED, 3, Punctuality.NOT_OWED, id="passed to a successor"),
        pytest.param(State.LAPSED, None, Punctuality.OVERDUE, id="lapsed"),
    ],
)
def test_punctuality_of_a_state(state: State, days_late: int | None, said: Punctuality) -> None:
    obligation = make_obligation(state=state, days_late=days_late)
    assert punctuality(obligation, now=local("02/03/2026"), calendar=CALENDAR) is said


def test_without_due_nothing_is_said() -> None:
    undated = make_obligation(make_term(dates=make_dates(due=None)))
    assert punctuality(undated, now=local("02/03/2026"), calendar=CALENDAR) is Punctuality.NO_DUE
    assert punctuality(in_state(State.OPEN, suspended=True), now=local("02/03/2026"), calendar=CALENDAR) is Punctuality.NO_DUE
