"""
Running: how flows and tasks call each other, with or without Prefect.

The mode is chosen once by whoever starts and carried in a ContextVar; everything else calls `run(f, …)`. In plain mode `f.fn` is called:
coroutines are awaited, synchronous steps go to a worker thread, so that delivery's I/O never waits for a transaction.
"""

from __future__ import annotations

import asyncio
import inspect
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mode(StrEnum):
    """How flows run."""

    PLAIN = "plain"  #: as the functions they are
    PREFECT = "prefect"  #: as runs that the Prefect server sees


_mode: ContextVar[Mode] = ContextVar("dondoc_mode", default=Mode.PLAIN)


@contextmanager
def running(mode: Mode) -> Iterator[None]:
    """Run everything called inside in that mode."""
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)


def mode() -> Mode:
    """Return the mode that is in force."""
    return _mode.get()


async def run(called: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call a flow or task in the mode in force and return what it returns."""
    body = called.fn if mode() is Mode.PLAIN else called
    if inspect.iscoroutinefunction(called.fn):
        return await body(*args, **kwargs)
    return await asyncio.to_thread(body, *args, **kwargs)
