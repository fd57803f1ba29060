"""
Live: pages hear that something has moved, and ask for themselves anew.

The journal's last number is asked for once every two seconds, however many listen; who hears nothing new hears a sign of life.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.sight import MaySee, Seeing
from store.queries.frame import journal_heads
from store.queries.health import answering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from store.session import Store

router = APIRouter()
EVERY = 2.0  #: seconds between two looks at the journal
LASTS = 600.0  #: seconds; then the browser connects anew, and is asked again who it is


@dataclass(kw_only=True)
class Heads:
    """The last number of each journal, asked for at most so often."""

    store: Store
    _known: Mapping[int, int] = field(default_factory=dict)
    _asked_at: float = -EVERY
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def now(self) -> Mapping[int, int]:
        """Return the last numbers by authority, at most two seconds old."""
        async with self._asking:
            if monotonic() - self._asked_at >= EVERY:
                self._known = await run_in_threadpool(self._read)
                self._asked_at = monotonic()
        return self._known

    def _read(self) -> Mapping[int, int]:
        with answering(self.store) as connection:
            return journal_heads(connection)


@router.get("/live", response_class=EventSourceResponse)
async def live(request: Request, seen: MaySee) -> AsyncIterator[ServerSentEvent]:
    """Say `moved` whenever something was journaled of an authority of theirs."""
    heads: Heads = request.app.state.heads
    last, ends_at = _of(seen, await heads.now()), monotonic() + LASTS
    yield ServerSentEvent(comment="here")
    while monotonic() < ends_at and not await request.is_disconnected():
        await asyncio.sleep(EVERY)
        found = _of(seen, await heads.now())
        if found != last:
            yield ServerSentEvent(event="moved", data=sum(found.values()))
        last = found


def _of(seen: Seeing, heads: Mapping[int, int]) -> Mapping[int, int]:
    """Return the numbers of the authorities of whoever listens; of all of them where sandboxes are open."""
    return heads if seen.authorities is None else {one: number for one, number in heads.items() if one in seen.authorities}
