"""
The engine: asks what is due, every few seconds, delivers what waits, and does the jobs that people asked for.

APScheduler only ticks: no business date is in it, and what it forgets the next tick makes up. The flow `tick` is started only when
something is due; under Prefect when its API answers, else plainly. When Prefect fails before, during or after a body the same tick is run
plainly: what was done is found done.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

import httpx
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from config.clock import utc_now
from flows.deliver import deliver
from flows.jobs import do_waiting_jobs
from flows.papers import tend_papers
from flows.running import PREFECT_FAILURES, Mode, run, running
from flows.tick import Ticked, tick
from store.leases import give_back, renew_leases
from store.queries.due import due_work
from tasks.delivering import delivering_from
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from notifications.delivery import PostOffice
    from store.session import Store

log = structlog.get_logger()
PREFECT_ANSWERS_WITHIN_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
PAPERS_SECONDS = 30.0  #: how often it drafts the papers that rungs asked for
JOBS_SECONDS = 2.0  #: how often it looks for jobs: people wait for them


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One running engine."""

    room: Room
    office: PostOffice | None = None  #: None: it only ticks
    prefect_api: str = ""  #: empty: never under Prefect
    leaving: Event = field(default_factory=Event)  #: set when it is told to stop: a job in hand is given back
    in_hand: Lock = field(default_factory=Lock)  #: one job at a time

    async def tick_if_due(self, now: datetime) -> Ticked | None:
        """Tick if anything is due; one query and nothing else if not."""
        if not await asyncio.to_thread(self._anything_due, now):
            return None
        return await self._in_best_mode(lambda: run(tick, now))

    def _anything_due(self, now: datetime) -> bool:
        with self.room.store.reading() as connection:
            return bool(due_work(connection, now=now))

    async def deliver_waiting(self, now: datetime) -> None:
        """Send what has been decided and waits."""
        if self.office is None:
            return
        with working_in(self.room), delivering_from(self.office):
            await run(deliver, now)

    async def do_jobs(self, now: datetime) -> int:
        """Do the long work that people asked for, beside everything else; return how many jobs were taken. None while one is in hand."""
        if not self.in_hand.acquire(blocking=False):
            return 0
        try:
            return await asyncio.to_thread(do_waiting_jobs, self.room.store, holder=self.room.holder, now=now, leaving=self.leaving)
        finally:
            self.in_hand.release()

    async def tend_papers(self, now: datetime) -> None:
        """Draft the official papers that rungs asked for: they wait for a signature, not for a second."""
        await asyncio.to_thread(tend_papers, self.room.store, now=now)

    async def _in_best_mode(self, work: Callable[[], Awaitable[Ticked]]) -> Ticked:
        with working_in(self.room):
            if await prefect_answers(self.prefect_api):
                try:
                    with running(Mode.PREFECT):
                        return await work()
                except PREFECT_FAILURES:
                    log.warning("prefect.failed", then="the same tick runs plainly", exc_info=True)
            with running(Mode.PLAIN):
                return await work()


async def prefect_answers(api: str) -> bool:
    """Return whether a Prefect API answers its health question in time."""
    if not api:
        return False
    try:
        async with httpx.AsyncClient(timeout=PREFECT_ANSWERS_WITHIN_SECONDS) as client:
            return (await client.get(f"{api}/health")).is_success
    except httpx.HTTPError:
        return False


def engine_name() -> str:
    """Return the name under which this process holds leases."""
    return f"{socket.gethostname()}-{os.getpid()}"


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often each job comes, in seconds."""

    tick: float
    deliver: float


async def run_engine(engine: Engine, *, rhythm: Rhythm) -> None:
    """Tick, deliver and beat until the process is told to stop; the step in hand is finished first."""
    gc.freeze()  # what is imported stays: the collector need not look through it during every tick
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(_guarded, "interval", seconds=rhythm.tick, args=[engine.tick_if_due], next_run_time=utc_now())
    scheduler.add_job(_guarded, "interval", seconds=rhythm.deliver, args=[engine.deliver_waiting], next_run_time=utc_now())
    scheduler.add_job(_guarded, "interval", seconds=JOBS_SECONDS, args=[engine.do_jobs], max_instances=2, next_run_time=utc_now())
    scheduler.add_job(_guarded, "interval", seconds=PAPERS_SECONDS, args=[engine.tend_papers], next_run_time=utc_now())
    scheduler.add_job(_heartbeat, "interval", seconds=HEARTBEAT_SECONDS, args=[engine.room.store, engine.room.holder])
    scheduler.start()
    log.info("engine.started", holder=engine.room.holder)
    await stop.wait()
    engine.leaving.set()
    scheduler.shutdown(wait=True)
    await asyncio.to_thread(give_back, engine.room.store, holder=engine.room.holder, now=utc_now())
    log.info("engine.stopped", holder=engine.room.holder)


async def _guarded(job: Callable[[datetime], Awaitable[object]]) -> None:
    """Run a job; whatever it raises is logged, and the next one comes all the same."""
    try:
        await job(utc_now())
    except Exception:
        log.exception("engine.job_failed")


async def _heartbeat(store: Store, holder: str) -> None:
    await asyncio.to_thread(renew_leases, store, holder=holder, now=utc_now())
