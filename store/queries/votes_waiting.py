"""Votes that wait for somebody: what is open in the councils that they are members of, as today's page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from store.schema import (
    COUNCIL_CONFLICT,
    COUNCIL_MATTER,
    COUNCIL_MEMBER,
    COUNCIL_SESSION,
    COUNCIL_VOTE,
    OBLIGATION,
    PARTY,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, kw_only=True)
class VotesWaiting:
    """A session that waits for votes of somebody."""

    council: int  #: its obligation
    name: str
    session: int  #: number
    matters: int  #: on which they have not voted, and may
    votes_by: date | None  #: last local day; None: until the session is closed


def votes_waiting(connection: Connection, contacts: Collection[int], *, today: date) -> list[VotesWaiting]:
    """Return the sessions that wait for votes of these contacts on a local date, the soonest to end first."""
    rows = connection.execute(_of(contacts).where(or_(COUNCIL_SESSION.c.votes_by.is_(None), COUNCIL_SESSION.c.votes_by >= today))).all()
    found = [VotesWaiting(council=row.id, name=row.name, session=row.number, matters=row.matters, votes_by=row.votes_by) for row in rows]
    return sorted(found, key=lambda one: (one.votes_by is None, one.votes_by, one.council, one.session))


def _of(contacts: Collection[int]) -> Select[tuple[int, str, int, int, date | None]]:
    member, matter = COUNCIL_MEMBER.c, COUNCIL_MATTER.c
    voted = select(COUNCIL_VOTE.c.matter_id).where(COUNCIL_VOTE.c.contact_id == member.contact_id, COUNCIL_VOTE.c.matter_id == matter.id)
    barred = select(COUNCIL_CONFLICT.c.unit_id).where(
        COUNCIL_CONFLICT.c.obligation_id == member.obligation_id,
        COUNCIL_CONFLICT.c.contact_id == member.contact_id,
        COUNCIL_CONFLICT.c.unit_id == matter.unit_id,
    )
    return (
        select(OBLIGATION.c.id, PARTY.c.name, COUNCIL_SESSION.c.number, func.count().label("matters"), COUNCIL_SESSION.c.votes_by)
        .select_from(COUNCIL_MEMBER)
        .join(OBLIGATION, OBLIGATION.c.id == member.obligation_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.obligation_id == OBLIGATION.c.id)
        .join(COUNCIL_MATTER, matter.session_id == COUNCIL_SESSION.c.id)
        .where(member.contact_id.in_(contacts), member.ended_at.is_(None), COUNCIL_SESSION.c.closed_at.is_(None), matter.outcome == "")
        .where(or_(matter.unit_id.is_(None), member.unit_id.is_(None), matter.unit_id != member.unit_id), ~voted.exists(), ~barred.exists())
        .group_by(OBLIGATION.c.id, PARTY.c.name, COUNCIL_SESSION.c.id, COUNCIL_SESSION.c.number, COUNCIL_SESSION.c.votes_by)
    )
