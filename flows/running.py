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

import httpx
from prefect import tags
from prefect.artifacts import acreate_link_artifact, acreate_table_artifact
from prefect.exceptions import PrefectException

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What can go wrong with Prefect itself, and with none of the work.
PREFECT_FAILURES = (PrefectException, httpx.HTTPError)


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


async def run(called: Any, /, *args: Any, labels: Sequence[str] = (), **kwargs: Any) -> Any:  # noqa: ANN401  whatever the called one takes and gives
    """Call a flow or task in the mode in force and return what it returns; under Prefect its run bears the labels as tags."""
    if mode() is Mode.PLAIN:
        return await _call(called.fn, is_async=inspect.iscoroutinefunction(called.fn), args=args, kwargs=kwargs)
    with tags(*labels):
        return await _call(called, is_async=inspect.iscoroutinefunction(called.fn), args=args, kwargs=kwargs)


async def _call(body: Any, *, is_async: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401  likewise
    if is_async:
        return await body(*args, **kwargs)
    return await asyncio.to_thread(body, *args, **kwargs)


async def leave_table(key: str, *, rows: list[dict[str, Any]], description: str) -> None:
    """Leave a table with the run for whoever opens the Prefect page; without Prefect there is no run to leave it with."""
    if mode() is Mode.PREFECT:
        await acreate_table_artifact(table=rows, key=key, description=description)


async def leave_link(key: str, *, link: str, words: str) -> None:
    """Leave a link with the run; without Prefect there is no run to leave it with."""
    if mode() is Mode.PREFECT:
        await acreate_link_artifact(link=link, link_text=words, key=key)
