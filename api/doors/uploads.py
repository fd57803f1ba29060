"""Uploads: a body taken in as it comes, beside the event loop's back; a slow one holds up nobody."""

from __future__ import annotations

from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import Request

#: So much of an upload stays in memory.
IN_MEMORY = 1024 * 1024
_PIECE = 256 * 1024


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[BinaryIO]:
    """Take a request's body in, and give it as a file at its beginning; it is gone afterwards."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        waiting = bytearray()
        async for piece in request.stream():
            waiting += piece
            if len(waiting) >= _PIECE:
                await run_in_threadpool(spool.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(spool.write, bytes(waiting))
        spool.seek(0)
        yield cast("BinaryIO", spool)
