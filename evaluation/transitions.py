"""
Transitions: the moves that people make on an obligation.

Each function returns the actions of one move, or raises `TransitionError` that says why not and what is allowed.
The life of an obligation is drawn in docs/states.md; `ALLOWED` is that drawing as data.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.actions import (
    Action,
    AskUpkeep,
    HandOver,
    Mark,
    Move,
    Notify,
    Outcome,
    Remark,
    Settle,
    Submitted,
    Told,
    Urged,
    Write,
    next_number,
    void_rest,
)
from evaluation.audiences import merged
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import FINAL, Obligation, State
from evaluation.terms import Dates, TermReason, Turn, counted_dates, hold, moved_dates, new_term, resumed_dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from evaluation.plans import Stage
    from evaluation.terms import Rulebook, Term


class Verb(StrEnum):
    """What a person can do with an obligation; each is a command."""

    PREPARE = "prepare"
    SEND_BACK = "send-back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse-extension"
    SUSPEND = "suspend"
    RESUME_CLOCK = "resume-clock"
    WAIVE = "waive"
    TRANSFER = "transfer"
    REOPEN = "reopen"
    URGE = "urge"
    MOVE_DUE = "move-due"


_LIVE = frozenset(State) - FINAL
#: In which states each verb is allowed; the conditions beside the state are in the functions.
ALLOWED: dict[Verb, frozenset[State]] = {
    Verb.PREPARE: frozenset({State.OPEN, State.RETURNED}),
    Verb.SEND_BACK: frozenset({State.PREPARED}),
    Verb.SUBMIT: frozenset({State.OPEN, State.PREPARED, State.RETURNED, State.LAPSED}),
    Verb.WITHDRAW: frozenset({State.SUBMITTED}),
    Verb.ACCEPT: frozenset({State.SUBMITTED}),
    Verb.RETURN: frozenset({State.SUBMITTED}),
    Verb.EXTEND: frozenset({State.SCHEDULED, State.OPEN, State.PREPARED, State.RETURNED}),
    Verb.REFUSE_EXTENSION: frozenset({State.SCHEDULED, State.OPEN, State.PREPARED, State.RETURNED}),
    Verb.SUSPEND: _LIVE - {State.SCHEDULED},
    Verb.RESUME_CLOCK: _LIVE - {State.SCHEDULED},
    Verb.WAIVE: _LIVE,
    Verb.TRANSFER: _LIVE,
    Verb.REOPEN: frozenset({State.LAPSED}),
    Verb.URGE: _LIVE - {State.SCHEDULED},
    Verb.MOVE_DUE: _LIVE,
}


_NEEDS_RUNNING_CLOCK = frozenset(Verb) - {Verb.RETURN, Verb.ACCEPT, Verb.WAIVE, Verb.TRANSFER, Verb.RESUME_CLOCK}


class TransitionError(Exception):
    """A move that is not allowed: why not, and what is."""

    def __init__(self, verb: Verb, *, obligation: Obligation, why: str) -> None:
        """Keep the verb, the state and what would be allowed."""
        self.verb, self.state, self.why = verb, obligation.state, why
        self.allowed = tuple(other for other in Verb if obligation.state in ALLOWED[other] and other is not verb)
        allowed = ", ".join(self.allowed) or "nothing"
        super().__init__(f"obligation {obligation.id} cannot {verb}: {why} (it is {obligation.state}; allowed: {allowed})")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a transition needs beside the obligation: its line, the versions, whom audiences mean, and the moment."""

    stage: Stage
    rulebook: Rulebook
    told: Callable[[Audience], Told]
    now: datetime
    remark: Remark = field(default_factory=Remark)
    granted_by: int | None = None


def _check(obligation: Obligation, verb: Verb) -> None:
    if obligation.state not in ALLOWED[verb]:
        raise TransitionError(verb, obligation=obligation, why=f"an obligation that is {obligation.state} does not take it")
    if obligation.suspended and verb in _NEEDS_RUNNING_CLOCK:
        raise TransitionError(verb, obligation=obligation, why="its clock is suspended; resume it first")


