"""Hashing passwords: in threads of its own and few at a time, so that signing in keeps no other request waiting."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from api.doors.errors import BusyError
from store.passwords import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings

Answer = TypeVar("Answer")
#: So many may wait for each that is at work; at a third of a second each that is a few seconds.
MOST_WAITING = 16


class Hashing:
    """The app's one place where passwords are hashed."""

    def __init__(self, settings: Settings) -> None:
        """Make the threads; the cost is that of the settings."""
        self.keeper = Keeper(memory_kib=settings.argon2_memory_kib, rounds=settings.argon2_rounds)
        self._threads = ThreadPoolExecutor(max_workers=settings.hashing_at_once, thread_name_prefix="hashing")
        self._threads.submit(self.keeper.warm_up)
        self._most = settings.hashing_at_once * (1 + MOST_WAITING)
        self._under_way = 0

    async def is_right(self, password: str, *, kept: str) -> bool:
        """Return whether a password is the one kept; the same work where none is. BusyError if too many wait."""
        return await self._run(partial(self.keeper.is_right, password, kept=kept))

    async def hash(self, password: str) -> str:
        """Return what is kept of a password; BusyError if too many wait."""
        return await self._run(partial(self.keeper.hash, password))

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        if self._under_way >= self._most:
            raise BusyError
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
