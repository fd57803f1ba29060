"""
Recording: what became of each try, in bulk, together with the next messages that go on their way.

Tries are rows of their own, outside the journal's chain. A message found `sending` after its claim ran out is `unknown`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from store.journal import database_clock
from store.outbox.alarms import Alarm, raise_alarms, refused, server_alarms
from store.outbox.claiming import Claimant, Parcel, begin_sending
from store.outbox.fuses import Slot, blow_by_refusals
from store.outbox.states import AFTER, MessageState, Outcome
from store.schema import ATTEMPT, AUTHORITY, MESSAGE, MESSAGE_BODY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store, Transaction

#: So long may no connection be had before somebody is asked to look.
DOWN_SECONDS = 1800
_LONGEST_ANSWER = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What a try at sending one message came to."""

    parcel: Parcel
    outcome: Outcome
    code: int = 0
    answer: str = ""


#: Built once: it runs for every few mails.
_END = (
    update(MESSAGE)
    .where(
        MESSAGE.c.id.in_(bindparam("b_ids", expanding=True)),
        MESSAGE.c.claimed_by == bindparam("b_holder"),
        MESSAGE.c.state.in_((MessageState.SENDING.value, MessageState.UNKNOWN.value)),
    )
    .values(
        state=bindparam("v_state"),
        attempts=MESSAGE.c.attempts + 1,
        next_try_at=bindparam("v_next_try_at", type_=MESSAGE.c.next_try_at.type),
        sent_at=bindparam("v_sent_at", type_=MESSAGE.c.sent_at.type),
        claimed_by="",
        claimed_until=None,
    )
)
_TRY = insert(ATTEMPT)


def turn(store: Store, claimant: Claimant, *, done: Sequence[Result], next_ones: Sequence[int], now: datetime) -> set[int]:
    """Record what was tried and make further messages `sending`, in one transaction; return those that may go."""
    with store.transaction(now=now) as transaction:
        clock = database_clock(transaction.connection)
        if done:
            _record(transaction.connection, done, claimant=claimant, clock=clock)
            _follow_up(store, transaction, done, claimant=claimant)
        return begin_sending(transaction.connection, next_ones, claimant=claimant, clock=clock)


def _record(connection: Connection, done: Sequence[Result], *, claimant: Claimant, clock: datetime) -> None:
    alike: dict[tuple[MessageState, datetime | None], list[int]] = defaultdict(list)
    for result in done:
        alike[_ending(result, claimant=claimant, clock=clock)].append(result.parcel.message)
    for (state, next_try_at), messages in alike.items():
        sent_at = clock if state is MessageState.SENT else None
        whose = {"b_ids": messages, "b_holder": claimant.holder}
        connection.execute(_END, {**whose, "v_state": state.value, "v_next_try_at": next_try_at, "v_sent_at": sent_at})
    connection.execute(_TRY, [_attempt(result, clock=clock) for result in done])
    over = {Outcome.SENT, Outcome.REFUSED}
    secret = [result.parcel.message for result in done if result.parcel.confidential and result.outcome in over]
    if secret:
        connection.execute(delete(MESSAGE_BODY).where(MESSAGE_BODY.c.message_id.in_(secret)))


def _ending(result: Result, *, claimant: Claimant, clock: datetime) -> tuple[MessageState, datetime | None]:
    """Return the state that a try leads to, and when the next one may be made if there is to be one."""
    state = AFTER[result.outcome]
    if state is not MessageState.QUEUED:
        return state, None
    wait = min(claimant.retry_seconds * 2**result.parcel.attempts, claimant.retry_at_most_seconds)
    return state, clock + timedelta(seconds=wait)


def _attempt(result: Result, *, clock: datetime) -> dict[str, Any]:
    return {
        "message_id": result.parcel.message,
        "at": clock,
        "outcome": result.outcome.value,
        "code": result.code,
        "answer": result.answer[:_LONGEST_ANSWER],
    }


def _follow_up(store: Store, transaction: Transaction, done: Sequence[Result], *, claimant: Claimant) -> None:
    """Tell whoever must look: refused recipients, a server that takes nothing, mail of which nobody knows."""
    troubled = [result for result in done if result.outcome not in {Outcome.SENT, Outcome.LATER}]
    if not troubled:
        return
    no = [result.parcel for result in troubled if result.outcome is Outcome.REFUSED]
    refused(store, transaction, [parcel.message for parcel in no])
    blow_by_refusals(store, transaction, {Slot(authority=parcel.authority, at=parcel.slot_at) for parcel in no}, fuse=claimant.fuse)
    stopped = {result.parcel.authority for result in troubled if result.outcome is Outcome.STOPPED}
    down = {result.parcel.authority for result in troubled if result.outcome is Outcome.DOWN}
    if down and _down_for_long(transaction.connection):
        stopped |= down
    raise_alarms(store, transaction, server_alarms(transaction, stopped))
    raise_alarms(store, transaction, [_doubt(result.parcel) for result in troubled if result.outcome is Outcome.UNKNOWN])


def _doubt(parcel: Parcel) -> Alarm:
    return Alarm(authority=parcel.authority, subject=f"unknown-mail/{parcel.message}", message=parcel.message)


def _down_for_long(connection: Connection) -> bool:
    """Return whether no connection was had since a good while."""
    answered = select(ATTEMPT.c.id).where(ATTEMPT.c.outcome != Outcome.DOWN.value).order_by(ATTEMPT.c.id.desc()).limit(1)
    last = connection.execute(answered).scalar_one_or_none() or 0
    since = select(ATTEMPT.c.at).where(ATTEMPT.c.id > last).order_by(ATTEMPT.c.id).limit(1)
    first = connection.execute(since).scalar_one_or_none()
    return first is not None and (database_clock(connection) - first).total_seconds() >= DOWN_SECONDS


def find_lost(store: Store, *, now: datetime) -> int:
    """Make every message `unknown` that was on its way when its claim ran out; return how many."""
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        query = select(MESSAGE.c.id, MESSAGE.c.authority_id).where(
            MESSAGE.c.state == MessageState.SENDING.value, MESSAGE.c.claimed_until <= clock
        )
        lost = connection.execute(query.order_by(MESSAGE.c.id).with_for_update(skip_locked=True)).all()
        if not lost:
            return 0
        unknown = update(MESSAGE).where(MESSAGE.c.id.in_([row.id for row in lost]))
        connection.execute(unknown.values(state=MessageState.UNKNOWN.value, attempts=MESSAGE.c.attempts + 1))
        tries = [
            {"message_id": row.id, "at": clock, "outcome": Outcome.UNKNOWN.value, "code": 0, "answer": "its claim ran out"} for row in lost
        ]
        connection.execute(_TRY, tries)
        alarms = [Alarm(authority=row.authority_id, subject=f"unknown-mail/{row.id}", message=row.id) for row in lost]
        raise_alarms(store, transaction, alarms)
        return len(lost)


def say_no_server(store: Store, *, now: datetime) -> None:
    """Say once a day that the mail of real authorities waits for a mail server to be named."""
    query = (
        select(MESSAGE.c.authority_id)
        .join(AUTHORITY, AUTHORITY.c.id == MESSAGE.c.authority_id)
        .where(MESSAGE.c.state == MessageState.QUEUED.value, AUTHORITY.c.sandbox.is_(False))
        .distinct()
    )
    with store.reading() as connection:
        waiting = connection.execute(query).scalars().all()
    if waiting:
        with store.transaction(now=now) as transaction:
            raise_alarms(store, transaction, server_alarms(transaction, waiting))
