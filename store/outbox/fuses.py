"""The fuse: a slot that would send too much, or of which too much is refused, is held until somebody has looked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from store.journal import Entry
from store.outbox.alarms import Alarm, raise_alarms
from store.outbox.gathering import SECRET
from store.outbox.states import MessageState
from store.schema import MESSAGE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from store.outbox.gathering import Bundle
    from store.session import Store, Transaction

#: A share says nothing of fewer messages than these.
FEWEST = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Fuse:
    """What one slot may send before it is held for somebody to look."""

    per_recipient: int
    per_slot: int
    refused_share: float


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Slot:
    """One authority's mail of one moment."""

    authority: int
    at: datetime


def too_much(connection: Connection, bundles: Sequence[Bundle], *, fuse: Fuse) -> dict[Slot, dict[str, int]]:
    """Return the slots that would send too much with these bundles, to all or to one, with the counts that say so."""
    planned: dict[Slot, Counter[str]] = defaultdict(Counter)
    for bundle in bundles:
        if not bundle.confidential:
            planned[Slot(authority=bundle.authority, at=bundle.slot_at)][bundle.recipient] += 1
    found = {}
    for slot, counts in planned.items():
        together = counts + Counter(_of_slot(connection, slot))
        total, most = together.total(), max(together.values())
        if total > fuse.per_slot or most > fuse.per_recipient:
            found[slot] = {"messages": total, "most_to_one": most}
    return found


def blow_by_refusals(store: Store, transaction: Transaction, slots: Iterable[Slot], *, fuse: Fuse) -> None:
    """Hold what waits of each slot of which too large a share was refused."""
    for slot in sorted(slots):
        states = _states(transaction.connection, slot)
        no, yes = states.get(MessageState.REFUSED, 0), states.get(MessageState.SENT, 0)
        if no + yes >= FEWEST and no > fuse.refused_share * (no + yes):
            stop_slot(store, transaction, slot, why={"refused": no, "sent": yes})


def _states(connection: Connection, slot: Slot) -> dict[MessageState, int]:
    query = (
        select(MESSAGE.c.state, func.count(MESSAGE.c.id.distinct()))
        .join(NOTICE, NOTICE.c.message_id == MESSAGE.c.id)
        .where(NOTICE.c.slot_at == slot.at, NOTICE.c.authority_id == slot.authority)
        .group_by(MESSAGE.c.state)
    )
    return {MessageState(row[0]): row[1] for row in connection.execute(query)}


def _of_slot(connection: Connection, slot: Slot) -> dict[str, int]:
    query = (
        select(MESSAGE.c.recipient, func.count(MESSAGE.c.id.distinct()))
        .join(NOTICE, NOTICE.c.message_id == MESSAGE.c.id)
        .where(
            NOTICE.c.slot_at == slot.at,
            NOTICE.c.authority_id == slot.authority,
            MESSAGE.c.state != MessageState.CANCELLED.value,
            MESSAGE.c.kind.not_in(SECRET),
        )
        .group_by(MESSAGE.c.recipient)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def stop_slot(store: Store, transaction: Transaction, slot: Slot, *, why: dict[str, Any]) -> None:
    """Hold what still waits of a slot and ask the standing body to look at it; journaled when it held anything."""
    waiting = update(MESSAGE).where(
        MESSAGE.c.authority_id == slot.authority,
        MESSAGE.c.slot_at == slot.at,
        MESSAGE.c.state == MessageState.QUEUED.value,
        MESSAGE.c.kind.not_in(SECRET),
    )
    stopped = transaction.connection.execute(waiting.values(state=MessageState.HELD.value)).rowcount
    if stopped:
        payload = {"slot": slot.at.isoformat(), "held": stopped, **why}
        transaction.entries.append(Entry(authority=slot.authority, action="fuse", payload=payload))
        raise_alarms(store, transaction, [Alarm(authority=slot.authority, subject=f"fuse/{slot.at.date().isoformat()}")])
