"""
Gather: what is to leave is read, composed and frozen, a slice at a time.

Composing happens in a read-only view, outside any write; freezing is one short transaction per slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.outbox.alarms import Alarm, raise_alarms
from store.outbox.freezing import freeze
from store.outbox.fuses import too_much
from store.outbox.gathering import Hours, gather
from store.outbox.mixing import take_back_mixed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, time

    from notifications.composing import Composer
    from store.outbox.freezing import FrozenMail
    from store.outbox.fuses import Fuse, Slot
    from store.outbox.gathering import Bundle
    from store.session import Store

#: Mails that are made and frozen together: as many as a transaction of a few hundredths of a second takes.
SLICE = 200


@dataclass(frozen=True, kw_only=True)
class Gatherer:
    """What is gathered with, and who is told of each slice that has been frozen."""

    store: Store
    compose: Composer
    fuse: Fuse
    until: time  #: end of the mailing day, local
    told: Callable[[], bool] = lambda: True  #: answers whether to go on


def gather_all(gatherer: Gatherer, *, now: datetime, authority: int | None = None) -> int:
    """Make messages of all notices that are to leave by `now`, in working time where they wait for it; return how many messages."""
    store, hours = gatherer.store, Hours(store=gatherer.store, until=gatherer.until)
    take_back_mixed(store, now=now)
    total = 0
    while True:
        with store.reading() as connection:
            bundles = gather(connection, now=now, hours=hours, authority=authority, at_most=None)
            stopped = too_much(connection, bundles, fuse=gatherer.fuse)
        made = 0
        for start in range(0, len(bundles), SLICE):
            made += _slice(gatherer, bundles[start : start + SLICE], stopped=stopped, now=now)
            if not gatherer.told():
                return total + made
        total += made
        if made == 0:  # nothing is left, or nothing of it can be made now
            return total


def _slice(gatherer: Gatherer, bundles: Sequence[Bundle], *, stopped: Mapping[Slot, dict[str, int]], now: datetime) -> int:
    mails = gatherer.compose(gatherer.store, bundles, now=now)
    if len(mails) < len(bundles):
        _say_not_made(gatherer.store, bundles, mails, now=now)
    return freeze(gatherer.store, mails, now=now, stopped=stopped)


def _say_not_made(store: Store, bundles: Sequence[Bundle], mails: Sequence[FrozenMail], *, now: datetime) -> None:
    """Ask the standing body to look at notices of which no mail could be made: they wait, and are never silent."""
    made = {mail.bundle.notices for mail in mails}
    missing = [bundle for bundle in bundles if bundle.notices not in made]
    with store.transaction(now=now) as transaction:
        raise_alarms(store, transaction, [Alarm(authority=one.authority, subject=f"mail-not-made/{one.kind}") for one in missing])
