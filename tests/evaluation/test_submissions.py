"""Submissions: they end the party's turn and begin the receiver's; what is taken back goes on where it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from evaluation.actions import Move, Remark, Submitted, Write, evolve
from evaluation.clocks import extend
from evaluation.due_rules import DayUnit
from evaluation.kinds import MessageKind
from evaluation.obligations import State
from evaluation.plans import OnTimeBy, TurnRule
from evaluation.submissions import days_late, prepare, send_back, submit, takes_evidence, withdraw
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
    notified,
    returned,
    rung_days,
    submitted,
    void,
    written,
)

UNSIGNED = make_stage(sign_off=False)
STANDARD = [
    ("T-7", "13/01/2026"),
    ("T-1", "19/01/2026"),
    ("T+0", "20/01/2026"),
    ("T+1", "21/01/2026"),
    ("T+3", "23/01/2026"),
    ("L-1", "29/01/2026"),
]


def test_what_the_officer_prepared_awaits_the_head() -> None:
    actions = prepare(make_obligation(), setting=make_setting("14/01/2026 09:00", remark=Remark(reason="xong")))
    assert actions[:2] == (Move(to=State.PREPARED), Remark(reason="xong"))
    assert notified(actions) == [(MessageKind.AWAITING_HEAD, ("head",))]


def test_where_the_plan_asks_for_no_signature_nothing_is_prepared() -> None:
    with pytest.raises(TransitionError, match="asks for no signature of the head here; submit it"):
        prepare(make_obligation(), setting=make_setting("14/01/2026 09:00", stage=UNSIGNED))


def test_what_the_head_sends_back_is_the_officers_again_in_the_same_term() -> None:
    prepared = in_state(State.PREPARED)
    actions = send_back(prepared, setting=make_setting("14/01/2026 09:00", remark=Remark(reason="thiếu")))
    assert actions[:2] == (Move(to=State.OPEN), Remark(reason="thiếu"))
    assert notified(actions) == [(MessageKind.SENT_BACK_BY_HEAD, ("officer",))]
    assert evolve(prepared, actions).terms == prepared.terms


def test_what_the_head_sends_back_after_a_return_stays_returned_and_is_no_further_round() -> None:
    setting = make_setting("16/01/2026 09:00")
    again = after(after(returned(), prepare, setting=setting), send_back, setting=setting)
    assert (again.state, again.rounds) == (State.RETURNED, 1)


@pytest.mark.parametrize(
    ("settled", "rest"),
    [
        pytest.param([], ["T-7", "T-1", "T+0", "T+1", "T+3", "L-1"], id="nothing noticed yet: all rungs are void"),
        pytest.param(["T-7"], ["T-1", "T+0", "T+1", "T+3", "L-1"], id="what was noticed stays noticed"),
        pytest.param(["T-7", "T-1", "T+0", "T+1", "T+3", "L-1"], [], id="after the last rung nothing is left to be void"),
    ],
)
def test_submitting_voids_exactly_the_rest_of_the_ladder(settled: list[str], rest: list[str]) -> None:
    obligation = make_obligation(settled=frozenset(settled))
    actions = submit(obligation, setting=make_setting("14/01/2026 09:00", stage=UNSIGNED))
    assert void(actions) == rest
    assert evolve(obligation, actions).settled == frozenset()  # those of the review


def test_submitting_begins_the_receivers_turn() -> None:
    actions = submit(in_state(State.PREPARED), setting=make_setting("14/01/2026 09:00"), document="12/BC-UBND")
    review = written(actions)
    assert Move(to=State.SUBMITTED) in actions
    assert Submitted(days_late=0, document="12/BC-UBND") in actions
    assert (review.reason, review.turn, review.number) == (TermReason.REVIEW, Turn.RECEIVER, 2)
    assert (review.opens_at, review.due_on, review.due_at, review.locks_at) == (
        local("14/01/2026 09:00"),
        day("19/01/2026"),
        end("19/01/2026"),
        None,
    )
    assert rung_days(review) == [("R-1", "16/01/2026"), ("R+1", "20/01/2026")]
    assert notified(actions) == [(MessageKind.RECEIVED, ("receiver",))]


def test_where_the_stage_gives_no_review_period_the_review_has_no_due_and_an_empty_ladder() -> None:
    review = written(submit(in_state(State.PREPARED), setting=make_setting("14/01/2026 09:00", stage=make_stage(review=TurnRule()))))
    assert (review.due_on, review.due_at, review.locks_at, review.moments) == (None, None, None, ())


def test_a_review_counted_in_calendar_days_rolls_forward_off_tet() -> None:
    stage = make_stage(sign_off=False, review=TurnRule(count=5, unit=DayUnit.CALENDAR, ladder="review"))
    review = written(submit(make_obligation(), setting=make_setting("12/02/2026 09:00", stage=stage)))
    assert review.due_on == day("23/02/2026")


@pytest.mark.parametrize(
    ("now", "late"),
    [
        pytest.param("20/01/2026 23:59", 0, id="in the last minute of the included day"),
        pytest.param("21/01/2026 00:00", 1, id="at 24:00 it is late"),
        pytest.param("23/01/2026 08:00", 3, id="three days late"),
        pytest.param("26/01/2026 08:00", 6, id="days of lateness are calendar days"),
    ],
)
def test_lateness_is_counted_in_days_after_the_due_date(now: str, late: int) -> None:
    assert days_late(make_term(), received_on=None, setting=make_setting(now)) == late


@pytest.mark.parametrize(
    ("now", "received_on", "late"),
    [
        pytest.param("20/01/2026 16:59", None, 0, id="before the hour"),
        pytest.param("20/01/2026 17:00", None, 1, id="at the hour it is late, and one day"),
        pytest.param("21/01/2026 08:00", None, 1, id="the day after is one day late too"),
        pytest.param("22/01/2026 08:00", None, 2, id="two days after"),
        pytest.param("22/01/2026 08:00", "20/01/2026", 0, id="a paper received on the due day is in time, whatever the hour"),
    ],
)
def test_a_due_that_ends_at_an_hour_of_the_day(now: str, received_on: str | None, late: int) -> None:
    term = make_term(dates=make_dates(due_at=local("20/01/2026 17:00")))
    on = None if received_on is None else day(received_on)
    assert days_late(term, received_on=on, setting=make_setting(now)) == late


@pytest.mark.parametrize(
    ("received_on", "late"),
    [
        pytest.param("19/01/2026", 0, id="received before the due date, filed after it"),
        pytest.param("20/01/2026", 0, id="received on the due date"),
        pytest.param("22/01/2026", 2, id="received two days late, filed a week late"),
    ],
)
def test_a_paper_answer_is_judged_by_the_day_it_was_received(received_on: str, late: int) -> None:
    setting = make_setting("29/01/2026 15:00", stage=UNSIGNED)
    obligation = make_obligation()
    actions = submit(obligation, setting=setting, received_on=day(received_on), document="7/BC, 19/01")
    iso = day(received_on).isoformat()
    assert Submitted(days_late=late, received_on=iso, document="7/BC, 19/01") in actions
    assert evolve(obligation, actions).days_late == late


def test_a_term_without_due_is_never_missed() -> None:
    term = make_term(dates=make_dates(due=None))
    assert days_late(term, received_on=None, setting=make_setting("30/06/2026 09:00")) == 0


def test_late_after_a_withdrawal_is_judged_by_the_old_date() -> None:
    taken_back = after(submitted(), withdraw, setting=make_setting("15/01/2026 09:00"))
    again = after(taken_back, submit, setting=make_setting("22/01/2026 09:00", stage=UNSIGNED))
    assert again.days_late == 2


LATE, IN_TIME = "23/01/2026 09:00", "20/01/2026 09:00"
CORRECTED, CORRECTED_LATE = "28/01/2026 09:00", "09/02/2026 09:00"


@pytest.mark.parametrize(
    ("first", "again", "by", "late"),
    [
        pytest.param(LATE, CORRECTED, OnTimeBy.WORST, 3, id="late, then corrected in time: late all the same"),
        pytest.param(IN_TIME, CORRECTED_LATE, OnTimeBy.WORST, 7, id="in time, then corrected late: late"),
        pytest.param(LATE, CORRECTED_LATE, OnTimeBy.WORST, 7, id="late twice: by the worse"),
        pytest.param(IN_TIME, CORRECTED, OnTimeBy.WORST, 0, id="in time twice"),
        pytest.param(LATE, CORRECTED, OnTimeBy.FIRST, 3, id="the first counts, and was late"),
        pytest.param(IN_TIME, CORRECTED_LATE, OnTimeBy.FIRST, 0, id="the first counts, and was in time"),
        pytest.param(LATE, CORRECTED, OnTimeBy.LAST, 0, id="the last counts, and was in time"),
        pytest.param(IN_TIME, CORRECTED_LATE, OnTimeBy.LAST, 7, id="the last counts, and was late"),
    ],
)
def test_which_of_several_submissions_says_whether_it_was_in_time(first: str, again: str, by: OnTimeBy, late: int) -> None:
    stage = make_stage(sign_off=False, on_time_by=by)
    sent_back = returned("26/01/2026 09:00", stage=stage, before=submitted(first, stage=stage))
    resent = submit(sent_back, setting=make_setting(again, stage=stage))
    assert evolve(sent_back, resent).days_late == late
    own = days_late(sent_back.term, received_on=None, setting=make_setting(again))
    assert [one.days_late for one in resent if isinstance(one, Submitted)] == [own]


def test_unless_the_plan_says_otherwise_the_worst_counts() -> None:
    assert make_stage().on_time_by is OnTimeBy.WORST


@pytest.mark.parametrize(
    ("state", "accepts_late", "takes"),
    [
        pytest.param(State.OPEN, True, True, id="in hand"),
        pytest.param(State.RETURNED, True, True, id="returned"),
        pytest.param(State.SUBMITTED, True, False, id="submitted: it stands"),
        pytest.param(State.ACCEPTED, True, False, id="accepted"),
        pytest.param(State.LAPSED, True, True, id="lapsed, and may still be submitted"),
        pytest.param(State.LAPSED, False, False, id="lapsed for good"),
    ],
)
def test_files_may_change_while_the_work_is_in_hand(state: State, *, accepts_late: bool, takes: bool) -> None:
    assert takes_evidence(state, line=make_stage(accepts_late=accepts_late)) is takes


@pytest.mark.parametrize("by", OnTimeBy)
def test_what_was_taken_back_before_the_first_return_counts_neither_way(by: OnTimeBy) -> None:
    stage = make_stage(sign_off=False, on_time_by=by)
    for first, again, late in ((IN_TIME, LATE, 3), (LATE, LATE, 3)):
        taken_back = after(submitted(first, stage=stage), withdraw, setting=make_setting(first, stage=stage))
        assert after(taken_back, submit, setting=make_setting(again, stage=stage)).days_late == late


def test_nothing_is_taken_late_where_the_stage_says_so() -> None:
    strict = make_stage(accepts_late=False)
    with pytest.raises(TransitionError, match="its lock has passed and the stage takes nothing late"):
        submit(in_state(State.LAPSED), setting=make_setting("02/02/2026 09:00", stage=strict))


@pytest.mark.parametrize(
    ("received_on", "taken"),
    [
        pytest.param("30/01/2026", True, id="received on the lock's last day, filed after it"),
        pytest.param("31/01/2026", False, id="received after the lock"),
    ],
)
def test_a_paper_that_came_before_the_lock_is_not_kept_out_by_it(received_on: str, *, taken: bool) -> None:
    setting = make_setting("02/02/2026 09:00", stage=make_stage(accepts_late=False))
    lapsed = in_state(State.LAPSED)
    if taken:
        assert evolve(lapsed, submit(lapsed, setting=setting, received_on=day(received_on))).days_late == 10
        return
    with pytest.raises(TransitionError, match="takes nothing late"):
        submit(lapsed, setting=setting, received_on=day(received_on))


def test_withdrawing_brings_back_the_old_dates_and_only_the_rungs_still_to_come() -> None:
    before = replace(make_term(), granted_by=5, basis="1/QĐ")
    under_review = submitted(before=make_obligation(before))
    actions = withdraw(under_review, setting=make_setting("19/01/2026 07:30"))
    term = written(actions)
    assert void(actions) == ["R-1", "R+1"]
    assert (term.reason, term.turn, term.number, term.written_at) == (TermReason.WITHDRAWAL, Turn.PARTY, 3, local("19/01/2026 07:30"))
    assert term.dates == before.dates
    assert (term.granted_by, term.basis) == (5, "1/QĐ")
    assert rung_days(term) == STANDARD[2:]  # T-1 falls on this very moment: it has come, and is not still to come
    assert evolve(under_review, actions).state is State.OPEN


def test_withdrawing_after_a_return_stays_in_its_round() -> None:
    again = submitted("16/01/2026 09:00", before=returned())
    actions = withdraw(again, setting=make_setting("17/01/2026 09:00"))
    after_it = evolve(again, actions)
    assert (after_it.state, after_it.rounds) == (State.RETURNED, 1)
    assert after_it.term.dates == returned().term.dates
    assert [moment.rung for moment in after_it.term.moments] == ["C-1", "C+1"]


def test_a_withdrawn_duty_has_the_plans_dates_where_the_plan_moved_meanwhile() -> None:
    moved = make_dates(due="27/01/2026", locks="06/02/2026")
    term = written(withdraw(submitted(), setting=make_setting("15/01/2026 09:00"), planned=moved))
    assert term.dates == moved
    assert term.made_as is TermReason.INITIAL  # so that it follows the plan again
    assert [rung for rung, _ in rung_days(term)] == ["T-7", "T-1", "T+0", "T+1", "T+3", "L-1"]


def test_a_date_that_a_person_set_stands_when_the_plan_moves() -> None:
    extended = after(make_obligation(), extend, setting=make_setting("12/01/2026 09:00"), due_on=day("22/01/2026"))
    taken_back = withdraw(submitted(before=extended), setting=make_setting("15/01/2026 09:00"), planned=make_dates(due="30/01/2026"))
    assert written(taken_back).due_on == day("22/01/2026")
    assert written(taken_back).made_as is TermReason.EXTENSION


def test_a_submitted_duty_keeps_who_owes_it_out_of_the_receivers_delay() -> None:
    review = submitted().term
    assert review.locks_at is None
    assert all(moment.at - review.written_at < timedelta(days=7) for moment in review.moments)
    assert Write(term=review) not in withdraw(submitted(), setting=make_setting("15/01/2026 09:00"))
    assert CALENDAR.version == review.calendar_version


def test_a_paper_cannot_have_come_in_tomorrow() -> None:
    setting = make_setting("15/01/2026 10:00")
    prepared = in_state(State.PREPARED)
    assert Move(to=State.SUBMITTED) in submit(prepared, setting=setting, received_on=day("15/01/2026"))
    with pytest.raises(TransitionError, match="2026-01-16, on which the paper is said to have come in, is yet to come"):
        submit(prepared, setting=setting, received_on=day("16/01/2026"))
