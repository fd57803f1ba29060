"""
Terms: whose turn it is, from when, until when, and the moments of the term's rungs.

A term is written once and never changed: an extension, a correction, a suspension is a further term.
Every question about time is answered by one term and `now`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from evaluation.due_rules import DayUnit, Roll, end_of, rolled
from evaluation.ladders import Moment, rung_moments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from evaluation.due_rules import Deadline
    from evaluation.plans import Plan, TurnRule
    from evaluation.workdays import Calendar


class TermReason(StrEnum):
    """Why a term was written."""

    INITIAL = "initial"  #: the obligation was raised
    CORRECTION = "correction"  #: returned for correction
    SUPPLEMENT = "supplement"  #: parts returned for correction of what was accepted, whose acceptance stands
    EXTENSION = "extension"  #: gia hạn
    SUSPENSION = "suspension"  #: the clock stands
    RESUMPTION = "resumption"  #: the clock goes on
    RE_OPENING = "re-opening"  #: opened again after its lock
    REVIEW = "review"  #: submitted; the receiver's turn
    WITHDRAWAL = "withdrawal"  #: taken back before review
    CALENDAR = "calendar"  #: the working calendar changed
    PLAN = "plan"  #: the plan, or the moment of release, changed


#: Terms whose dates the plan alone set: they follow it when it changes.
BY_PLAN = frozenset({TermReason.INITIAL, TermReason.PLAN, TermReason.CALENDAR})


class Turn(StrEnum):
    """Whose turn it is."""

    PARTY = "party"  #: who owes
    RECEIVER = "receiver"  #: who receives


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a suspension stopped, so that a resumption can go on with it."""

    turn: Turn
    days_left: int | None  #: None: there was no due
    unit: DayUnit
    ladder: str
    locks_after: timedelta | None  #: from due to lock; None: no lock


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One turn of an obligation."""

    number: int
    reason: TermReason
    turn: Turn
    opens_at: datetime | None  #: UTC; None: not known yet
    due_on: date | None  #: last included local date
    due_at: datetime | None  #: UTC; in time means strictly before it
    locks_at: datetime | None  #: UTC; from it on nothing is taken without re-opening
    unit: DayUnit = DayUnit.CALENDAR  #: in which a remainder is counted after a suspension
    ladder: str = ""
    moments: tuple[Moment, ...] = ()
    written_at: datetime  #: business time, UTC
    granted_by: int | None = None  #: contact
    basis: str = ""
    plan_version: int
    calendar_version: str
    projected: bool = False
    held: Held | None = None
    projected_anew: TermReason | None = None  #: where its dates are another term's, kept or projected anew: why that one was written

    @property
    def made_as(self) -> TermReason:
        """Why its dates were first set: that of the term it projects anew, else its own reason."""
        return self.projected_anew or self.reason

    @property
    def dates(self) -> Dates:
        """What it says about time."""
        return Dates(
            opens_at=self.opens_at,
            due_on=self.due_on,
            due_at=self.due_at,
            locks_at=self.locks_at,
            unit=self.unit,
            projected=self.projected,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """What a new term is to say about time."""

    opens_at: datetime | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    locks_at: datetime | None = None
    unit: DayUnit = DayUnit.CALENDAR
    projected: bool = False


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The versions that a term is computed from."""

    plan: Plan
    plan_version: int
    calendar: Calendar


def new_term(  # noqa: PLR0913 -- a term is all of these
    rulebook: Rulebook, *, number: int, reason: TermReason, dates: Dates, now: datetime, turn: Turn = Turn.PARTY, ladder: str = ""
) -> Term:
    """Return a term with its rung moments computed, once."""
    return Term(
        number=number,
        reason=reason,
        turn=turn,
        opens_at=dates.opens_at,
        due_on=dates.due_on,
        due_at=dates.due_at,
        locks_at=dates.locks_at,
        unit=dates.unit,
        ladder=ladder,
        moments=rung_moments(dates, ladder=rulebook.plan.ladder(ladder), calendar=rulebook.calendar, slot=rulebook.plan.slot),
        written_at=now,
        plan_version=rulebook.plan_version,
        calendar_version=rulebook.calendar.version,
        projected=dates.projected,
    )


def counted_dates(rule: TurnRule, *, calendar: Calendar, now: datetime) -> Dates:
    """Return the dates of a turn that begins now: counted from the day after, rolled forward; no count, no due."""
    if rule.count is None:
        return Dates(opens_at=now, unit=rule.unit)
    return due_after(rule.count, unit=rule.unit, calendar=calendar, now=now)


def not_before(counted: Dates, terms: Sequence[Term]) -> Dates:
    """
    Return the dates of a correction, which never ends before the term that it corrects: who hands in early loses no day by it.

    `terms` is the obligation's history until the return; the party's last due among it holds where it is the later one.
    """
    last = next((term for term in reversed(terms) if term.turn is Turn.PARTY and term.reason is not TermReason.SUSPENSION), None)
    if last is None or last.due_at is None or counted.due_at is None or last.due_at <= counted.due_at:
        return counted
    return replace(counted, due_on=last.due_on, due_at=last.due_at, projected=last.projected)


