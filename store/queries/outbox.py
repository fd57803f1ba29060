"""The outbox as people see it: how many messages stand where, which they are, and the exact mail of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import distinct, exists, func, select

from evaluation.kinds import MessageKind
from store.outbox.gathering import Bundle, gather, is_held
from store.outbox.states import MessageState, NoSuchMessageError
from store.schema import ATTEMPT, AUTHORITY, CYCLE, MESSAGE, MESSAGE_BODY, NOTICE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageLine:
    """One message of a list."""

    id: int
    authority: int
    recipient: str
    address: str
    kind: MessageKind
    state: MessageState
    slot_at: datetime
    at: datetime  #: business time of its gathering
    sent_at: datetime | None  #: the database's clock
    header_id: str
    subject: str  #: empty where confidential
    attempts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxPage:
    """Some messages, the newest first, and how many there are of each state."""

    counts: Mapping[MessageState, int]
    messages: tuple[MessageLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try at sending."""

    at: datetime  #: the database's clock
    outcome: str
    code: int
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageView:
    """One message whole: its bytes (None where they are confidential or were never made), its causes and its tries."""

    line: MessageLine
    confidential: bool
    body: bytes | None
    notices: tuple[int, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingLine:
    """Notices of one kind and cycle that are in no message yet and leave in one slot."""

    cycle: int | None
    kind: MessageKind
    slot_at: datetime
    notices: int
    recipients: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What is held before it was gathered into messages: a line for each kind, cycle and slot, the earliest slot first."""

    lines: tuple[WaitingLine, ...]
    notices: int
    recipients: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleMail:
    """Whether a cycle's mail may leave, and how many messages about it are held, by whichever hold."""

    cycle: int
    is_held: bool
    messages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What waits in all authorities together."""

    counts: Mapping[MessageState, int]
    without_server: int  #: queued messages of real authorities, which only the real mail server takes


def outbox(
    connection: Connection, *, authority: int, state: MessageState | None = None, before: int | None = None, at_most: int = 100
) -> OutboxPage:
    """Return an authority's outbox: counts by state, and a page of messages (`before`: with a lower id than this)."""
    query = select(MESSAGE).where(MESSAGE.c.authority_id == authority)
    counted: Select[Any] = select(MESSAGE.c.state, func.count()).where(MESSAGE.c.authority_id == authority).group_by(MESSAGE.c.state)
    if state is not None:
        query = query.where(MESSAGE.c.state == state.value)
    if before is not None:
        query = query.where(MESSAGE.c.id < before)
    counts = {MessageState(row[0]): int(row[1]) for row in connection.execute(counted)}
    rows = connection.execute(query.order_by(MESSAGE.c.id.desc()).limit(at_most))
    return OutboxPage(counts={one: counts.get(one, 0) for one in MessageState}, messages=tuple(_line(row) for row in rows))


def cycle_mails(connection: Connection, *, authority: int) -> dict[int, CycleMail]:
    """Return of each of an authority's cycles whether its mail is held: two queries."""
    of_held = (MESSAGE.c.authority_id == authority, MESSAGE.c.state == MessageState.HELD.value, NOTICE.c.cycle_id.is_not(None))
    counted = select(NOTICE.c.cycle_id, func.count(distinct(MESSAGE.c.id))).join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
    held = dict(connection.execute(counted.where(*of_held).group_by(NOTICE.c.cycle_id)).tuples().all())
    rows = connection.execute(select(CYCLE.c.id, CYCLE.c.mail_held).where(CYCLE.c.authority_id == authority))
    return {row.id: CycleMail(cycle=row.id, is_held=row.mail_held, messages=held.get(row.id, 0)) for row in rows}


def backlog(connection: Connection) -> Backlog:
    """Return how many messages of all authorities are in each state."""
    counted = select(MESSAGE.c.state, AUTHORITY.c.sandbox, func.count()).join(AUTHORITY, AUTHORITY.c.id == MESSAGE.c.authority_id)
    counts = dict.fromkeys(MessageState, 0)
    real = 0
    for state, sandbox, count in connection.execute(counted.group_by(MESSAGE.c.state, AUTHORITY.c.sandbox)):
        counts[MessageState(state)] += count
        real += count if state == MessageState.QUEUED.value and not sandbox else 0
    return Backlog(counts=counts, without_server=real)


def held_ungathered(connection: Connection, *, authority: int, cycle: int | None = None) -> Waiting:
    """
    Return the notices of an authority, or of one of its cycles, that a hold keeps back and no message carries yet.

    Mail is gathered at its slot; until then this alone shows what a release would let go.
    """
    wanted = [
        NOTICE.c.authority_id == authority,
        NOTICE.c.message_id.is_(None),
        NOTICE.c.cancelled.is_(False),
        is_held(),
        *([] if cycle is None else [NOTICE.c.cycle_id == cycle]),
    ]
    whose = (func.count(), func.count(distinct(NOTICE.c.recipient)))
    joined = NOTICE.join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id).outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
    place = (NOTICE.c.cycle_id, NOTICE.c.kind, NOTICE.c.slot_at)
    rows = connection.execute(
        select(*place, *whose)
        .select_from(joined)
        .where(*wanted)
        .group_by(*place)
        .order_by(NOTICE.c.slot_at, NOTICE.c.cycle_id, NOTICE.c.kind)
    )
    lines = tuple(
        WaitingLine(cycle=of, kind=MessageKind(kind), slot_at=slot_at, notices=notices, recipients=recipients)
        for of, kind, slot_at, notices, recipients in rows
    )
    notices, recipients = connection.execute(select(*whose).select_from(joined).where(*wanted)).one()
    return Waiting(lines=lines, notices=notices, recipients=recipients)


