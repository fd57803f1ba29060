"""
How much came in in time, month by month: what fell due, and whether it had been submitted by then, late, or not at all.

Counted is the first time that an obligation was due and submitted; a correction asked for later changes nothing of a month that is over.
Where it was returned, the journal says how late the first submission was. Two queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, func, or_, select

from evaluation.actions import Submitted
from evaluation.encoding import decode_action
from evaluation.obligations import State
from evaluation.terms import TermReason, Turn
from store.schema import JOURNAL, OBLIGATION, TERM

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery

_NOT_OWED = (State.WAIVED.value, State.TRANSFERRED.value)


@dataclass(kw_only=True, slots=True)
class Month:
    """What fell due in a month."""

    first: date  #: its first day
    in_time: int = 0
    late: int = 0
    missing: int = 0  #: not submitted yet

    @property
    def number(self) -> int:
        """How much fell due."""
        return self.in_time + self.late + self.missing


def read_trend(connection: Connection, cycle: int, *, now: datetime, visible: bool = False) -> tuple[Month, ...]:
    """Return the months in which anything fell due up to now, the earliest first; `visible`: what its party may see already."""
    first_late = _first_submissions(connection, cycle)
    months: dict[date, Month] = {}
    for row in connection.execute(_query(cycle, now=now, visible=visible)):
        first = row.due_on.replace(day=1)
        month = months.setdefault(first, Month(first=first))
        if row.review is None:
            month.missing += 1
        elif first_late.get(row.id, row.days_late):
            month.late += 1
        else:
            month.in_time += 1
    return tuple(months[first] for first in sorted(months))


def _query(cycle: int, *, now: datetime, visible: bool) -> Select[Any]:
    reviews = _first_reviews(cycle)
    own = _own_terms(cycle, reviews)
    waits = and_(OBLIGATION.c.suspended.is_(True), reviews.c.number.is_(None))
    return (
        select(OBLIGATION.c.id, OBLIGATION.c.days_late, TERM.c.due_on, reviews.c.number.label("review"))
        .select_from(OBLIGATION)
        .join(own, own.c.obligation_id == OBLIGATION.c.id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == own.c.number))
        .outerjoin(reviews, reviews.c.obligation_id == OBLIGATION.c.id)
        .where(OBLIGATION.c.state.not_in(_NOT_OWED), OBLIGATION.c.released.is_(True))
        .where(TERM.c.due_at <= now, ~waits, *_seen(now=now, visible=visible))
    )


def _first_reviews(cycle: int) -> Subquery:
    """Return the term in which each obligation was first with its receiver, unless it was taken back."""
    review, back = TERM.alias("review"), TERM.alias("back")
    next_one = and_(back.c.obligation_id == review.c.obligation_id, back.c.number == review.c.number + 1)
    return (
        select(review.c.obligation_id, func.min(review.c.number).label("number"))
        .join(OBLIGATION, OBLIGATION.c.id == review.c.obligation_id)
        .outerjoin(back, and_(next_one, back.c.reason == TermReason.WITHDRAWAL.value))
        .where(OBLIGATION.c.cycle_id == cycle, review.c.reason == TermReason.REVIEW.value, back.c.number.is_(None))
        .group_by(review.c.obligation_id)
        .subquery("first_review")
    )


def _own_terms(cycle: int, reviews: Subquery) -> Subquery:
    """Return the last term of each obligation's party before that, or at all."""
    own = TERM.alias("own")
    before = or_(reviews.c.number.is_(None), own.c.number < reviews.c.number)
    return (
        select(own.c.obligation_id, func.max(own.c.number).label("number"))
        .join(OBLIGATION, OBLIGATION.c.id == own.c.obligation_id)
        .outerjoin(reviews, reviews.c.obligation_id == own.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle, before)
        .where(own.c.turn == Turn.PARTY.value, own.c.reason != TermReason.SUSPENSION.value)
        .group_by(own.c.obligation_id)
        .subquery("own_term")
    )


def _seen(*, now: datetime, visible: bool) -> tuple[ColumnElement[bool], ...]:
    return (or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now),) if visible else ()


def _first_submissions(connection: Connection, cycle: int) -> dict[int, int]:
    """Return how many days late the first submission was of each obligation that was returned since."""
    query = (
        select(JOURNAL.c.obligation_id, JOURNAL.c.payload)
        .join(OBLIGATION, OBLIGATION.c.id == JOURNAL.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.rounds > 0, JOURNAL.c.action == "submit")
        .order_by(JOURNAL.c.obligation_id, JOURNAL.c.number.desc())
    )
    return {row.obligation_id: days for row in connection.execute(query) if (days := _days_late(row)) is not None}


def _days_late(row: Row[Any]) -> int | None:
    actions = [decode_action(one) for one in orjson.loads(row.payload)["actions"]]
    return next((one.days_late for one in actions if isinstance(one, Submitted)), None)
