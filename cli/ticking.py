"""Ticks asked for on the command line: now, at a given moment of a sandbox, or one a day between two days."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from config.clock import utc_now
from config.settings import settings
from flows.deliver import deliver
from flows.driving import Company, Progress, Route, drive
from flows.engine import engine_name
from flows.running import run
from flows.tick import Ticked, tick
from notifications.delivery import post_office
from store.commands.rehearsing import make_moves
from store.leases import give_back
from store.queries.sandboxes import all_sandboxes, first_route
from tasks.delivering import delivering_from
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.rehearsing import RehearsedMove
    from store.session import Store


class GivenTimeError(Exception):
    """A given moment is for sandboxes alone."""

    def __init__(self) -> None:
        """Say why and what to do."""
        super().__init__(
            "--at, --from and --to are for databases in which every authority is a sandbox; here real mail could leave for a wrong day"
        )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which ticks are asked for."""

    at: datetime | None = None
    since: date | None = None
    to: date | None = None
    deliver: bool = False
    moves: list[RehearsedMove] = field(default_factory=list)


def moment(store: Store, at: datetime | None) -> datetime:
    """Return the given moment (UTC if it names no zone), which only sandboxes accept, or the present one."""
    if at is None:
        return utc_now()
    with store.reading() as connection:
        if not all_sandboxes(connection):
            raise GivenTimeError
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@contextmanager
def _engine(store: Store) -> Iterator[None]:
    """Work as an engine of this process: its room, its post office; its leases end with it."""
    holder = engine_name()
    office = post_office(store, settings(), holder=holder)
    try:
        with working_in(Room(store=store, holder=holder)), delivering_from(office):
            yield
    finally:
        give_back(store, holder=holder, now=utc_now())


def run_ticks(store: Store, wanted: Wanted, *, progress: Progress | None) -> Ticked:
    """Run them, plainly."""
    with _engine(store):
        if wanted.since is None:
            return asyncio.run(_once(moment(store, wanted.at), deliver_too=wanted.deliver))
        return asyncio.run(_days(store, wanted, progress=progress))


async def _once(now: datetime, *, deliver_too: bool) -> Ticked:
    done: Ticked = await run(tick, now)
    if deliver_too:
        await run(deliver, now)
    return done


async def _days(store: Store, wanted: Wanted, *, progress: Progress | None) -> Ticked:
    with store.reading() as connection:
        if not all_sandboxes(connection):
            raise GivenTimeError
        cycle, calendar, slot = first_route(store, connection)
    since = wanted.since or calendar.local_date(utc_now())
    route = Route(first=since, last=wanted.to or since, calendar=calendar, slot=slot)

    async def post(now: datetime) -> None:
        await run(deliver, now)

    async def act(now: datetime) -> bool:
        today = calendar.local_date(now)
        return bool(await asyncio.to_thread(make_moves, store, cycle, [move for move in wanted.moves if move.on == today], now=now))

    return await drive(route, Company(post=post if wanted.deliver else None, act=act if wanted.moves else None, progress=progress))


async def deliver_once(store: Store, now: datetime) -> None:
    """Send what waits."""
    with _engine(store):
        await run(deliver, now)