def _tell(kind: MessageKind, *audiences: Audience, setting: Setting) -> tuple[Action, ...]:
    heard = merged(setting.told(audience) for audience in audiences)
    return (Notify(kind=kind, recipients=heard.recipients), *(AskUpkeep(subject=subject) for subject in heard.missing))


def _term(obligation: Obligation, *, setting: Setting, reason: TermReason, dates: Dates, ladder: str = "", turn: Turn = Turn.PARTY) -> Term:
    term = new_term(
        setting.rulebook, number=next_number(obligation), reason=reason, dates=dates, now=setting.now, turn=turn, ladder=ladder
    )
    return replace(term, granted_by=setting.granted_by, basis=setting.remark.basis)


def _in_hand(obligation: Obligation) -> State:
    """Return the state of an obligation that is the party's to work on: after a return it stays `returned`."""
    return State.RETURNED if obligation.rounds else State.OPEN


def prepare(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the officer's work handed to the head for signature."""
    _check(obligation, Verb.PREPARE)
    if not setting.stage.sign_off:
        raise TransitionError(Verb.PREPARE, obligation=obligation, why="the plan asks for no signature of the head here; submit it")
    return (Move(to=State.PREPARED), setting.remark, *_tell(MessageKind.AWAITING_HEAD, Audience.HEAD, setting=setting))


def send_back(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the head's refusal to sign; the term goes on."""
    _check(obligation, Verb.SEND_BACK)
    return (Move(to=_in_hand(obligation)), setting.remark, *_tell(MessageKind.SENT_BACK_BY_HEAD, Audience.OFFICER, setting=setting))


def submit(
    obligation: Obligation, *, setting: Setting, received_on: date | None = None, document: str = ""
) -> tuple[Action, ...]:
    """
    Return the submission: it ends the party's turn, whose remaining rungs are void, and begins the receiver's.

    A paper answer is judged late by `received_on`. Where the plan asks for the head's signature, only a prepared one may be
    submitted, or a lapsed one where late submission is taken.
    """
    _check(obligation, Verb.SUBMIT)
    stage = setting.stage
    if stage.sign_off and obligation.state in {State.OPEN, State.RETURNED}:
        raise TransitionError(Verb.SUBMIT, obligation=obligation, why="the head has not signed; prepare it first")
    if obligation.state is State.LAPSED and not stage.accepts_late:
        raise TransitionError(Verb.SUBMIT, obligation=obligation, why="its lock has passed and the stage takes nothing late")
    dates = counted_dates(stage.review, calendar=setting.rulebook.calendar, now=setting.now)
    review = _term(obligation, setting=setting, reason=TermReason.REVIEW, dates=dates, ladder=stage.review.ladder, turn=Turn.RECEIVER)
    late = days_late(obligation.term, received_on=received_on, setting=setting)
    fact = Submitted(days_late=late, received_on=received_on.isoformat() if received_on else "", document=document)
    told = _tell(MessageKind.RECEIVED, Audience.RECEIVER, setting=setting)
    return (*void_rest(obligation), Move(to=State.SUBMITTED), fact, setting.remark, Write(term=review), *told)


def days_late(term: Term, *, received_on: date | None, setting: Setting) -> int:
    """Return by how many calendar days a submission now, or a paper received on a date, misses the term; 0 in time."""
    if term.due_at is None or term.due_on is None:
        return 0
    if received_on is not None:
        return max(0, (received_on - term.due_on).days)
    if setting.now < term.due_at:
        return 0
    return max(1, (setting.rulebook.calendar.local_date(setting.now) - term.due_on).days)


def withdraw(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the submission taken back before review: the old dates, and the rungs still to come."""
    _check(obligation, Verb.WITHDRAW)
    old = obligation.party_term
    coming = tuple(moment for moment in old.moments if moment.at > setting.now)
    term = replace(
        old, number=next_number(obligation), reason=TermReason.WITHDRAWAL, moments=coming, written_at=setting.now, held=None
    )
    return (*void_rest(obligation), Move(to=_in_hand(obligation)), setting.remark, Write(term=term))


def accept(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the end of the obligation: done."""
    _check(obligation, Verb.ACCEPT)
    told = _tell(MessageKind.ACCEPTED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.ACCEPTED), setting.remark, *told)


def return_for_correction(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return a round of correction with its own term; while the clock is suspended the correction waits for it."""
    _check(obligation, Verb.RETURN)
    rule = setting.stage.correction
    dates = counted_dates(rule, calendar=setting.rulebook.calendar, now=setting.now)
    told = _tell(MessageKind.RETURNED_FOR_CORRECTION, Audience.OFFICER, setting=setting)
    head = (*void_rest(obligation), Move(to=State.RETURNED), setting.remark)
    correction = _term(obligation, setting=setting, reason=TermReason.CORRECTION, dates=dates, ladder=rule.ladder)
    if not obligation.suspended:
        return (*head, Write(term=correction), *told)
    held = replace(hold(correction, calendar=setting.rulebook.calendar, now=setting.now), days_left=rule.count)
    waiting = _suspension(obligation, setting=setting)
    return (*head, Write(term=replace(waiting, held=held)), *told)


def _suspension(obligation: Obligation, *, setting: Setting) -> Term:
    dates = Dates(opens_at=obligation.term.opens_at, unit=obligation.term.unit)
    return _term(obligation, setting=setting, reason=TermReason.SUSPENSION, dates=dates, turn=obligation.term.turn)


def extend(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a longer term, within the plan's bounds; the old rungs fall silent, the original stays visible."""
    _check(obligation, Verb.EXTEND)
    term = obligation.term
    if term.due_on is not None and due_on <= term.due_on:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"{due_on} is not after the present due date {term.due_on}")
    if due_on < setting.rulebook.calendar.local_date(setting.now):
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"{due_on} has passed")
    _check_bounds(obligation, due_on=due_on, setting=setting)
    dates = moved_dates(term, due_on=due_on, calendar=setting.rulebook.calendar)
    longer = _term(obligation, setting=setting, reason=TermReason.EXTENSION, dates=dates, ladder=term.ladder)
    told = _tell(MessageKind.EXTENSION_GRANTED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=longer), *told)


