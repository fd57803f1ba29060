"""Votes that wait for somebody: what is open in the councils that they are members of, as today's page lists it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from evaluation.scores.voting import met_at, seated
from store.calendars import load_calendar
from store.schema import (
    COUNCIL_CONFLICT,
    COUNCIL_MATTER,
    COUNCIL_MEMBER,
    COUNCIL_SESSION,
    COUNCIL_VOTE,
    CYCLE,
    OBLIGATION,
    PARTY,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Connection, Select

    from store.session import Store


_SESSION = (CYCLE.c.calendar_id, *(COUNCIL_SESSION.c[name] for name in ("number", "votes_by", "held_on", "at")))


@dataclass(frozen=True, kw_only=True)
class _Seat:
    contact: int
    named_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class VotesWaiting:
    """A session that waits for votes of somebody."""

    council: int  #: its obligation
    name: str
    session: int  #: number
    matters: int  #: on which they have not voted, and may
    votes_by: date | None  #: last local day; None: until the session is closed


def votes_waiting(store: Store, connection: Connection, contacts: Collection[int], *, today: date) -> list[VotesWaiting]:
    """Return the sessions that wait for votes of these contacts, who sit in them, on a local date; the soonest to end first."""
    rows = connection.execute(_of(contacts).where(or_(COUNCIL_SESSION.c.votes_by.is_(None), COUNCIL_SESSION.c.votes_by >= today))).all()
    seats: dict[int, list[_Seat]] = defaultdict(list)
    for row in connection.execute(select(COUNCIL_MEMBER).where(COUNCIL_MEMBER.c.obligation_id.in_({row.id for row in rows}))):
        seats[row.obligation_id].append(_Seat(contact=row.contact_id, named_at=row.named_at, ended_at=row.ended_at))
    matters: Counter[tuple[int, str, int, date | None]] = Counter()
    for row in rows:
        calendar = load_calendar(store, connection, row.calendar_id)
        sitting = seated(seats[row.id], at=met_at(row.held_on, row.at, calendar=calendar))
        if any(one.contact == row.contact_id for one in sitting):
            matters[row.id, row.name, row.number, row.votes_by] += row.matters
    found = [VotesWaiting(council=key[0], name=key[1], session=key[2], matters=count, votes_by=key[3]) for key, count in matters.items()]
    return sorted(found, key=lambda one: (one.votes_by is None, one.votes_by, one.council, one.session))


def _of(contacts: Collection[int]) -> Select[Any]:
    """Return how many matters of each session wait for each of these contacts who is in office."""
    member, matter = COUNCIL_MEMBER.c, COUNCIL_MATTER.c
    voted = select(COUNCIL_VOTE.c.matter_id).where(COUNCIL_VOTE.c.contact_id == member.contact_id, COUNCIL_VOTE.c.matter_id == matter.id)
    barred = select(COUNCIL_CONFLICT.c.unit_id).where(
        COUNCIL_CONFLICT.c.obligation_id == member.obligation_id,
        COUNCIL_CONFLICT.c.contact_id == member.contact_id,
        COUNCIL_CONFLICT.c.unit_id == matter.unit_id,
    )
    return (
        select(OBLIGATION.c.id, PARTY.c.name, *_SESSION, member.contact_id, func.count().label("matters"))
        .select_from(COUNCIL_MEMBER)
        .join(OBLIGATION, OBLIGATION.c.id == member.obligation_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.obligation_id == OBLIGATION.c.id)
        .join(COUNCIL_MATTER, matter.session_id == COUNCIL_SESSION.c.id)
        .where(member.contact_id.in_(contacts), member.ended_at.is_(None), COUNCIL_SESSION.c.closed_at.is_(None), matter.outcome == "")
        .where(or_(matter.unit_id.is_(None), member.unit_id.is_(None), matter.unit_id != member.unit_id), ~voted.exists(), ~barred.exists())
        .group_by(OBLIGATION.c.id, PARTY.c.name, COUNCIL_SESSION.c.id, *_SESSION, member.contact_id)
    )
