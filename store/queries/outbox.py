"""The outbox as people see it: how many messages stand where, which they are, and the exact mail of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from evaluation.kinds import MessageKind
from store.outbox.states import MessageState, NoSuchMessageError
from store.schema import ATTEMPT, MESSAGE, NOTICE

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
    rows = connection.execute(query.with_only_columns(*_LISTED).order_by(MESSAGE.c.id.desc()).limit(at_most))
    return OutboxPage(counts={one: counts.get(one, 0) for one in MessageState}, messages=tuple(_line(row) for row in rows))


def read_message(connection: Connection, message: int) -> MessageView:
    """Return one message with the exact mail; never a confidential one's. NoSuchMessageError if there is none."""
    row = connection.execute(select(MESSAGE).where(MESSAGE.c.id == message)).one_or_none()
    if row is None:
        raise NoSuchMessageError(message)
    notices = connection.execute(select(NOTICE.c.id).where(NOTICE.c.message_id == message).order_by(NOTICE.c.id)).scalars()
    tries = connection.execute(select(ATTEMPT).where(ATTEMPT.c.message_id == message).order_by(ATTEMPT.c.id))
    return MessageView(
        line=_line(row),
        confidential=row.confidential,
        body=None if row.confidential else row.body,
        notices=tuple(notices),
        attempts=tuple(Attempt(at=one.at, outcome=one.outcome, code=one.code, answer=one.answer) for one in tries),
    )


_LISTED = [column for column in MESSAGE.c if column.name != "body"]


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
