"""
A unit's year: what was done with what it owes, the mails sent to it about that, and the files it gave.

Each is one query, however long the year; which obligations may be read is decided before, by whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, or_, select

from evaluation.kinds import MessageKind
from store.outbox.states import MessageState
from store.schema import CONTACT, CYCLE, EVIDENCE, JOURNAL, MESSAGE, NOTICE, OBLIGATION, PARTY, STAGE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from store.queries.sight import Readable

#: What time does by itself is told where it moves an obligation; a reminder is told as the mail that it became.
_BY_ITSELF = "tick"
#: Entries that say nothing that people wait for.
_LEFT_OUT = ("raise", "release", "digest")


@dataclass(frozen=True, kw_only=True, slots=True)
class DeedLine:
    """Something that was done with an obligation."""

    obligation: int
    at: datetime
    action: str  #: the journal's word; for what came by itself the state that it led to
    contact: int | None  #: who did it; None: the system
    reason: str
    basis: str
    by: str  #: of an urging: `mail`, `phone`, `letter`
    round: int
    due_on: str  #: ISO date of the term that it wrote; empty if none


@dataclass(frozen=True, kw_only=True, slots=True)
class MailLine:
    """A mail, or what waits to become one, to one person of the unit or to its mailbox."""

    message: int | None
    state: MessageState | None  #: None: not gathered yet
    recipient: str  #: `c<contact>` or `m<party>`
    kinds: tuple[MessageKind, ...]
    obligations: tuple[int, ...]
    at: datetime  #: of its slot, or of the decision that came into a slot already open


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLine:
    """A file given as evidence."""

    id: int
    obligation: int
    name: str
    contact: int | None
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorLine:
    """Who did something."""

    name: str
    role: str
    party: int
    party_name: str


def deeds_of(connection: Connection, obligations: Collection[int], *, now: datetime) -> list[DeedLine]:
    """Return what was done with some obligations up to `now`, oldest first."""
    moves = or_(JOURNAL.c.action != _BY_ITSELF, JOURNAL.c.payload.contains('"do":"move"', autoescape=True))
    query = (
        select(JOURNAL.c.obligation_id, JOURNAL.c.at, JOURNAL.c.action, JOURNAL.c.actor, JOURNAL.c.payload)
        .where(JOURNAL.c.obligation_id.in_(sorted(obligations)), JOURNAL.c.action.not_in(_LEFT_OUT), moves, JOURNAL.c.at <= now)
        .order_by(JOURNAL.c.at, JOURNAL.c.number)
    )
    return [_deed(row) for row in connection.execute(query)]


def _deed(row: Row[Any]) -> DeedLine:
    did = {one["do"]: one for one in orjson.loads(row.payload).get("actions", ())}
    remark, urged, term = did.get("remark", {}), did.get("urged", {}), did.get("write", {}).get("term", {})
    moved = did.get("move", {})
    by_mail = "mail" if row.action == "urge" and not urged else ""
    return DeedLine(
        obligation=row.obligation_id,
        at=row.at,
        action=moved.get("to", "") if row.action == _BY_ITSELF else row.action,
        contact=int(row.actor[1:]) if row.actor[0] == "c" and row.actor[1:].isdecimal() else None,
        reason=remark.get("reason", "") or urged.get("note", ""),
        basis=remark.get("basis", ""),
        by=urged.get("by", by_mail),
        round=moved.get("round", 0),
        due_on=term.get("due_on") or "",
    )


def mails_to(
    connection: Connection, party: int, obligations: Collection[int], *, contacts: Collection[int], now: datetime
) -> list[MailLine]:
    """Return the mails about some obligations to a unit's people and its mailbox, up to `now`, oldest first; what was cancelled is none."""
    recipients = [f"m{party}", *(f"c{contact}" for contact in sorted(contacts))]
    query = (
        select(
            NOTICE.c.message_id, NOTICE.c.kind, NOTICE.c.recipient, NOTICE.c.obligation_id, NOTICE.c.slot_at, NOTICE.c.at, MESSAGE.c.state
        )
        .outerjoin(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        .where(
            NOTICE.c.obligation_id.in_(sorted(obligations)),
            NOTICE.c.recipient.in_(recipients),
            NOTICE.c.cancelled.is_(False),
            NOTICE.c.slot_at <= now,
            or_(MESSAGE.c.state.is_(None), and_(MESSAGE.c.state != MessageState.CANCELLED.value, MESSAGE.c.confidential.is_(False))),
        )
        .order_by(NOTICE.c.slot_at, NOTICE.c.id)
    )
    grouped: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in connection.execute(query):
        grouped.setdefault((row.slot_at, row.recipient, row.message_id), []).append(row)
    return [_mail(rows) for rows in grouped.values()]


def _mail(rows: list[Row[Any]]) -> MailLine:
    first = rows[0]
    return MailLine(
        message=first.message_id,
        state=None if first.state is None else MessageState(first.state),
        recipient=first.recipient,
        kinds=tuple(dict.fromkeys(MessageKind(row.kind) for row in rows)),
        obligations=tuple(dict.fromkeys(row.obligation_id for row in rows)),
        at=max(first.slot_at, *(row.at for row in rows)),
    )


def files_of(connection: Connection, party: int, cycle: int, *, readable: Readable | None, now: datetime) -> list[FileLine]:
    """Return the evidence that a unit gave in a cycle, of what may be downloaded, oldest first; that which was withdrawn is marked."""
    query = (
        select(*(EVIDENCE.c[name] for name in ("id", "name", "at", "withdrawn_at", "obligation_id", "contact_id")))
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .where(OBLIGATION.c.party_id == party, OBLIGATION.c.cycle_id == cycle, EVIDENCE.c.at <= now)
        .order_by(EVIDENCE.c.at, EVIDENCE.c.id)
    )
    return [
        FileLine(id=row.id, obligation=row.obligation_id, name=row.name, contact=row.contact_id, at=row.at, withdrawn_at=row.withdrawn_at)
        for row in connection.execute(query if readable is None else query.where(readable))
    ]


def actors_of(connection: Connection, contacts: Collection[int]) -> dict[int, ActorLine]:
    """Return people by id, those who are gone left out: one query."""
    query = (
        select(CONTACT.c.id, CONTACT.c.name, CONTACT.c.role, CONTACT.c.party_id, PARTY.c.name.label("party_name"))
        .join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .where(CONTACT.c.id.in_(sorted(contacts)))
    )
    return {
        row.id: ActorLine(name=row.name, role=row.role, party=row.party_id, party_name=row.party_name) for row in connection.execute(query)
    }
