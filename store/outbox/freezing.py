"""
Freezing: bundles become messages with their exact bytes, in one transaction; what was cancelled meanwhile is left out.

Nothing here renders: the bytes were made before, outside any write.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.lives import MOST_IDS
from store.outbox.alarms import refused
from store.outbox.fuses import Slot, stop_slot
from store.outbox.gathering import Bundle, gather, gathered_so_far, is_held
from store.outbox.states import MessageState
from store.schema import AUTHORITY, CYCLE, MESSAGE, MESSAGE_BODY, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenMail:
    """The exact mail that a bundle became; no address: nobody can be written to."""

    bundle: Bundle
    header_id: str
    address: str
    subject: str
    body: bytes


#: In whatever order the database likes: sorted, SQLite would insert them one by one.
_INSERT = insert(MESSAGE).returning(MESSAGE.c.header_id, MESSAGE.c.id)
_TAKE = update(NOTICE).where(NOTICE.c.id == bindparam("b_notice")).values(message_id=bindparam("b_message"))


def freeze(store: Store, mails: Sequence[FrozenMail], *, now: datetime, stopped: Mapping[Slot, dict[str, int]]) -> int:
    """
    Insert the messages, `queued` or `held`, and return how many.

    `stopped` are the slots that the fuse holds, and why. A bundle of which a notice was cancelled or gathered by somebody else
    meanwhile is left out: the next gathering has what
    remains of it.
    """
    try:
        with store.transaction(now=now) as transaction:
            held = _still_free(transaction.connection, [notice for mail in mails for notice in mail.bundle.notices])
            whole = [mail for mail in mails if held.keys() >= set(mail.bundle.notices)]
            fresh = _in_number(transaction.connection, whole)
            rows = [_row(mail, held=held, now=now) for mail in fresh]
            ids = _insert(transaction.connection, rows, notices=[mail.bundle.notices for mail in fresh])
            _insert_bodies(transaction.connection, zip(ids, fresh, strict=True))
            refused(store, transaction, [ident for ident, mail in zip(ids, fresh, strict=True) if not mail.address])
            for slot in sorted({Slot(authority=mail.bundle.authority, at=mail.bundle.slot_at) for mail in fresh} & stopped.keys()):
                stop_slot(store, transaction, slot, why=stopped[slot])
            return len(fresh)
    except IntegrityError:  # another engine gathered the same recipient and slot at this moment: ours was not written
        return 0


def _still_free(connection: Connection, notices: Sequence[int]) -> dict[int, bool]:
    """Return the notices that no message carries and nobody cancelled, locked; and whether each is held now."""
    found: dict[int, bool] = {}
    for start in range(0, len(notices), MOST_IDS):
        query = (
            select(NOTICE.c.id, is_held())
            .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
            .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
            .where(NOTICE.c.id.in_(notices[start : start + MOST_IDS]), NOTICE.c.message_id.is_(None), NOTICE.c.cancelled.is_(False))
            .order_by(NOTICE.c.id)
            .with_for_update(of=NOTICE, key_share=True)
        )
        found |= {ident: bool(held) for ident, held in connection.execute(query)}
    return found


def _in_number(connection: Connection, mails: Sequence[FrozenMail]) -> list[FrozenMail]:
    """Return the mails whose number is still the next one of their recipient and slot."""
    numbers = gathered_so_far(connection, {(m.bundle.authority, m.bundle.recipient, m.bundle.slot_at) for m in mails})
    fresh = []
    for mail in mails:
        place = (mail.bundle.authority, mail.bundle.recipient, mail.bundle.slot_at)
        if mail.bundle.number == numbers.get(place, 0) + 1:
            numbers[place] = mail.bundle.number
            fresh.append(mail)
    return fresh


def _row(mail: FrozenMail, *, held: dict[int, bool], now: datetime) -> dict[str, Any]:
    bundle = mail.bundle
    state = MessageState.HELD if any(held[notice] for notice in bundle.notices) else MessageState.QUEUED
    return {
        **_head(bundle, header_id=mail.header_id, now=now),
        "state": (state if mail.address else MessageState.REFUSED).value,
        "address": mail.address,
        "subject": "" if bundle.confidential else mail.subject,
        "sent_at": None,
    }


def _head(bundle: Bundle, *, header_id: str, now: datetime) -> dict[str, Any]:
    return {
        "authority_id": bundle.authority,
        "recipient": bundle.recipient,
        "slot_at": bundle.slot_at,
        "gathering": bundle.number,
        "at": now,
        "header_id": header_id,
        "kind": bundle.kind.value,
        "confidential": bundle.confidential,
        "official": bundle.official,
        "claimed_by": "",
        "attempts": 0,
    }


def _insert(connection: Connection, rows: Sequence[dict[str, Any]], *, notices: Sequence[tuple[int, ...]]) -> list[int]:
    if not rows:
        return []
    by_header = {row[0]: int(row[1]) for row in connection.execute(_INSERT, rows)}
    ids = [by_header[row["header_id"]] for row in rows]
    pairs = chain.from_iterable(((notice, ident) for notice in own) for ident, own in zip(ids, notices, strict=True))
    connection.execute(_TAKE, [{"b_notice": notice, "b_message": ident} for notice, ident in pairs])
    return ids


def _insert_bodies(connection: Connection, mails: Iterable[tuple[int, FrozenMail]]) -> None:
    rows = [{"message_id": ident, "body": mail.body} for ident, mail in mails]
    if rows:
        connection.execute(insert(MESSAGE_BODY), rows)


def post_without_sending(store: Store, now: datetime, *, authority: int | None = None) -> int:
    """
    Gather all that is to leave by `now` and count it as sent, without bytes; return how many messages.

    For rehearsals: the grouping is the delivery's own, so the counts per person and day are those of the real thing. They run in
    sandboxes, which keep no hours in the delivery either.
    """
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        bundles = gather(connection, now=now, authority=authority, at_most=None)
        if not bundles:
            return 0
        rows = [
            {
                **_head(bundle, header_id=bundle.header_id("rehearsal.invalid"), now=now),
                "state": (MessageState.HELD if bundle.held else MessageState.SENT).value,
                "address": "",
                "subject": "",
                "sent_at": None if bundle.held else transaction.now,  # nothing left: there is no other time
            }
            for bundle in bundles
        ]
        _insert(connection, rows, notices=[bundle.notices for bundle in bundles])
        return len(rows)
