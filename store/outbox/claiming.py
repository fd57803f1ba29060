"""
Claiming: which waiting messages one engine takes, and when one of them is on its way.

A claim is taken for many messages at once (`SKIP LOCKED` on PostgreSQL) and runs out by the database's clock. A message becomes
`sending` just before it is handed to a connection, so a crash leaves at most as many in doubt as there were connections. In that
very transaction it is asked again whether the message may still leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, false, or_, select, update

from evaluation.slots import EVENING
from store.journal import database_clock
from store.outbox.gathering import Hours, is_held, keeps_hours, may_leave, resting_cycles
from store.outbox.states import MessageState
from store.schema import AUTHORITY, CYCLE, MESSAGE, MESSAGE_BODY, NOTICE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from store.outbox.fuses import Fuse
    from store.session import Store

AT_ONCE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimant:
    """Who sends, and how long what they hold stays theirs (database clock)."""

    holder: str
    fuse: Fuse
    mail_until: time = EVENING  #: end of the mailing day, local
    claim_seconds: float = 120.0  #: longer than any one try may last
    retry_seconds: float = 60.0  #: after a first temporary refusal; doubles each time
    retry_at_most_seconds: float = 4 * 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Whose mail is meant: sandboxes have a server of their own."""

    sandbox: bool
    authority: int | None = None  #: of this one alone


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A claimed message, ready to be handed to a connection."""

    message: int
    authority: int
    slot_at: datetime
    address: str
    body: bytes
    attempts: int
    confidential: bool


def claim(store: Store, claimant: Claimant, route: Route, *, now: datetime, at_most: int = AT_ONCE) -> list[Parcel]:
    """
    Return messages that wait and are nobody's, oldest first, now this engine's until its claim runs out.

    What waits for working time is left: mail that a broken server kept since Friday does not leave on Sunday.
    """
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        hours = Hours(store=store, until=claimant.mail_until)
        resting = [] if route.sandbox else resting_cycles(connection, hours=hours, now=now)
        waiting = (
            _waiting(route, clock=clock)
            .where(~_carries_of(resting))
            .order_by(MESSAGE.c.id)
            .limit(at_most)
            .with_for_update(of=MESSAGE, skip_locked=True)
        )
        ids = connection.execute(waiting).scalars().all()
        if not ids:
            return []
        until = clock + timedelta(seconds=claimant.claim_seconds)
        mine = update(MESSAGE).where(MESSAGE.c.id.in_(ids))
        connection.execute(mine.values(claimed_by=claimant.holder, claimed_until=until))
        rows = connection.execute(select(*_PARCEL).join(MESSAGE_BODY).where(MESSAGE.c.id.in_(ids)).order_by(MESSAGE.c.id)).all()
    return [
        Parcel(
            message=row.id,
            authority=row.authority_id,
            slot_at=row.slot_at,
            address=row.address,
            body=row.body,
            attempts=row.attempts,
            confidential=row.confidential,
        )
        for row in rows
    ]


_PARCEL = (
    MESSAGE.c.id,
    MESSAGE.c.authority_id,
    MESSAGE.c.slot_at,
    MESSAGE.c.address,
    MESSAGE_BODY.c.body,
    MESSAGE.c.attempts,
    MESSAGE.c.confidential,
)


def _waiting(route: Route, *, clock: datetime) -> Select[tuple[int]]:
    """Return the query of what waits, by id alone: bodies would all be carried through its sorting."""
    query = (
        select(MESSAGE.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == MESSAGE.c.authority_id)
        .where(
            MESSAGE.c.state == MessageState.QUEUED.value,
            AUTHORITY.c.sandbox.is_(route.sandbox),
            or_(MESSAGE.c.next_try_at.is_(None), MESSAGE.c.next_try_at <= clock),
            or_(MESSAGE.c.claimed_until.is_(None), MESSAGE.c.claimed_until <= clock),
            _nothing_stops_it(),
        )
    )
    return query if route.authority is None else query.where(MESSAGE.c.authority_id == route.authority)


def _nothing_stops_it() -> ColumnElement[bool]:
    """Return the condition that none of a message's notices is cancelled, held, or of a cycle that lets no mail out."""
    stopped = (
        select(NOTICE.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .where(NOTICE.c.message_id == MESSAGE.c.id, or_(NOTICE.c.cancelled, ~may_leave(), is_held()))
        .correlate(MESSAGE)
    )
    return ~exists(stopped)


def _carries_of(resting: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a message carries a notice that waits for the working time of one of these cycles."""
    if not resting:
        return false()
    notices = (
        select(NOTICE.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
        .where(NOTICE.c.message_id == MESSAGE.c.id, keeps_hours(), NOTICE.c.cycle_id.in_(resting))
        .correlate(MESSAGE)
    )
    return exists(notices)


#: Built once: it runs for every few mails.
_BEGIN = (
    update(MESSAGE)
    .where(
        MESSAGE.c.id.in_(bindparam("b_ids", expanding=True)),
        MESSAGE.c.state == MessageState.QUEUED.value,
        MESSAGE.c.claimed_by == bindparam("b_holder"),
        MESSAGE.c.claimed_until > bindparam("b_clock", type_=MESSAGE.c.claimed_until.type),
        _nothing_stops_it(),
    )
    .values(state=MessageState.SENDING.value, claimed_until=bindparam("b_until", type_=MESSAGE.c.claimed_until.type))
    .returning(MESSAGE.c.id)
)


def begin_sending(connection: Connection, messages: Sequence[int], *, claimant: Claimant, clock: datetime) -> set[int]:
    """Make those of this engine's claimed messages `sending` that may still leave, and return them."""
    if not messages:
        return set()
    until = clock + timedelta(seconds=claimant.claim_seconds)
    begun = connection.execute(_BEGIN, {"b_ids": list(messages), "b_holder": claimant.holder, "b_clock": clock, "b_until": until})
    return set(begun.scalars())


def give_up(store: Store, claimant: Claimant, messages: Sequence[int], *, now: datetime) -> None:
    """Let anyone take claimed messages that were not tried."""
    if not messages:
        return
    with store.transaction(now=now) as transaction:
        mine = update(MESSAGE).where(
            MESSAGE.c.id.in_(messages), MESSAGE.c.state == MessageState.QUEUED.value, MESSAGE.c.claimed_by == claimant.holder
        )
        transaction.connection.execute(mine.values(claimed_by="", claimed_until=None))
