"""Submissions: what who owes does with the work in hand: prepare, send back, submit, take back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.actions import Action, Move, Submitted, Write, void_rest
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import IN_HAND, Obligation, State
from evaluation.plans import OnTimeBy
from evaluation.terms import Dates, TermReason, Turn, counted_dates, dates_in_force, is_supplement
from evaluation.transitions import Setting, TransitionError, Verb, further_term, notices, require_allowed, state_in_hand

if TYPE_CHECKING:
    from datetime import date

    from evaluation.plans import Stage
    from evaluation.terms import Term


def prepare(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the officer's work handed to the head for signature."""
    require_allowed(obligation, Verb.PREPARE)
    if not setting.stage.sign_off:
        raise TransitionError(Verb.PREPARE, obligation=obligation, why="the plan asks for no signature of the head here; submit it")
    return (Move(to=State.PREPARED), setting.remark, *notices(MessageKind.AWAITING_HEAD, Audience.HEAD, setting=setting))


def send_back(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the head's refusal to sign; the term goes on."""
    require_allowed(obligation, Verb.SEND_BACK)
    return (Move(to=state_in_hand(obligation)), setting.remark, *notices(MessageKind.SENT_BACK_BY_HEAD, Audience.OFFICER, setting=setting))


def submit(
    obligation: Obligation, *, setting: Setting, received_on: date | None = None, document: str = "", content: str = ""
) -> tuple[Action, ...]:
    """
    Return the submission: it ends the party's turn, whose remaining rungs are void, and begins the receiver's.

    Its own lateness is said, and that which counts with it by the plan. `content` is the digest of its text. A paper answer is judged by
    `received_on`, its lateness and the lock alike. Where the plan asks for the head's signature, only a prepared one may be submitted, or a
    lapsed one where late submission is taken. What mends parts of something accepted is accepted with it: its receiver has no further turn.
    """
    require_allowed(obligation, Verb.SUBMIT)
    stage = setting.stage
    if received_on is not None and received_on > setting.rulebook.calendar.local_date(setting.now):
        raise TransitionError(
            Verb.SUBMIT, obligation=obligation, why=f"{received_on}, on which the paper is said to have come in, is yet to come"
        )
    if stage.sign_off and obligation.state in {State.OPEN, State.RETURNED}:
        raise TransitionError(Verb.SUBMIT, obligation=obligation, why="the head has not signed; prepare it first")
    if obligation.state is State.LAPSED and not stage.accepts_late and not _came_before_lock(obligation.term, received_on, setting=setting):
        raise TransitionError(Verb.SUBMIT, obligation=obligation, why="its lock has passed and the stage takes nothing late")
    late = days_late(obligation.term, received_on=received_on, setting=setting)
    counted = counted_days(obligation, late, by=stage.on_time_by)
    fact = Submitted(
        days_late=late,
        counted=None if counted == late else counted,
        received_on=received_on.isoformat() if received_on else "",
        document=document,
        content=content,
    )
    stands = is_supplement(obligation.terms)
    move = Move(to=State.ACCEPTED if stands else State.SUBMITTED)
    told = () if stands else notices(MessageKind.RECEIVED, Audience.RECEIVER, setting=setting)
    return (*void_rest(obligation), move, fact, setting.remark, Write(term=_review(obligation, setting=setting, stands=stands)), *told)


def _review(obligation: Obligation, *, setting: Setting, stands: bool) -> Term:
    """Return the receiver's term; where an earlier acceptance stands the receiver has nothing to do, by no date."""
    rule = setting.stage.review
    dates = Dates(opens_at=setting.now) if stands else counted_dates(rule, calendar=setting.rulebook.calendar, now=setting.now)
    return further_term(obligation, setting=setting, reason=TermReason.REVIEW, dates=dates, ladder=rule.ladder, turn=Turn.RECEIVER)


def _came_before_lock(term: Term, received_on: date | None, *, setting: Setting) -> bool:
    """Return whether a paper was received by the last day before the lock, however late it is filed."""
    return received_on is not None and term.locks_at is not None and received_on <= setting.rulebook.calendar.last_date(term.locks_at)


def days_late(term: Term, *, received_on: date | None, setting: Setting) -> int:
    """Return by how many calendar days a submission now, or a paper received on a date, misses the term; 0 in time."""
    if term.due_at is None or term.due_on is None:
        return 0
    if received_on is not None:
        return max(0, (received_on - term.due_on).days)
    if setting.now < term.due_at:
        return 0
    return max(1, (setting.rulebook.calendar.local_date(setting.now) - term.due_on).days)


def takes_evidence(state: State, *, line: Stage) -> bool:
    """Return whether files may be added or withdrawn: only while the work is in the party's hands, so that what was submitted stands."""
    return state in IN_HAND or (state is State.LAPSED and line.accepts_late)


def counted_days(obligation: Obligation, late: int, *, by: OnTimeBy) -> int:
    """
    Return by how many days an obligation counts as late once it is submitted so late: `first-sent, returned, re-sent`, by the plan.

    Before the first return nothing that was sent stands: whatever there was, was taken back.
    """
    before = obligation.days_late if obligation.rounds else None
    if before is None or by is OnTimeBy.LAST:
        return late
    return before if by is OnTimeBy.FIRST else max(before, late)


def withdraw(obligation: Obligation, *, setting: Setting, planned: Dates | None = None) -> tuple[Action, ...]:
    """
    Return the submission taken back before review: the old dates, and the rungs still to come.

    Where the plan alone had set the old dates, `planned` (what it says now) takes their place.
    """
    require_allowed(obligation, Verb.WITHDRAW)
    old = obligation.party_term
    dates = dates_in_force(old, planned=planned)
    term = further_term(obligation, setting=setting, reason=TermReason.WITHDRAWAL, dates=dates, ladder=old.ladder)
    coming = tuple(moment for moment in term.moments if moment.at > setting.now)
    term = replace(term, projected_anew=old.made_as, moments=coming, granted_by=old.granted_by, basis=old.basis)
    return (*void_rest(obligation), Move(to=state_in_hand(obligation)), setting.remark, Write(term=term))
