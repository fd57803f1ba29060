"""
The turnstile: where connections hand in what came of their mail and get the next.

All that ask at about the same time share one transaction, which records what came back and lets as many go as there are free
connections. A mail is known to be on its way before it is, so a crash leaves at most as many in doubt as there were connections.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING

import structlog

from store.outbox.claiming import Claimant, Parcel, Route, claim, give_up
from store.outbox.recording import Result, turn
from store.outbox.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from store.session import Store

log = structlog.get_logger()
#: So long a connection waits for others, so that their mails share a transaction.
MOST_WAIT_SECONDS = 0.03
_Asking = tuple[Result | None, "asyncio.Future[Parcel | None]"]


class Turnstile:
    """One route's way out. Its methods are called on the event loop; the database is touched in worker threads."""

    def __init__(self, store: Store, claimant: Claimant, route: Route, *, now: datetime) -> None:
        self.route = route
        self._store, self._claimant, self._now = store, claimant, now
        self._claimed: deque[Parcel] = deque()
        self._asking: list[_Asking] = []
        self._turning: asyncio.Task[None] | None = None
        self._under_way = 0
        self._all_back = asyncio.Event()
        self._stir = asyncio.Event()
        self._closed = False
        self._more_may_come = False
        self.outcomes: Counter[Outcome] = Counter()

    def expect_more(self) -> None:
        """Let connections wait for messages that are still being made."""
        self._more_may_come = True

    def tell_of_more(self, *, last: bool) -> None:
        """Say that messages were made; `last`: that no more will be."""
        self._more_may_come = not last
        self._stir.set()

    def close(self) -> None:
        """Let nothing more go."""
        self._closed = True
        self._stir.set()

    def leave(self) -> None:
        """Give back what was claimed and not tried (in a worker thread, when no connection is left)."""
        left, self._claimed = [parcel.message for parcel in self._claimed], deque()
        give_up(self._store, self._claimant, left, now=self._now)

    async def pass_through(self, done: Result | None) -> Parcel | None:
        """Hand in a result and return the next message, now `sending`; None when there is none for this connection."""
        future: asyncio.Future[Parcel | None] = asyncio.get_running_loop().create_future()
        self._asking.append((done, future))
        self._stir.set()
        if done is not None:
            self._came_back()
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn())
        return await future

    def _came_back(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._all_back.set()

    async def _wait_for_others(self) -> None:
        """Let the connections that are about to come back share the transaction: each one waits for the disk."""
        self._all_back.clear()
        if self._under_way:
            enough = asyncio.get_running_loop().call_later(MOST_WAIT_SECONDS, self._all_back.set)
            await self._all_back.wait()
            enough.cancel()

    async def _turn(self) -> None:
        while self._asking:
            await self._wait_for_others()
            self._stir.clear()
            may_wait = self._more_may_come  # asked before the database is: what is made meanwhile stirs again
            asking, self._asking = self._asking, []
            try:
                going = await asyncio.to_thread(self._exchange, [done for done, _ in asking])
            except Exception as error:  # noqa: BLE001  (whoever waits gets it)
                self.close()
                for _, future in asking:
                    future.set_exception(error)
                continue
            left = self._let_go(asking, going, may_wait=may_wait)
            if left:
                self._asking = left + self._asking
                await self._stir.wait()

    def _let_go(self, asking: Sequence[_Asking], going: Sequence[Parcel | None], *, may_wait: bool) -> list[_Asking]:
        """Give each connection its message, or word that there is none; return those who wait for more."""
        left: list[_Asking] = []
        for (done, future), parcel in zip(asking, going, strict=True):
            if parcel is None and may_wait and not self._closed and has_connection(done):
                left.append((None, future))
            else:
                self._under_way += parcel is not None
                future.set_result(parcel)
        return left

    def _exchange(self, asking: Sequence[Result | None]) -> list[Parcel | None]:
        """Record and let go, in a worker thread; the connections that could not be made get nothing."""
        done = [result for result in asking if result is not None]
        self._count(done)
        goes_on = [has_connection(result) for result in asking]
        parcels = iter(self._next(done, wanted=0 if self._closed else sum(goes_on)))
        return [next(parcels, None) if goes else None for goes in goes_on]

    def _count(self, done: Sequence[Result]) -> None:
        for result in done:
            self.outcomes[result.outcome] += 1
            if result.outcome is not Outcome.SENT:
                log.warning("mail.not_sent", message=result.parcel.message, outcome=result.outcome, code=result.code, answer=result.answer)
            if result.outcome is Outcome.STOPPED:
                self._closed = True

    def _next(self, done: Sequence[Result], *, wanted: int) -> list[Parcel]:
        going: list[Parcel] = []
        while len(going) < wanted:
            if not self._claimed:
                self._claimed.extend(claim(self._store, self._claimant, self.route, now=self._now))
            some = [self._claimed.popleft() for _ in range(min(wanted - len(going), len(self._claimed)))]
            if not some:
                break
            may_go = turn(self._store, self._claimant, done=done, next_ones=[parcel.message for parcel in some], now=self._now)
            done = ()
            going += [parcel for parcel in some if parcel.message in may_go]
        if done:
            turn(self._store, self._claimant, done=done, next_ones=(), now=self._now)
        return going


def has_connection(result: Result | None) -> bool:
    """Return whether whoever hands this in may be given another mail."""
    return result is None or result.outcome is not Outcome.DOWN
