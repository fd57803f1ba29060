"""Ticks asked for on the command line: now, at a given moment of a sandbox, or one a day between two days."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from cli.acting import moment as as_written
from cli.errors import ExitCode, RefusedError
from cli.logs import set_up_logs
from config.clock import utc_now
from config.settings import settings
from evaluation.workdays import ONE_DAY
from flows.deliver import Delivered, deliver
from flows.driving import Company, Progress, Route, drive
from flows.engine import engine_name
from flows.papers import tend_papers
from flows.running import run
from flows.tick import Ticked, tick
from notifications.delivery import post_office
from store.commands.rehearsing import make_moves
from store.leases import give_back
from store.queries.people import list_authorities
from store.queries.sandboxes import all_sandboxes, first_route
from tasks.delivering import delivering_from
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from evaluation.rehearsing import RehearsedMove
    from store.session import Store

ZONE = "Asia/Ho_Chi_Minh"  #: of a database without authorities


class GivenTimeError(Exception):
    """A given moment is for sandboxes alone."""

    def __init__(self) -> None:
        """Say why and what to do."""
        super().__init__(
            "--at, --from and --to are for databases in which every authority is a sandbox; here real mail could leave for a wrong day"
        )


class BrokenOffError(RefusedError):
    """Somebody pressed Ctrl-C between two days."""

    def __init__(self, until: date | None) -> None:
        """Say up to which day the ticks came."""
        vi, en = (
            ("đã dừng (Ctrl-C) trước khi xong ngày đầu tiên", "stopped (Ctrl-C) before the first day was done")
            if until is None
            else (f"đã dừng (Ctrl-C); đã xong đến hết ngày {until:%d/%m/%Y}", f"stopped (Ctrl-C); done up to and including {until}")
        )
        super().__init__(vi, en, code=ExitCode.INTERRUPTED)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which ticks are asked for."""

    at: str = ""  #: a moment as people write it; empty: the present one
    since: date | None = None
    to: date | None = None
    deliver: bool = False
    moves: list[RehearsedMove] = field(default_factory=list)


def moment(store: Store, at: str) -> datetime:
    """Return the given moment (local if it names no zone), which only sandboxes accept, or the present one."""
    if not at:
        return utc_now()
    with store.reading() as connection:
        if not all_sandboxes(connection):
            raise GivenTimeError
        zones = [one.zone for one in list_authorities(connection)]
    return as_written(at, zone=zones[0] if zones else ZONE)


@contextmanager
def _engine(store: Store) -> Iterator[None]:
    """Work as an engine of this process: its room, its post office; its leases end with it."""
    set_up_logs()
    holder = engine_name()
    office = post_office(store, settings(), holder=holder)
    try:
        with working_in(Room(store=store, holder=holder)), delivering_from(office), _without_warnings():
            yield
    finally:
        give_back(store, holder=holder, now=utc_now())


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep the engine's warnings off the screen of a person, who is told in a sentence; errors stay."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))
    try:
        yield
    finally:
        structlog.configure(**before)


def run_ticks(store: Store, wanted: Wanted, *, progress: Progress | None) -> Ticked:
    """Run them, plainly."""
    with _engine(store):
        if wanted.since is None:
            return asyncio.run(_once(store, moment(store, wanted.at), deliver_too=wanted.deliver))
        return _days(store, wanted, since=wanted.since, progress=progress)


async def _once(store: Store, now: datetime, *, deliver_too: bool) -> Ticked:
    done: Ticked = await run(tick, now)
    await _behind(store, now, deliver_too=deliver_too)
    return done


async def _behind(store: Store, now: datetime, *, deliver_too: bool) -> None:
    """Do what the engine does beside its ticks: draft the papers that are asked for, and send what waits where that is wanted."""
    await asyncio.to_thread(tend_papers, store, now=now)
    if deliver_too:
        await run(deliver, now)


def _days(store: Store, wanted: Wanted, *, since: date, progress: Progress | None) -> Ticked:
    """Tick once a day; broken off, say up to which day it came."""
    with store.reading() as connection:
        if not all_sandboxes(connection):
            raise GivenTimeError
        cycle, calendar, slot = first_route(store, connection)
    route = Route(first=since, last=wanted.to or since, calendar=calendar, slot=slot)
    come = 0

    def count(done: int, total: int) -> None:
        nonlocal come
        come = done
        if progress is not None:
            progress(done, total)

    async def post(now: datetime) -> None:
        await _behind(store, now, deliver_too=wanted.deliver)

    async def act(now: datetime) -> bool:
        today = calendar.local_date(now)
        return bool(await asyncio.to_thread(make_moves, store, cycle, [move for move in wanted.moves if move.on == today], now=now))

    company = Company(post=post, act=act if wanted.moves else None, progress=count)
    try:
        return asyncio.run(drive(route, company))
    except KeyboardInterrupt:
        raise BrokenOffError(since + (come - 1) * ONE_DAY if come else None) from None


def deliver_once(store: Store, now: datetime) -> Delivered:
    """Send what waits, and return what came of it."""
    with _engine(store):
        done: Delivered = asyncio.run(run(deliver, now))
    return done
