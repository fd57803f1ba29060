"""What was changed of a year while it ran, with reason and document; and its mail, as far as a change touches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import and_, case, func, or_, select

from evaluation.cycles import CycleVerb
from evaluation.obligations import FINAL
from store.outbox.states import MessageState
from store.queries.people import newest_calendar
from store.schema import CALENDAR, CONTACT, CYCLE, JOURNAL, MESSAGE, NOTICE, OBLIGATION

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

REPLAN = "replan"
_CHANGES = (REPLAN, *(verb.value for verb in CycleVerb))
_WAITING = (MessageState.HELD.value, MessageState.QUEUED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class YearChange:
    """A change of the whole of a year."""

    action: str
    at: datetime
    who: str  #: empty for the system
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True, slots=True)
class YearMail:
    """The notices of a year, counted."""

    notices: int
    void: int
    waiting: int  #: not sent, and not void
    owed: int  #: obligations that are not done


@dataclass(frozen=True, kw_only=True, slots=True)
class YearCalendars:
    """Which calendar a year runs by, and which one its authority entered last."""

    in_force: str
    newest: str
    entered_at: datetime


def year_changes(connection: Connection, cycle: int, *, at_most: int = 12) -> list[YearChange]:
    """Return the changes of a year, the latest first; what one obligation alone went through is none. Two queries."""
    query = (
        select(JOURNAL.c.action, JOURNAL.c.at, JOURNAL.c.actor, JOURNAL.c.payload)
        .where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.obligation_id.is_(None), JOURNAL.c.action.in_(_CHANGES))
        .order_by(JOURNAL.c.number.desc())
        .limit(at_most)
    )
    rows = connection.execute(query).all()
    acting = {int(row.actor[1:]) for row in rows if row.actor[1:].isdecimal()}
    names = dict(connection.execute(select(CONTACT.c.id, CONTACT.c.name).where(CONTACT.c.id.in_(acting))).tuples().all())
    found = [(row, orjson.loads(row.payload)) for row in rows]
    return [
        YearChange(
            action=row.action,
            at=row.at,
            who=names.get(int(row.actor[1:]), "") if row.actor[1:].isdecimal() else "",
            reason=said.get("reason", ""),
            basis=said.get("basis", ""),
        )
        for row, said in found
    ]


def year_mail(connection: Connection, cycle: int) -> YearMail:
    """Return how many notices of a year there are, are void, and wait; and how much is still owed. Two queries."""
    waits = and_(NOTICE.c.cancelled.is_(False), or_(NOTICE.c.message_id.is_(None), MESSAGE.c.state.in_(_WAITING)))
    counts = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in (NOTICE.c.cancelled.is_(True), waits)]
    query = select(func.count(), *counts).select_from(NOTICE).outerjoin(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
    notices, void, waiting = connection.execute(query.where(NOTICE.c.cycle_id == cycle)).one()
    final = [state.value for state in FINAL]
    owed = connection.execute(select(func.count()).where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.state.not_in(final))).scalar_one()
    return YearMail(notices=notices, void=void, waiting=waiting, owed=owed)


def year_calendars(connection: Connection, cycle: int, *, authority: int) -> YearCalendars:
    """Return the versions of the calendar of a year that is there. Three queries."""
    in_force = connection.execute(select(CALENDAR.c.version).join(CYCLE, CYCLE.c.calendar_id == CALENDAR.c.id).where(CYCLE.c.id == cycle))
    newest = connection.execute(
        select(CALENDAR.c.version, CALENDAR.c.entered_at).where(CALENDAR.c.id == newest_calendar(connection, authority))
    ).one()
    return YearCalendars(in_force=in_force.scalar_one(), newest=newest.version, entered_at=newest.entered_at)
