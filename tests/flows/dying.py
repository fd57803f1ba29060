"""
An engine that is killed in the middle of a job, in a process of its own.

`multiprocessing` imports this by name in the fork server, so it is a module beside the tests.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from threading import Event
from typing import TYPE_CHECKING

from sqlalchemy import event

from flows.jobs import do_waiting_jobs
from store.session import open_store

if TYPE_CHECKING:
    from datetime import datetime

SERVER = get_context("forkserver")
SERVER.set_forkserver_preload([__name__])
COMMITS = 40  #: the claim, and so many hundredths


def work_until_killed(url: str, now: datetime) -> None:
    """Do what waits; die at a commit in the middle of it."""
    store = open_store(url, durable=False)
    committed = 0

    def count(*_: object) -> None:
        nonlocal committed
        committed += 1
        if committed == COMMITS:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "commit", count)
    do_waiting_jobs(store, holder="doomed", now=now, leaving=Event())


def dies_within(url: str, *, now: datetime) -> int | None:
    """Work in another process until it kills itself; return its exit code."""
    process = SERVER.Process(target=work_until_killed, args=(url, now))
    process.start()
    process.join(60)
    return process.exitcode
