"""
Gather: what is to leave is read, composed and frozen, a slice at a time.

Composing happens in a read-only view, outside any write; freezing is one short transaction per slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.outbox.alarms import Alarm, raise_alarms
from store.outbox.freezing import freeze
from store.outbox.gathering import gather
from store.outbox.mixing import take_back_mixed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notifications.composing import Composer
    from store.outbox.freezing import FrozenMail
    from store.outbox.fuses import Fuse
    from store.outbox.gathering import Bundle
    from store.session import Store

#: Mails that are made and frozen together: as many as a transaction of a few hundredths of a second takes.
SLICE = 200


def gather_all(store: Store, compose: Composer, *, fuse: Fuse, now: datetime, authority: int | None = None) -> int:
    """Make messages of all notices that are to leave by `now`; return how many messages."""
    take_back_mixed(store, now=now)
    total = 0
    while True:
        with store.reading() as connection:
            bundles = gather(connection, now=now, authority=authority)
        made = sum(_slice(store, compose, bundles[at : at + SLICE], fuse=fuse, now=now) for at in range(0, len(bundles), SLICE))
        total += made
        if made == 0:  # nothing is left, or nothing of it can be made now
            return total


def _slice(store: Store, compose: Composer, bundles: Sequence[Bundle], *, fuse: Fuse, now: datetime) -> int:
    mails = compose(store, bundles, now=now)
    if len(mails) < len(bundles):
        _say_not_made(store, bundles, mails, now=now)
    return freeze(store, mails, now=now, fuse=fuse)


def _say_not_made(store: Store, bundles: Sequence[Bundle], mails: Sequence[FrozenMail], *, now: datetime) -> None:
    """Ask the standing body to look at notices of which no mail could be made: they wait, and are never silent."""
    made = {mail.bundle.notices for mail in mails}
    missing = [bundle for bundle in bundles if bundle.notices not in made]
    with store.transaction(now=now) as transaction:
        raise_alarms(store, transaction, [Alarm(authority=one.authority, subject=f"mail-not-made/{one.kind}") for one in missing])
