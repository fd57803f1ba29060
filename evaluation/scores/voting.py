"""
Voting in and beside a session: who sits in it, who has still to vote on what, when they are told, until when votes are taken.

A session is decided by the council as it stood when it met: a decision that names others later counts from the next session on.

A session that names the last day of its votes asks for them: on the day it is opened (or a further matter is brought), and again so many
working days before that last day (a setting of the plan, one by default).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime, time

    from evaluation.scores.council import Matter, Member
    from evaluation.scores.rules import CouncilRules
    from evaluation.workdays import Calendar


class Seat(Protocol):
    """Somebody's time in the council, from the entry of the decision that named them to that of the one that named others."""

    @property
    def named_at(self) -> datetime:
        """Return since when."""

    @property
    def ended_at(self) -> datetime | None:
        """Return until when; None: still."""


SeatT = TypeVar("SeatT", bound=Seat)


def met_at(held_on: date, opened_at: datetime, *, calendar: Calendar) -> datetime:
    """Return the instant that a session is counted by: its entry, or the end of the day that it was held on where it was entered later."""
    return min(opened_at, calendar.instant(held_on + timedelta(days=1)))


def seated(seats: Sequence[SeatT], *, at: datetime) -> tuple[SeatT, ...]:
    """
    Return who sat in the council at an instant, in order.

    Where nobody was named yet, those who were named first: their decision came before its entry.
    """
    there = tuple(one for one in seats if one.named_at <= at and (one.ended_at is None or at < one.ended_at))
    first = min((one.named_at for one in seats), default=None)
    return there or tuple(one for one in seats if one.named_at == first)


def awaited(members: Sequence[Member], matters: Mapping[Matter, Collection[str]]) -> tuple[str, ...]:
    """Return the members who have not voted on some open matter of those that they may vote on; `matters` names who has."""
    return tuple(
        one.key for one in members if any(not one.is_barred(matter.unit) and one.key not in voted for matter, voted in matters.items())
    )


def ask_moments(opened_on: date, votes_by: date, *, rules: CouncilRules, calendar: Calendar, slot: time) -> tuple[datetime, ...]:
    """Return the instants (UTC) at which those who have not voted are told: of the opening, and the reminder where it comes later."""
    first = calendar.instant(calendar.roll_forward(opened_on), slot)
    again = calendar.instant(calendar.add_workdays(votes_by, -rules.remind_before), slot) if rules.remind_before else None
    return (first,) if again is None or again <= first else (first, again)


def is_asked_now(moments: Sequence[datetime], *, asked_at: datetime | None, now: datetime) -> bool:
    """Return whether those who have not voted are to be told now: a moment has come since they were told last."""
    return any(at <= now and (asked_at is None or asked_at < at) for at in moments)


def takes_votes(*, votes_by: date | None, closed: bool, today: date) -> bool:
    """Return whether a session takes votes of its members on a local date: it is not closed, and its last day is not over."""
    return not closed and (votes_by is None or today <= votes_by)
