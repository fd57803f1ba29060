"""
Voting before and beside a session: who has still to vote on what, when they are told, until when votes are taken.

A session that names the last day of its votes asks for them: on the day it is opened (or a further matter is brought), and again so many
working days before that last day (a setting of the plan, one by default).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime, time

    from evaluation.scores.council import Matter, Member
    from evaluation.scores.rules import CouncilRules
    from evaluation.workdays import Calendar


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