def first_held(connection: Connection, *, authority: int, cycle: int | None = None) -> int | None:
    """Return the first held message that may be shown, of an authority or of one of its cycles; None if there is none."""
    query = select(func.min(MESSAGE.c.id)).where(
        MESSAGE.c.authority_id == authority, MESSAGE.c.state == MessageState.HELD.value, MESSAGE.c.confidential.is_(False)
    )
    if cycle is not None:
        query = query.where(exists(select(NOTICE.c.id).where(NOTICE.c.message_id == MESSAGE.c.id, NOTICE.c.cycle_id == cycle)))
    return connection.execute(query).scalar_one_or_none()


def first_bundle(connection: Connection, *, authority: int, cycle: int) -> Bundle | None:
    """
    Return the first mail that a cycle's waiting notices would become in their slot; None if none waits, or none may be shown.

    Reading only: nothing is gathered by it.
    """
    of_cycle = (
        NOTICE.c.authority_id == authority,
        NOTICE.c.cycle_id == cycle,
        NOTICE.c.message_id.is_(None),
        NOTICE.c.cancelled.is_(False),
    )
    own = set(connection.execute(select(NOTICE.c.id).where(*of_cycle)).scalars())
    slots = connection.execute(select(NOTICE.c.slot_at).where(*of_cycle).distinct().order_by(NOTICE.c.slot_at)).scalars().all()
    for slot in slots:
        bundles = gather(connection, now=slot, authority=authority, at_most=None)
        found = next((one for one in bundles if not one.confidential and own.intersection(one.notices)), None)
        if found is not None:
            return found
    return None


def read_message(connection: Connection, message: int) -> MessageView:
    """Return one message with the exact mail; never a confidential one's. NoSuchMessageError if there is none."""
    row = connection.execute(select(MESSAGE).where(MESSAGE.c.id == message)).one_or_none()
    if row is None:
        raise NoSuchMessageError(message)
    notices = connection.execute(select(NOTICE.c.id).where(NOTICE.c.message_id == message).order_by(NOTICE.c.id)).scalars()
    tries = connection.execute(select(ATTEMPT).where(ATTEMPT.c.message_id == message).order_by(ATTEMPT.c.id))
    body = connection.execute(select(MESSAGE_BODY.c.body).where(MESSAGE_BODY.c.message_id == message)).scalar_one_or_none()
    return MessageView(
        line=_line(row),
        confidential=row.confidential,
        body=None if row.confidential else body,
        notices=tuple(notices),
        attempts=tuple(Attempt(at=one.at, outcome=one.outcome, code=one.code, answer=one.answer) for one in tries),
    )


def _line(row: Row[Any]) -> MessageLine:
    return MessageLine(
        id=row.id,
        authority=row.authority_id,
        recipient=row.recipient,
        address=row.address,
        kind=MessageKind(row.kind),
        state=MessageState(row.state),
        slot_at=row.slot_at,
        at=row.at,
        sent_at=row.sent_at,
        header_id=row.header_id,
        subject=row.subject,
        attempts=row.attempts,
    )
