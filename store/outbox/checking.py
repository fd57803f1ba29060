"""Checking: in which ways the outbox at rest does not hold (design §6, invariants 2 and 3)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from store.outbox.states import MessageState, Outcome
from store.schema import ATTEMPT, MESSAGE, MESSAGE_BODY, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

_NOT_GONE = tuple(state.value for state in (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING))
_WAITING = (MessageState.HELD.value, MessageState.QUEUED.value)
COUNTED = "counted"  #: outcome of a try that a person put in: it has arrived


def outbox_faults(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each fault: lost, doubled or untrue messages, and mail about something that is over."""
    return chain(_cancelled(connection), _causes(connection), _numbers(connection), _twice(connection), _endings(connection))


def _cancelled(connection: Connection) -> Iterator[str]:
    waiting = (
        select(NOTICE.c.id).join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id).where(NOTICE.c.cancelled, MESSAGE.c.state.in_(_WAITING))
    )
    for ident in connection.execute(waiting).scalars():
        yield f"notice {ident} is cancelled and its message still waits"
    lost = (
        select(NOTICE.c.id)
        .join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        .where(NOTICE.c.cancelled.is_(False), MESSAGE.c.state == MessageState.CANCELLED.value)
    )
    for ident in connection.execute(lost).scalars():
        yield f"notice {ident} holds, but its message is cancelled: nobody will be told"


def _causes(connection: Connection) -> Iterator[str]:
    """Every message has causes, all of them its own recipient's and slot's."""
    causeless = select(MESSAGE.c.id).where(
        MESSAGE.c.state != MessageState.CANCELLED.value, ~exists().where(NOTICE.c.message_id == MESSAGE.c.id)
    )
    for ident in connection.execute(causeless).scalars():
        yield f"message {ident} is about nothing"
    strange = (
        select(NOTICE.c.id, MESSAGE.c.id)
        .join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        .where(
            or_(
                NOTICE.c.recipient != MESSAGE.c.recipient,
                NOTICE.c.authority_id != MESSAGE.c.authority_id,
                NOTICE.c.slot_at != MESSAGE.c.slot_at,
            )
        )
    )
    for notice, message in connection.execute(strange):
        yield f"notice {notice} is in message {message} of another recipient or slot"


def _numbers(connection: Connection) -> Iterator[str]:
    """The gatherings of a recipient and slot are numbered from 1: none is missing."""
    place = (MESSAGE.c.authority_id, MESSAGE.c.recipient, MESSAGE.c.slot_at)
    uneven = select(*place, func.count(), func.max(MESSAGE.c.gathering)).group_by(*place)
    for row in connection.execute(uneven.having(func.count() != func.max(MESSAGE.c.gathering))):
        yield f"{row[1]} has {row[3]} messages of {row[2]}, the last is number {row[4]}"


def _tried(outcome: str) -> ColumnElement[bool]:
    return exists().where(ATTEMPT.c.message_id == MESSAGE.c.id, ATTEMPT.c.outcome == outcome)


def _twice(connection: Connection) -> Iterator[str]:
    """A server gets no second copy, except of what was unknown."""
    accepted = select(func.count()).where(ATTEMPT.c.message_id == MESSAGE.c.id, ATTEMPT.c.outcome == Outcome.SENT.value)
    often = select(MESSAGE.c.id).where(accepted.scalar_subquery() > 1, ~_tried(Outcome.UNKNOWN.value))
    for ident in connection.execute(often).scalars():
        yield f"message {ident} was sent more than once and was never unknown"


def _endings(connection: Connection) -> Iterator[str]:
    """State, time of sending and tries of a message say the same."""
    sent = MESSAGE.c.state == MessageState.SENT.value
    untimely = or_(and_(sent, MESSAGE.c.sent_at.is_(None)), and_(MESSAGE.c.state.in_(_NOT_GONE), MESSAGE.c.sent_at.is_not(None)))
    for ident in connection.execute(select(MESSAGE.c.id).where(untimely)).scalars():
        yield f"message {ident}: its state and its time of sending do not agree"
    posted = and_(MESSAGE.c.attempts == 0, ~exists().where(MESSAGE_BODY.c.message_id == MESSAGE.c.id))  # by a rehearsal
    unproved = and_(sent, ~posted, ~_tried(Outcome.SENT.value), ~_tried(COUNTED))
    for ident in connection.execute(select(MESSAGE.c.id).where(unproved)).scalars():
        yield f"message {ident} is sent, but no try says so"
    forgotten = and_(MESSAGE.c.state.in_(_NOT_GONE), _tried(Outcome.SENT.value), ~_tried(Outcome.UNKNOWN.value))
    for ident in connection.execute(select(MESSAGE.c.id).where(forgotten)).scalars():
        yield f"message {ident} was taken over by the server and still waits"
