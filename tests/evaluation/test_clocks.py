"""Clocks: extension within the plan's bounds, suspension and resumption, re-opening after the lock, dates that others move."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.actions import Mark, Move, Remark, evolve
from evaluation.clocks import extend, move_dates, refuse_extension, reopen, resume_clock, suspend
from evaluation.due_rules import DayUnit, FixedDate, Words, end_of
from evaluation.kinds import MessageKind
from evaluation.obligations import State
from evaluation.plans import Extension
from evaluation.submissions import withdraw
from evaluation.terms import TermReason, Turn
from evaluation.transitions import TransitionError
from tests.evaluation.one_duty import (
    CALENDAR,
    after,
    day,
    end,
    in_state,
    local,
    make_dates,
    make_obligation,
    make_setting,
    make_stage,
    make_term,
    marks,
    notified,
    returned,
    rung_days,
    submitted,
    void,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.actions import Action
    from evaluation.obligations import Obligation

ALL = ["T-7", "T-1", "T+0", "T+1", "T+3", "L-1"]
WHY = Remark(reason="bão lũ", basis="12/QĐ-UBND")


# --- extension --------------------------------------------------------------------------------------------------------


def test_an_extension_gives_a_longer_term_and_silences_the_old_rungs() -> None:
    obligation = make_obligation(settled=frozenset({"T-7"}))
    actions = extend(obligation, due_on=day("27/01/2026"), setting=make_setting("14/01/2026 09:00", remark=WHY, granted_by=5))
    term = written(actions)
    assert void(actions) == ALL[1:]
    assert (term.reason, term.number, term.granted_by, term.basis) == (TermReason.EXTENSION, 2, 5, "12/QĐ-UBND")
    assert (term.opens_at, term.due_on, term.due_at) == (local("05/01/2026"), day("27/01/2026"), end("27/01/2026"))
    assert rung_days(term)[:2] == [("T-7", "20/01/2026"), ("T-1", "26/01/2026")]
    assert WHY in actions
    assert notified(actions) == [(MessageKind.EXTENSION_GRANTED, ("officer", "head"))]


def test_the_lock_keeps_its_distance_from_the_extended_due() -> None:
    extended = after(make_obligation(), extend, setting=make_setting("14/01/2026 09:00"), due_on=day("27/01/2026"))
    assert extended.term.locks_at == end("06/02/2026")


def test_the_original_date_stays_visible() -> None:
    extended = after(make_obligation(), extend, setting=make_setting("14/01/2026 09:00"), due_on=day("27/01/2026"))
    assert [(term.reason, term.due_on) for term in extended.terms] == [
        (TermReason.INITIAL, day("20/01/2026")),
        (TermReason.EXTENSION, day("27/01/2026")),
    ]


def test_a_correction_that_is_extended_keeps_its_own_ladder() -> None:
    extended = after(returned(), extend, setting=make_setting("16/01/2026 09:00"), due_on=day("27/01/2026"))
    assert rung_days(extended.term) == [("C-1", "26/01/2026"), ("C+1", "28/01/2026")]


@pytest.mark.parametrize(
    ("bounds", "now", "due_on", "why"),
    [
        pytest.param({}, "14/01/2026 09:00", "20/01/2026", "2026-01-20 is not after the present due date 2026-01-20", id="not longer"),
        pytest.param({}, "28/01/2026 09:00", "27/01/2026", "2026-01-27 has passed", id="into the past"),
        pytest.param({"allowed": False}, "14/01/2026 09:00", "21/01/2026", "the plan allows no extension here", id="none allowed"),
        pytest.param(
            {"at_most_days": 10},
            "14/01/2026 09:00",
            "31/01/2026",
            "10 days past 2026-01-20, its due date without extensions",
            id="a day too many",
        ),
        pytest.param({"at_most_times": 0}, "14/01/2026 09:00", "21/01/2026", r"the plan allows 0 extension\(s\)", id="once too often"),
    ],
)
def test_an_extension_outside_the_plans_bounds_is_refused(bounds: dict[str, Any], now: str, due_on: str, why: str) -> None:
    setting = make_setting(now, stage=make_stage(extension=Extension(**bounds)))
    with pytest.raises(TransitionError, match=f"cannot extend: .*{why}"):
        extend(make_obligation(), due_on=day(due_on), setting=setting)


@pytest.mark.parametrize(
    ("bounds", "now", "due_on"),
    [
        pytest.param({"at_most_days": 10}, "14/01/2026 09:00", "30/01/2026", id="the last day that is allowed"),
        pytest.param({}, "28/01/2026 09:00", "28/01/2026", id="until today, of a duty that is late"),
        pytest.param({"at_most_times": 1}, "14/01/2026 09:00", "21/01/2026", id="the one time that is allowed"),
        pytest.param({}, "14/01/2026 09:00", "30/06/2026", id="without bounds the approver decides"),
    ],
)
def test_an_extension_within_the_plans_bounds_is_granted(bounds: dict[str, Any], now: str, due_on: str) -> None:
    setting = make_setting(now, stage=make_stage(extension=Extension(**bounds)))
    assert written(extend(make_obligation(), due_on=day(due_on), setting=setting)).due_on == day(due_on)


def test_a_second_extension_is_bounded_by_the_turns_own_due_date_and_counted() -> None:
    stage = make_stage(extension=Extension(at_most_days=10, at_most_times=2))
    setting = make_setting("14/01/2026 09:00", stage=stage)
    once = after(make_obligation(), extend, setting=setting, due_on=day("28/01/2026"))
    with pytest.raises(TransitionError, match="10 days past 2026-01-20, its due date without extensions"):
        extend(once, due_on=day("31/01/2026"), setting=setting)
    twice = after(once, extend, setting=setting, due_on=day("29/01/2026"))
    with pytest.raises(TransitionError, match=r"the plan allows 2 extension\(s\)"):
        extend(twice, due_on=day("30/01/2026"), setting=setting)


def test_withdrawing_a_submission_gives_no_room_for_a_further_extension() -> None:
    setting = make_setting("14/01/2026 09:00", stage=make_stage(extension=Extension(at_most_days=10)))
    extended = after(make_obligation(), extend, setting=setting, due_on=day("30/01/2026"))
    taken_back = after(submitted(before=extended), withdraw, setting=make_setting("15/01/2026 09:00"))
    with pytest.raises(TransitionError, match="10 days past 2026-01-20"):
        extend(taken_back, due_on=day("02/02/2026"), setting=setting)


def test_the_days_of_an_extension_are_counted_from_the_turns_own_due() -> None:
    bounded = make_stage(extension=Extension(at_most_days=10))
    late_round = returned("02/03/2026 09:00", before=submitted("27/02/2026 09:00"))
    assert late_round.term.due_on == day("09/03/2026")
    extended = after(late_round, extend, setting=make_setting("03/03/2026 09:00", stage=bounded), due_on=day("19/03/2026"))
    assert extended.term.due_on == day("19/03/2026")
    moved = make_dates(due="30/01/2026")
    replanned = after(make_obligation(), move_dates, setting=make_setting("12/01/2026 09:00"), dates=moved, reason=TermReason.PLAN)
    with pytest.raises(TransitionError, match="10 days past 2026-01-30"):
        extend(replanned, due_on=day("10/02/2026"), setting=make_setting("13/01/2026 09:00", stage=bounded))


def test_a_correction_is_a_turn_with_extensions_of_its_own() -> None:
    """A unit that used up its extensions before it submitted may be given as many for what it is asked to correct."""
    stage = make_stage(extension=Extension(at_most_days=10, at_most_times=1))
    extended = after(make_obligation(), extend, setting=make_setting("14/01/2026 09:00", stage=stage), due_on=day("21/01/2026"))
    again = returned(before=submitted(before=extended))
    assert again.term.due_on == day("22/01/2026")
    with pytest.raises(TransitionError, match="10 days past 2026-01-22"):
        extend(again, due_on=day("02/02/2026"), setting=make_setting("16/01/2026 09:00", stage=stage))
    longer = after(again, extend, setting=make_setting("16/01/2026 09:00", stage=stage), due_on=day("30/01/2026"))
    with pytest.raises(TransitionError, match=r"1 extension\(s\) of one turn"):
        extend(longer, due_on=day("31/01/2026"), setting=make_setting("16/01/2026 10:00", stage=stage))


def test_a_correction_asked_for_while_the_clock_stands_is_a_turn_of_its_own() -> None:
    stage = make_stage(extension=Extension(at_most_times=1))
    extended = after(make_obligation(), extend, setting=make_setting("14/01/2026 09:00", stage=stage), due_on=day("28/01/2026"))
    standing = after(submitted(before=extended), suspend, setting=make_setting("14/01/2026 10:00"))
    running = after(returned(before=standing), resume_clock, setting=make_setting("19/01/2026 09:00"))
    assert running.term.reason is TermReason.RESUMPTION
    longer = after(running, extend, setting=make_setting("19/01/2026 10:00", stage=stage), due_on=day("30/01/2026"))
    assert longer.term.due_on == day("30/01/2026")


@pytest.mark.parametrize("by", ["suspended and resumed", "lapsed and opened again", "submitted and taken back"])
def test_nothing_but_a_return_gives_further_extensions(by: str) -> None:
    stage = make_stage(extension=Extension(at_most_days=10, at_most_times=2))
    at = make_setting("14/01/2026 09:00", stage=stage)
    once = after(make_obligation(), extend, setting=at, due_on=day("28/01/2026"))
    ways = {
        "suspended and resumed": lambda: after(after(once, suspend, setting=at), resume_clock, setting=at),
        "lapsed and opened again": lambda: after(replace(once, state=State.LAPSED), reopen, setting=at, due_on=day("28/01/2026")),
        "submitted and taken back": lambda: after(submitted(before=once), withdraw, setting=at),
    }
    same_turn = ways[by]()
    assert same_turn.term.due_on == day("28/01/2026")
    with pytest.raises(TransitionError, match="10 days past 2026-01-20"):
        extend(same_turn, due_on=day("31/01/2026"), setting=at)
    twice = after(same_turn, extend, setting=at, due_on=day("30/01/2026"))
    with pytest.raises(TransitionError, match=r"2 extension\(s\) of one turn"):
        extend(twice, due_on=day("31/01/2026"), setting=at)


# --- the plan's time of day -------------------------------------------------------------------------------------------

AT_17 = make_stage(due=FixedDate(words=Words.BY, year_offset=0, month=1, day=20, at=time(17)))
DUE_17 = replace(make_dates(), due_at=local("20/01/2026 17:00"))


def test_an_extended_date_keeps_the_plans_time_of_day() -> None:
    obligation = make_obligation(make_term(dates=DUE_17))
    term = after(obligation, extend, setting=make_setting("14/01/2026 09:00", stage=AT_17), due_on=day("27/01/2026")).term
    assert (term.due_on, term.due_at, term.locks_at) == (day("27/01/2026"), local("27/01/2026 17:00"), end("06/02/2026"))


def test_a_date_that_is_opened_again_keeps_the_plans_time_of_day() -> None:
    lapsed = make_obligation(make_term(dates=DUE_17), state=State.LAPSED)
    term = after(lapsed, reopen, setting=make_setting("02/02/2026 09:00", stage=AT_17), due_on=day("10/02/2026")).term
    assert (term.due_on, term.due_at, term.locks_at) == (day("10/02/2026"), local("10/02/2026 17:00"), end("20/02/2026"))


def test_a_resumed_clock_keeps_the_plans_time_of_day() -> None:
    at = make_setting("14/01/2026 09:00", stage=AT_17)
    running = after(after(make_obligation(make_term(dates=DUE_17)), suspend, setting=at), resume_clock, setting=at)
    assert (running.term.due_at, running.term.locks_at) == (DUE_17.due_at, DUE_17.locks_at)
    review = after(after(submitted(stage=AT_17), suspend, setting=at), resume_clock, setting=at).term
    assert review.due_on is not None
    assert review.due_at == end_of(review.due_on, at=None, calendar=CALENDAR), "the hour is the party's, not the receiver's"


def test_a_correction_ends_at_24_00_and_stays_so_when_it_is_extended() -> None:
    again = returned(stage=AT_17)
    longer = after(again, extend, setting=make_setting("16/01/2026 09:00", stage=AT_17), due_on=day("27/01/2026"))
    assert (again.term.due_at, longer.term.due_at) == (end("22/01/2026"), end("27/01/2026"))


@pytest.mark.parametrize(
    ("move", "obligation"),
    [
        pytest.param(extend, make_obligation(), id="extended"),
        pytest.param(reopen, in_state(State.LAPSED), id="opened again"),
    ],
)
def test_today_has_passed_once_the_plans_time_of_day_has(move: Callable[..., tuple[Action, ...]], obligation: Obligation) -> None:
    in_time = move(obligation, due_on=day("02/02/2026"), setting=make_setting("02/02/2026 16:59", stage=AT_17))
    assert written(in_time).due_at == local("02/02/2026 17:00")
    with pytest.raises(TransitionError, match="2026-02-02 17:00 has passed"):
        move(obligation, due_on=day("02/02/2026"), setting=make_setting("02/02/2026 17:00", stage=AT_17))


def test_a_duty_without_due_may_be_given_one() -> None:
    undated = make_obligation(make_term(dates=make_dates(due=None, locks=None)))
    stage = make_stage(extension=Extension(at_most_days=10))
    extended = after(undated, extend, setting=make_setting("14/01/2026 09:00", stage=stage), due_on=day("27/02/2026"))
    assert (extended.term.due_on, extended.term.locks_at) == (day("27/02/2026"), None)


def test_an_extension_that_rests_on_a_projected_year_says_so() -> None:
    extended = after(make_obligation(), extend, setting=make_setting("14/01/2026 09:00"), due_on=day("04/01/2027"))
    assert extended.term.projected


def test_a_refused_extension_moves_nothing_and_says_why() -> None:
    obligation = make_obligation()
    actions = refuse_extension(obligation, setting=make_setting("14/01/2026 09:00", remark=WHY))
    assert evolve(obligation, actions) == obligation
    assert WHY in actions
    assert notified(actions) == [(MessageKind.EXTENSION_REFUSED, ("officer",))]


# --- suspension and resumption ----------------------------------------------------------------------------------------


def test_a_suspension_has_no_due_and_an_empty_ladder() -> None:
    obligation = make_obligation(settled=frozenset({"T-7"}))
    actions = suspend(obligation, setting=make_setting("14/01/2026 09:00", remark=WHY))
    term = written(actions)
    assert void(actions) == ALL[1:]
    assert (term.reason, term.turn, term.opens_at) == (TermReason.SUSPENSION, Turn.PARTY, local("05/01/2026"))
    assert (term.due_on, term.due_at, term.locks_at, term.ladder, term.moments) == (None, None, None, "", ())
    assert marks(actions) == [True]
    assert WHY in actions
    assert notified(actions) == [(MessageKind.SUSPENDED, ("officer",))]


@pytest.mark.parametrize(
    ("unit", "suspended", "resumed", "due_on"),
    [
        pytest.param(
            DayUnit.CALENDAR, "14/01/2026 09:00", "26/01/2026 09:00", "02/02/2026", id="six calendar days left, the last a Sunday"
        ),
        pytest.param(DayUnit.CALENDAR, "14/01/2026 09:00", "14/01/2026 16:00", "20/01/2026", id="resumed on the same day: the old date"),
        pytest.param(DayUnit.CALENDAR, "14/01/2026 09:00", "12/02/2026 09:00", "23/02/2026", id="over Tết the remainder rolls forward"),
        pytest.param(DayUnit.WORKING, "14/01/2026 09:00", "26/01/2026 09:00", "30/01/2026", id="four working days left"),
        pytest.param(DayUnit.WORKING, "14/01/2026 09:00", "12/02/2026 09:00", "25/02/2026", id="four working days, counted around Tết"),
        pytest.param(DayUnit.WORKING, "05/01/2026 09:00", "05/01/2026 10:00", "20/01/2026", id="the made-up Saturday 10/01 counts"),
        pytest.param(DayUnit.CALENDAR, "20/01/2026 09:00", "26/01/2026 09:00", "27/01/2026", id="on the last day: a working day is left"),
        pytest.param(DayUnit.WORKING, "20/01/2026 09:00", "26/01/2026 09:00", "27/01/2026", id="none left: a working day at least"),
        pytest.param(DayUnit.CALENDAR, "26/01/2026 09:00", "13/02/2026 09:00", "23/02/2026", id="overdue: a working day, after Tết"),
        pytest.param(DayUnit.WORKING, "26/01/2026 09:00", "28/01/2026 09:00", "29/01/2026", id="overdue in working days: one is left"),
    ],
)
def test_a_resumed_clock_goes_on_with_what_was_left(unit: DayUnit, suspended: str, resumed: str, due_on: str) -> None:
    obligation = make_obligation(make_term(dates=make_dates(unit=unit)))
    standing = after(obligation, suspend, setting=make_setting(suspended))
    running = after(standing, resume_clock, setting=make_setting(resumed))
    assert (running.term.due_on, running.term.due_at) == (day(due_on), end(due_on))
    assert running.term.unit is unit


def test_a_resumed_clock_keeps_its_ladder_and_the_distance_of_its_lock() -> None:
    standing = in_state(State.OPEN, suspended=True)
    actions = resume_clock(standing, setting=make_setting("26/01/2026 09:00", remark=WHY))
    term = written(actions)
    assert (term.reason, term.turn, term.opens_at) == (TermReason.RESUMPTION, Turn.PARTY, local("26/01/2026 09:00"))
    assert (term.due_on, term.locks_at) == (day("02/02/2026"), end("12/02/2026"))  # five days left on 15/01, the last a Saturday
    assert [rung for rung, _ in rung_days(term)] == ALL
    assert Mark(suspended=False) in actions
    assert WHY in actions
    assert notified(actions) == [(MessageKind.RESUMED, ("officer",))]


def test_a_suspended_review_goes_on_as_the_receivers_turn() -> None:
    standing = in_state(State.SUBMITTED, suspended=True)
    assert (standing.term.turn, standing.state) == (Turn.RECEIVER, State.SUBMITTED)
    running = after(standing, resume_clock, setting=make_setting("26/01/2026 09:00"))
    assert (running.term.turn, running.term.due_on, running.suspended) == (Turn.RECEIVER, day("28/01/2026"), False)
    assert [rung for rung, _ in rung_days(running.term)] == ["R-1", "R+1"]


def test_a_clock_without_due_goes_on_without_due() -> None:
    undated = make_obligation(make_term(dates=make_dates(due=None)))
    standing = after(undated, suspend, setting=make_setting("14/01/2026 09:00"))
    running = after(standing, resume_clock, setting=make_setting("26/01/2026 09:00"))
    assert (running.term.due_on, running.term.locks_at, running.term.opens_at) == (None, None, local("26/01/2026 09:00"))


def test_a_mark_without_a_term_of_suspension_cannot_go_on() -> None:
    with pytest.raises(TransitionError, match="its term holds nothing that could go on"):
        resume_clock(make_obligation(suspended=True), setting=make_setting("26/01/2026 09:00"))


# --- re-opening -------------------------------------------------------------------------------------------------------


def test_a_lapsed_duty_is_opened_again_with_a_new_due_and_the_lock_at_the_old_distance() -> None:
    lapsed = replace(in_state(State.LAPSED), settled=frozenset(ALL[:-1]))
    actions = reopen(lapsed, due_on=day("10/02/2026"), setting=make_setting("02/02/2026 09:00", remark=WHY, granted_by=5))
    term = written(actions)
    assert void(actions) == ["L-1"]
    assert evolve(lapsed, actions).state is State.OPEN
    assert (term.reason, term.granted_by, term.basis) == (TermReason.RE_OPENING, 5, "12/QĐ-UBND")
    assert (term.opens_at, term.due_on, term.locks_at) == (local("02/02/2026 09:00"), day("10/02/2026"), end("20/02/2026"))
    assert [rung for rung, _ in rung_days(term)] == ALL
    assert notified(actions) == [(MessageKind.RE_OPENED, ("officer", "head"))]


def test_a_duty_may_be_opened_again_until_today() -> None:
    assert written(reopen(in_state(State.LAPSED), due_on=day("02/02/2026"), setting=make_setting("02/02/2026 09:00"))).due_on == day(
        "02/02/2026"
    )


def test_a_duty_is_not_opened_again_into_the_past() -> None:
    with pytest.raises(TransitionError, match="cannot reopen: 2026-02-01 has passed"):
        reopen(in_state(State.LAPSED), due_on=day("01/02/2026"), setting=make_setting("02/02/2026 09:00"))


@pytest.mark.parametrize(
    ("locks", "now"),
    [
        pytest.param("30/01/2026", "31/01/2026 00:00", id="the lock falls on this moment"),
        pytest.param("30/01/2026", "02/02/2026 09:00", id="the lock has passed"),
    ],
)
def test_a_lock_that_does_not_move_with_the_due_does_not_shut_the_duty_again(locks: str, now: str) -> None:
    undated = make_obligation(make_term(dates=make_dates(due=None, locks=locks)), state=State.LAPSED)
    again = after(undated, reopen, setting=make_setting(now), due_on=day("10/02/2026"))
    assert (again.term.due_on, again.term.locks_at) == (day("10/02/2026"), None)


# --- dates that a plan or a calendar moves ----------------------------------------------------------------------------


def test_moved_dates_compute_the_rungs_anew_and_are_told() -> None:
    obligation = make_obligation(settled=frozenset({"T-7"}))
    moved = make_dates(due="27/01/2026", locks="06/02/2026")
    actions = move_dates(obligation, dates=moved, reason=TermReason.PLAN, setting=make_setting("14/01/2026 09:00", remark=WHY))
    term = written(actions)
    assert void(actions) == ALL[1:]
    assert (term.reason, term.made_as, term.dates, term.turn) == (TermReason.PLAN, TermReason.INITIAL, moved, Turn.PARTY)
    assert rung_days(term)[0] == ("T-7", "20/01/2026")
    assert evolve(obligation, actions).state is State.OPEN
    assert Move(to=State.OPEN) not in actions
    assert notified(actions) == [(MessageKind.DATES_MOVED, ("officer",))]


def test_nobody_is_told_where_the_due_date_stands() -> None:
    moved = make_dates(locks="06/02/2026")
    actions = move_dates(make_obligation(), dates=moved, reason=TermReason.CALENDAR, setting=make_setting("14/01/2026 09:00", remark=WHY))
    assert notified(actions) == []
    assert WHY in actions
    assert written(actions).locks_at == end("06/02/2026")


def test_a_moved_review_stays_the_receivers_turn_and_a_review() -> None:
    under_review = submitted()
    moved = make_dates(due="21/01/2026", locks=None)
    term = written(move_dates(under_review, dates=moved, reason=TermReason.CALENDAR, setting=make_setting("15/01/2026 09:00")))
    assert (term.turn, term.made_as, term.ladder) == (Turn.RECEIVER, TermReason.REVIEW, "review")
    again = written(move_dates(make_obligation(term), dates=make_dates(), reason=TermReason.PLAN, setting=make_setting("16/01/2026 09:00")))
    assert again.made_as is TermReason.REVIEW
