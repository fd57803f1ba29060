"""
An engine that is killed: days of ticks in a process of their own, which kills itself before its n-th statement.

`multiprocessing` imports this by name in the fork server, so it is a module beside the tests.
"""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import date, time
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sqlalchemy import event, select

from config.calendar_files import shipped_calendar
from flows.tick import tick
from store.commands.steps import TICK_DONE
from store.schema import JOURNAL, OBLIGATION, RUNG, STAGE
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from store.session import Store

#: Openings, reminders, releases, escalations, a lock, digests.
DAYS = (date(2025, 1, 24), date(2025, 2, 6), date(2025, 3, 18), date(2025, 3, 24), date(2025, 4, 4), date(2025, 7, 8))
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload([__name__])


def tick_days(url: str, kill_before: int = 0, step_size: int = 2) -> int:
    """Tick every day in small steps and return how many statements and commits that took; die before the one of that number."""
    store = open_store(url, durable=False)
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", count)
    event.listen(store.engine, "commit", count)
    calendar = shipped_calendar()
    with working_in(Room(store=store, holder="test", step_size=step_size)):
        for on in DAYS:
            asyncio.run(tick.fn(calendar.instant(on, time(7, 30))))
    store.close()
    return sent


def killed(url: str, *, before: int) -> int | None:
    """Tick in another process until it kills itself; return its exit code."""
    process: ForkServerProcess = SERVER.Process(target=tick_days, args=(url, before))
    process.start()
    process.join(60)
    return process.exitcode


def normalised(store: Store) -> list[tuple[object, ...]]:
    """What the journal says happened, without ids, times and who: stage, party, subject, action, move and payload's actions."""
    with store.reading() as connection:
        query = (
            select(STAGE.c.key, OBLIGATION.c.party_id, OBLIGATION.c.subject, JOURNAL.c.action, JOURNAL.c.move, JOURNAL.c.payload)
            .select_from(JOURNAL)
            .outerjoin(STAGE, STAGE.c.id == JOURNAL.c.stage_id)
            .outerjoin(OBLIGATION, OBLIGATION.c.id == JOURNAL.c.obligation_id)
            .where(JOURNAL.c.action != TICK_DONE)  # a tick that broke off and one that made it up are one
            .order_by(JOURNAL.c.number)
        )
        entries: list[tuple[object, ...]] = [tuple(row) for row in connection.execute(query)]
        rungs = select(OBLIGATION.c.party_id, OBLIGATION.c.subject, RUNG.c.term, RUNG.c.rung, RUNG.c.outcome, RUNG.c.told)
        rows = connection.execute(rungs.join(OBLIGATION, OBLIGATION.c.id == RUNG.c.obligation_id).order_by(*RUNG.primary_key))
        return entries + [tuple(row) for row in rows]