def _check_bounds(obligation: Obligation, *, due_on: date, setting: Setting) -> None:
    bounds = setting.stage.extension
    if not bounds.allowed:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why="the plan allows no extension here")
    times = sum(term.reason is TermReason.EXTENSION for term in obligation.terms)
    if bounds.at_most_times is not None and times >= bounds.at_most_times:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"the plan allows {bounds.at_most_times} extension(s)")
    first = next((term.due_on for term in obligation.terms if term.due_on is not None), None)
    if bounds.at_most_days is not None and first is not None and due_on > first + timedelta(days=bounds.at_most_days):
        why = f"the plan allows {bounds.at_most_days} days past the first due date {first}"
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=why)


def refuse_extension(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the refusal of an extension: nothing moves, who owes is told why."""
    _check(obligation, Verb.REFUSE_EXTENSION)
    return (setting.remark, *_tell(MessageKind.EXTENSION_REFUSED, Audience.OFFICER, setting=setting))


def suspend(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the clock stopped: a term without due and with an empty ladder, which keeps what was left."""
    _check(obligation, Verb.SUSPEND)
    held = hold(obligation.term, calendar=setting.rulebook.calendar, now=setting.now)
    term = replace(_suspension(obligation, setting=setting), held=held)
    told = _tell(MessageKind.SUSPENDED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), setting.remark, Mark(suspended=True), Write(term=term), *told)


