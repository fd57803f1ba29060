"""
Obligations: what is owed, in which state, and what can be said of it at a moment.

Late, overdue, uncorrected and due soon are computed from the term and `now`, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.due_rules import DayUnit
from evaluation.terms import TermReason, Turn, days_between

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.terms import Term
    from evaluation.workdays import Calendar


class State(StrEnum):
    """Where an obligation stands."""

    SCHEDULED = "scheduled"  #: raised, not open yet
    OPEN = "open"  #: may be worked on
    PREPARED = "prepared"  #: awaits the head
    SUBMITTED = "submitted"  #: awaits the receiver
    RETURNED = "returned"  #: sent back for correction
    ACCEPTED = "accepted"  #: done
    LAPSED = "lapsed"  #: its lock came before it was submitted
    WAIVED = "waived"  #: no longer owed
    TRANSFERRED = "transferred"  #: owed by the successor


#: Nothing more happens to these.
FINAL = frozenset({State.ACCEPTED, State.WAIVED, State.TRANSFERRED})
#: The party's turn: these lapse at the lock.
IN_HAND = frozenset({State.OPEN, State.PREPARED, State.RETURNED})


class Punctuality(StrEnum):
    """What a term and a moment say together: còn hạn, sắp đến hạn, quá hạn, hoàn thành đúng hạn, hoàn thành trễ hạn."""

    NO_DUE = "no_due"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    NOT_OWED = "not_owed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Obligation:
    """What one party owes about one subject, as the rules see it."""

    id: int
    stage: str  #: key of the stage
    party: int
    subject: str  #: a period, a finding, an appraised unit …; empty where there is one only
    state: State = State.SCHEDULED
    suspended: bool = False
    released: bool = True  #: its stage waits for nothing (any more)
    rounds: int = 0  #: how often it was returned for correction
    moves: int = 0  #: how many journaled moves it has made
    days_late: int | None = None  #: as its submissions count by the plan; 0 in time; None not submitted
    terms: tuple[Term, ...]  #: in order; where only the current one is needed, only that one
    settled: frozenset[str] = frozenset()  #: rungs of the current term that have their row

    @property
    def term(self) -> Term:
        """The current term."""
        return self.terms[-1]

    @property
    def party_term(self) -> Term:
        """The last term in which it was the party's turn."""
        return next(term for term in reversed(self.terms) if term.turn is Turn.PARTY and term.reason is not TermReason.SUSPENSION)


def is_silent(obligation: Obligation) -> bool:
    """Return whether no rung may be noticed: it is done, not owed, suspended, or its stage waits."""
    return obligation.state in FINAL or obligation.suspended or not obligation.released


def next_at(obligation: Obligation) -> datetime | None:
    """Return the first instant at which the tick has something to do; None if it has to wait for people."""
    if is_silent(obligation):
        return None
    term = obligation.term
    if obligation.state is State.SCHEDULED:
        return term.opens_at
    settled = obligation.settled
    upcoming = [moment.at for moment in term.moments if moment.rung not in settled]
    if obligation.state in IN_HAND and term.locks_at is not None:
        upcoming.append(term.locks_at)
    return min(upcoming, default=None)


def is_overdue(obligation: Obligation, *, now: datetime) -> bool:
    """Return whether whoever's turn it is has let the due moment pass; one that is silent is nobody's turn."""
    due_at = obligation.term.due_at
    return not is_silent(obligation) and due_at is not None and due_at <= now


def is_late(obligation: Obligation, *, now: datetime) -> bool:
    """Return whether the party (not the receiver) is late now."""
    return is_overdue(obligation, now=now) and obligation.term.turn is Turn.PARTY


def is_uncorrected(obligation: Obligation, *, now: datetime) -> bool:
    """Return whether it was returned and its correction is overdue."""
    return obligation.rounds > 0 and is_late(obligation, now=now)


def punctuality(obligation: Obligation, *, now: datetime, calendar: Calendar, soon: int = 3) -> Punctuality:
    """Return what can be said of it now; due soon means at most so many working days left."""
    if obligation.state in {State.WAIVED, State.TRANSFERRED}:
        return Punctuality.NOT_OWED
    if obligation.days_late is not None and obligation.state in {State.SUBMITTED, State.ACCEPTED}:
        return Punctuality.DONE_LATE if obligation.days_late else Punctuality.DONE_IN_TIME
    term = obligation.term
    if term.due_at is None or term.due_on is None:
        return Punctuality.NO_DUE
    if term.due_at <= now:
        return Punctuality.OVERDUE
    return Punctuality.DUE_SOON if _workdays_left(term, calendar=calendar, now=now) <= soon else Punctuality.IN_TIME


def _workdays_left(term: Term, *, calendar: Calendar, now: datetime) -> int:
    assert term.due_on is not None  # noqa: S101
    return days_between(calendar.local_date(now), term.due_on, unit=DayUnit.WORKING, calendar=calendar)
