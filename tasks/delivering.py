"""Tasks of the delivery; each may be run again at any time and finds only what is left to do."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from notifications.delivery import deliver_all
from store.outbox.answering import resend_unanswered
from store.outbox.recording import find_lost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from notifications.delivery import PostOffice, Sent

_office: ContextVar[PostOffice] = ContextVar("dondoc_post_office")


@contextmanager
def delivering_from(office: PostOffice) -> Iterator[None]:
    """Let every task of the delivery called inside work from that post office."""
    token = _office.set(office)
    try:
        yield
    finally:
        _office.reset(token)


def this_office() -> PostOffice:
    """Return the post office that is in force; LookupError outside of one."""
    return _office.get()


@task(name="settle what is in doubt", cache_policy=NO_CACHE)
def settle_doubts(now: datetime) -> int:
    """Find the messages that were on their way when their engine went, and resend the reminders that nobody answered for."""
    store = this_office().store
    return find_lost(store, now=now) + resend_unanswered(store, now=now)


@task(name="deliver mail", cache_policy=NO_CACHE)
async def deliver_mail(now: datetime, *, authority: int | None = None) -> Sent:
    """Make messages of all notices that are to leave by now, and send what waits."""
    return await deliver_all(this_office(), now=now, authority=authority)
