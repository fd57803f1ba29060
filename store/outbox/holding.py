"""What people do with the outbox: hold and release it, and decide about single messages. Every one of these is journaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, select, update

from evaluation.actions import Remark
from store.journal import Entry, database_clock
from store.outbox.alarms import refused
from store.outbox.answering import mend
from store.outbox.checking import COUNTED
from store.outbox.gathering import PASSING, SECRET, is_held
from store.outbox.states import MessageState, MessageVerb, NoSuchMessageError, moved_message
from store.people import load_people
from store.schema import ATTEMPT, AUTHORITY, CYCLE, MESSAGE, MESSAGE_BODY, NOTICE

if TYPE_CHECKING:
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbox:
    """Whose mail is meant: an authority's, or one cycle's."""

    authority: int
    cycle: int | None = None


class NoSuchOutboxError(LookupError):
    """There is no such authority or cycle, or it is another authority's."""

    def __init__(self, outbox: Outbox) -> None:
        """Keep what was asked for."""
        super().__init__(f"authority {outbox.authority} has no cycle {outbox.cycle}; `dondoc status` lists them")


def hold_outbox(store: Store, transaction: Transaction, outbox: Outbox, *, remark: Remark) -> int:
    """Let no mail of a cycle or an authority leave until it is released; return how many waiting messages that stops."""
    _raise_flag(store, transaction, outbox, held=True)
    exempt = SECRET if outbox.cycle is None else PASSING
    waiting = and_(MESSAGE.c.state == MessageState.QUEUED.value, _of(outbox), MESSAGE.c.kind.not_in(exempt))
    held = transaction.connection.execute(update(MESSAGE).where(waiting).values(state=MessageState.HELD.value)).rowcount
    _journal(transaction, outbox, action="hold-outbox", remark=remark, count=held)
    return int(held)


def release_outbox(store: Store, transaction: Transaction, outbox: Outbox, *, remark: Remark) -> int:
    """
    Let the held mail of a cycle or an authority go; return how many messages.

    What another hold still keeps back (the authority's, another cycle's) stays held.
    """
    _raise_flag(store, transaction, outbox, held=False)
    waiting = and_(MESSAGE.c.state == MessageState.HELD.value, _of(outbox), ~_kept_back())
    freed = transaction.connection.execute(update(MESSAGE).where(waiting).values(state=MessageState.QUEUED.value)).rowcount
    _journal(transaction, outbox, action="release-outbox", remark=remark, count=freed)
    return int(freed)


def _raise_flag(store: Store, transaction: Transaction, outbox: Outbox, *, held: bool) -> None:
    connection = transaction.connection
    if outbox.cycle is None:
        change = update(AUTHORITY).where(AUTHORITY.c.id == outbox.authority).values(outbox_held=held)
    else:
        change = update(CYCLE).where(CYCLE.c.id == outbox.cycle, CYCLE.c.authority_id == outbox.authority).values(mail_held=held)
    if connection.execute(change).rowcount != 1 or not load_people(store, connection, outbox.authority).knows(transaction.actor.contact):
        raise NoSuchOutboxError(outbox)


def _of(outbox: Outbox) -> ColumnElement[bool]:
    if outbox.cycle is None:
        return MESSAGE.c.authority_id == outbox.authority
    return exists(select(NOTICE.c.id).where(NOTICE.c.message_id == MESSAGE.c.id, NOTICE.c.cycle_id == outbox.cycle).correlate(MESSAGE))


def _kept_back() -> ColumnElement[bool]:
    """Return the condition that some notice of a message is held by a flag that still stands."""
    notices = (
        select(NOTICE.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .where(NOTICE.c.message_id == MESSAGE.c.id, is_held())
        .correlate(MESSAGE)
    )
    return exists(notices)


def _journal(transaction: Transaction, outbox: Outbox, *, action: str, remark: Remark, count: int) -> None:
    payload: dict[str, Any] = {"reason": remark.reason, "basis": remark.basis, "messages": count}
    transaction.entries.append(Entry(authority=outbox.authority, action=action, cycle=outbox.cycle, payload=payload))


def release_message(store: Store, transaction: Transaction, message: int, *, remark: Remark) -> None:
    """Let one held message go; flags that hold its cycle or authority still keep it back."""
    _move(store, transaction, message, verb=MessageVerb.RELEASE, remark=remark)


def resend(store: Store, transaction: Transaction, message: int, *, remark: Remark) -> None:
    """Send a message again of which nobody knows whether it left, under the same Message-ID."""
    _move(store, transaction, message, verb=MessageVerb.RESEND, remark=remark)
    mend(store, transaction, f"unknown-mail/{message}", remark=remark)


def count_as_sent(store: Store, transaction: Transaction, message: int, *, remark: Remark) -> None:
    """Say that a message of which nobody knew has arrived."""
    clock = database_clock(transaction.connection)
    _move(store, transaction, message, verb=MessageVerb.COUNT_AS_SENT, remark=remark, sent_at=clock)
    row = {"message_id": message, "at": clock, "outcome": COUNTED, "code": 0, "answer": ""}
    transaction.connection.execute(ATTEMPT.insert(), row)
    mend(store, transaction, f"unknown-mail/{message}", remark=remark)


def cancel_message(store: Store, transaction: Transaction, message: int, *, remark: Remark) -> None:
    """Never send a waiting message; its notices are cancelled with it."""
    _move(store, transaction, message, verb=MessageVerb.CANCEL, remark=remark)
    transaction.connection.execute(update(NOTICE).where(NOTICE.c.message_id == message).values(cancelled=True))


def record_bounce(store: Store, transaction: Transaction, header_id: str, *, status: str) -> int:
    """
    Keep that a message came back, as its delivery status notification says, and return its id.

    A bounce counts as a refusal of its recipient. `status` is RFC 3463's, such as `5.1.1`.

    Raises:
        NoSuchMessageError: none of ours has that Message-ID.
        MessageMoveError: it has not left, or has come back already.

    """
    found = transaction.connection.execute(select(MESSAGE.c.id).where(MESSAGE.c.header_id == header_id)).scalar_one_or_none()
    if found is None:
        raise NoSuchMessageError(header_id)
    message = int(found)
    _move(store, transaction, message, verb=MessageVerb.BOUNCE, remark=Remark(reason=status))
    mend(store, transaction, f"unknown-mail/{message}", remark=Remark(reason=status))
    refused(store, transaction, [message])
    return message


def _move(store: Store, transaction: Transaction, message: int, *, verb: MessageVerb, remark: Remark, **changes: object) -> None:
    connection = transaction.connection
    row = connection.execute(
        select(MESSAGE.c.state, MESSAGE.c.authority_id, MESSAGE.c.confidential)
        .where(MESSAGE.c.id == message)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None or not load_people(store, connection, row.authority_id).knows(transaction.actor.contact):
        raise NoSuchMessageError(message)
    to = moved_message(message, state=MessageState(row.state), verb=verb)
    fresh = {"state": to.value, "next_try_at": None, "claimed_by": "", "claimed_until": None, **changes}
    connection.execute(update(MESSAGE).where(MESSAGE.c.id == message).values(**fresh))
    if row.confidential and to is not MessageState.QUEUED:
        connection.execute(delete(MESSAGE_BODY).where(MESSAGE_BODY.c.message_id == message))
    payload = {"message": message, "reason": remark.reason, "basis": remark.basis}
    transaction.entries.append(Entry(authority=row.authority_id, action=verb.value, payload=payload))
