"""A small year with a post office and a real mail server: what delivery tests stand on."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from config.settings import Settings
from evaluation.actions import Remark
from flows.deliver import deliver
from notifications.delivery import PostOffice, post_office
from store.outbox.claiming import Route, claim
from store.outbox.recording import turn
from store.schema import MESSAGE, OBLIGATION
from store.verify import verify
from tasks.delivering import delivering_from
from tests.plain_mail import PlainComposer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.deliver import Delivered
    from store.session import Store
    from tests.conftest import SmallYear
    from tests.faulty_smtp import FaultyServer

WHY = Remark(reason="thử", basis="1/QĐ")
FIRST = date(2025, 1, 6)  # the plan opens: five units and bodies are told


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, smtp_connections=2, smtp_timeout_seconds=0.5, **changes)


@dataclass(frozen=True)
class Post:
    """A small year with a post office."""

    year: SmallYear
    office: PostOffice
    server: FaultyServer

    def deliver(self, now: datetime) -> Delivered:
        with delivering_from(self.office):
            return asyncio.run(deliver.fn(now))

    def tick_and_deliver(self, now: datetime) -> Delivered:
        self.year.tick(now)
        return self.deliver(now)

    def states(self) -> dict[str, int]:
        with self.year.store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(select(MESSAGE.c.state, func.count()).group_by(MESSAGE.c.state))}

    def messages(self, **where: Any) -> list[Any]:
        with self.year.store.reading() as connection:
            query = select(MESSAGE).order_by(MESSAGE.c.id)
            for name, value in where.items():
                query = query.where(MESSAGE.c[name] == value)
            return list(connection.execute(query))

    def repairs(self) -> list[str]:
        with self.year.store.reading() as connection:
            query = select(OBLIGATION.c.subject).where(OBLIGATION.c.subject.like("%-%/%") | OBLIGATION.c.subject.like("fuse/%"))
            return sorted(connection.execute(query.where(OBLIGATION.c.state.not_in(["accepted"]))).scalars())

    def change(self, statement: Any) -> None:
        with self.year.store.transaction(now=self.year.slot(FIRST)) as transaction:
            transaction.connection.execute(statement)

    def hurry(self) -> None:
        """The back-off has passed."""
        self.change(update(MESSAGE).values(next_try_at=None))

    def taken_ids(self) -> list[str]:
        return [mail["id"] for mail in self.server.taken]


def faults(store: Store) -> list[str]:
    """What verify finds, but that notices made by hand, whose cause is of stage 0, are not in the journal."""
    return [found for found in verify(store) if " of s:0:" not in found]


@contextmanager
def opened_post(year: SmallYear, server: FaultyServer) -> Iterator[Post]:
    """A post office whose sandbox server is this one, without faults yet; the store must hold afterwards."""
    (server.folder / "taken.jsonl").unlink(missing_ok=True)
    server.order()
    office = post_office(year.store, settings(sandbox_smtp=f"127.0.0.1:{server.port}", fuse_per_slot=1000), holder="test")
    yield Post(year, replace(office, compose=PlainComposer()), server)
    assert faults(year.store) == []


def slot(post: Post, on: date = FIRST) -> datetime:
    return post.year.slot(on)


def claimed(post: Post) -> list[int]:
    post.server.order({"at": "connect", "do": "drop"})
    post.tick_and_deliver(slot(post))
    post.hurry()
    return [parcel.message for parcel in claim(post.year.store, post.office.claimant, Route(sandbox=True), now=slot(post))]


def may_go(post: Post, messages: list[int]) -> set[int]:
    return turn(post.year.store, post.office.claimant, done=(), next_ones=messages, now=slot(post))