def resume_clock(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the clock going on with what was left, counted from the day after."""
    _check(obligation, Verb.RESUME_CLOCK)
    held = obligation.term.held
    if not obligation.suspended or held is None:
        raise TransitionError(Verb.RESUME_CLOCK, obligation=obligation, why="its clock is not suspended")
    dates = resumed_dates(held, calendar=setting.rulebook.calendar, now=setting.now)
    term = _term(obligation, setting=setting, reason=TermReason.RESUMPTION, dates=dates, ladder=held.ladder, turn=held.turn)
    told = _tell(MessageKind.RESUMED, Audience.OFFICER, setting=setting)
    return (setting.remark, Mark(suspended=False), Write(term=term), *told)


def waive(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the obligation no longer owed."""
    _check(obligation, Verb.WAIVE)
    told = _tell(MessageKind.WAIVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.WAIVED), setting.remark, *told)


def transfer(obligation: Obligation, *, successor: int, setting: Setting) -> tuple[Action, ...]:
    """Return the obligation passed to the successor of its party; `setting.told` speaks of the successor."""
    _check(obligation, Verb.TRANSFER)
    if successor == obligation.party:
        raise TransitionError(Verb.TRANSFER, obligation=obligation, why="the successor is the party itself")
    told = _tell(MessageKind.HANDED_OVER, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), Move(to=State.TRANSFERRED), HandOver(to=successor), setting.remark, *told)


def reopen(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a lapsed obligation opened again, with a new due and the lock at the old distance from it."""
    _check(obligation, Verb.REOPEN)
    if due_on < setting.rulebook.calendar.local_date(setting.now):
        raise TransitionError(Verb.REOPEN, obligation=obligation, why=f"{due_on} has passed")
    dates = replace(moved_dates(obligation.term, due_on=due_on, calendar=setting.rulebook.calendar), opens_at=setting.now)
    if dates.locks_at is not None and dates.locks_at <= setting.now:
        dates = replace(dates, locks_at=None)
    term = _term(obligation, setting=setting, reason=TermReason.RE_OPENING, dates=dates, ladder=obligation.term.ladder)
    told = _tell(MessageKind.RE_OPENED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), Move(to=State.OPEN), setting.remark, Write(term=term), *told)


def urge(obligation: Obligation, *, by: str, setting: Setting) -> tuple[Action, ...]:
    """
    Return an urging of whoever's turn it is.

    By mail it is a notice; by phone or letter it is a note, and counts as the next rung if the plan says so.
    """
    _check(obligation, Verb.URGE)
    if by == "mail":
        whom = (Audience.RECEIVER,) if obligation.state is State.SUBMITTED else (Audience.OFFICER, Audience.HEAD)
        return (setting.remark, *_tell(MessageKind.URGED, *whom, setting=setting))
    ladder = {rung.key: rung for rung in setting.rulebook.plan.ladder(obligation.term.ladder)}
    waiting = (m for m in obligation.term.moments if m.rung not in obligation.settled and ladder[m.rung].also_by_urging)
    rung = next(waiting, None)
    counted = () if rung is None else (Settle(term=obligation.term.number, rung=rung.rung, outcome=Outcome.NOTICED),)
    return (Urged(by=by, note=setting.remark.reason), *counted)


def move_dates(obligation: Obligation, *, dates: Dates, reason: TermReason, setting: Setting) -> tuple[Action, ...]:
    """
    Return the dates as a changed plan, roster or calendar has them; the rungs are computed anew.

    Who owes is told where the due date moved.
    """
    _check(obligation, Verb.MOVE_DUE)
    old = obligation.term
    term = _term(obligation, setting=setting, reason=reason, dates=dates, ladder=old.ladder, turn=old.turn)
    term = replace(term, projected_anew=old.made_as)
    told = () if old.due_on == dates.due_on else _tell(MessageKind.DATES_MOVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=term), *told)