def due_after(count: int, *, unit: DayUnit, calendar: Calendar, now: datetime, at: time | None = None) -> Dates:
    """
    Return the dates of a period of so many days from now: today is not counted, the last day rolls forward.

    At least one working day is left, however small the count. The last day ends at 24:00, or at the time of day given.
    """
    today = calendar.local_date(now)
    end = calendar.add_workdays(today, count) if unit is DayUnit.WORKING else today + timedelta(days=count)
    due_on = max(rolled(end, roll=Roll.FORWARD, calendar=calendar), calendar.add_workdays(today, 1))
    return Dates(
        opens_at=now,
        due_on=due_on,
        due_at=end_of(due_on, at=at, calendar=calendar),
        unit=unit,
        projected=calendar.projected_in(today, due_on),
    )


def dates_of(deadline: Deadline | None, *, opens_at: datetime | None, locks_at: datetime | None, unit: DayUnit) -> Dates:
    """Return the dates of a plan's window."""
    if deadline is None:
        return Dates(opens_at=opens_at, locks_at=locks_at, unit=unit)
    return Dates(opens_at=opens_at, due_on=deadline.last_on, due_at=deadline.at, locks_at=locks_at, unit=unit, projected=deadline.projected)


def turn_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """
    Return the terms of the party's last turn, in order, out of an obligation's whole history.

    A turn begins when the obligation is raised and with each return for correction; a submission taken back goes on with the turn before.
    """
    party = [term for term in terms if term.turn is Turn.PARTY]
    after_review = {now.number for before, now in pairwise(terms) if before.turn is Turn.RECEIVER and now.turn is Turn.PARTY}
    begins = [term.number for term in party if term.number in after_review and term.reason is not TermReason.WITHDRAWAL]
    return tuple(term for term in party if not begins or term.number >= begins[-1])


def corrected_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return what came before the party's last turn: the terms that its correction corrects."""
    begins = turn_terms(terms)[0].number
    return tuple(term for term in terms if term.number < begins)


def is_supplement(terms: Sequence[Term]) -> bool:
    """Return whether the party's last turn mends parts of what was accepted already."""
    return turn_terms(terms)[0].reason is TermReason.SUPPLEMENT


def days_extended(terms: Sequence[Term]) -> int:
    """Return by how many days the extensions among these terms moved the due date in all; where there was none, by none."""
    pairs = ((before.due_on, now.due_on) for before, now in pairwise(terms) if now.reason is TermReason.EXTENSION)
    return sum((late - early).days for early, late in pairs if early is not None and late is not None)


def dates_in_force(term: Term, *, planned: Dates | None) -> Dates:
    """Return the plan's dates where the plan alone set the term's and has any, else the term's own."""
    return planned if planned is not None and term.made_as in BY_PLAN else term.dates


def moved_dates(term: Term, *, due_on: date, calendar: Calendar, at: time | None = None) -> Dates:
    """Return the term's dates with another due date, which ends at 24:00 or at the time given; the lock keeps its distance from the due."""
    due_at = end_of(due_on, at=at, calendar=calendar)
    return Dates(
        opens_at=term.opens_at,
        due_on=due_on,
        due_at=due_at,
        locks_at=due_at + gap if (gap := lock_gap(term)) is not None else term.locks_at,
        unit=term.unit,
        projected=calendar.projected_in(due_on, due_on),
    )


def lock_gap(term: Term) -> timedelta | None:
    """Return the time from due to lock, where the term has both."""
    return None if term.locks_at is None or term.due_at is None else term.locks_at - term.due_at


def hold(term: Term, *, calendar: Calendar, now: datetime) -> Held:
    """Return what is left of a term that is suspended now: days after today up to its due, in its own unit."""
    left = None
    if term.due_on is not None:
        left = days_between(calendar.local_date(now), term.due_on, unit=term.unit, calendar=calendar)
    return Held(turn=term.turn, days_left=left, unit=term.unit, ladder=term.ladder, locks_after=lock_gap(term))


def days_between(today: date, last: date, *, unit: DayUnit, calendar: Calendar) -> int:
    """Return how many days after today are left up to and including the last; negative if it is over."""
    if unit is DayUnit.CALENDAR:
        return (last - today).days
    one = timedelta(days=1)
    if last >= today:
        return sum(1 for _ in calendar.workdays(today + one, last + one))
    return -sum(1 for _ in calendar.workdays(last + one, today + one))


def resumed_dates(held: Held, *, calendar: Calendar, now: datetime, at: time | None = None) -> Dates:
    """
    Return the dates of a term that goes on: the remainder counted from the day after, at least one working day.

    The last day ends at 24:00, or at the time of day given.
    """
    if held.days_left is None:
        return Dates(opens_at=now, unit=held.unit)
    dates = due_after(held.days_left, unit=held.unit, calendar=calendar, now=now, at=at)
    if held.locks_after is None or dates.due_at is None:
        return dates
    return Dates(
        opens_at=now,
        due_on=dates.due_on,
        due_at=dates.due_at,
        locks_at=dates.due_at + held.locks_after,
        unit=held.unit,
        projected=dates.projected,
    )
