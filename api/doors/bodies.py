"""Bodies of requests: neither too long nor too slow, whatever the browser says of their length."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LONG, TOO_SLOW = 413, 408
_CLOSED = {"Connection": "close"}
#: Where files are sent as bodies.
_UPLOADS = re.compile(r"/api/v1/obligations/\d+/evidence|/launch/people|(/api/v1)?/cycles/\d+/sheets\.xlsx")


class BodyTooLongError(HTTPException):
    """A body is longer than is taken."""

    def __init__(self, most: int) -> None:
        """Keep how long it may be, in bytes."""
        self.most = most
        super().__init__(TOO_LONG, headers=_CLOSED)


class UploadTooLongError(BodyTooLongError):
    """A body that is a file is longer than files may be."""


class BodyLimit:
    """Stops reading a body that passes its length or its time, and says so."""

    def __init__(self, app: ASGIApp, *, most: int, seconds: float, files: int) -> None:
        """Stand before an app; `files`: the longest body where files are sent, which may take longer in proportion."""
        self.app, self.most, self.seconds, self.files = app, most, seconds, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with a body that is counted and timed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        upload = scope["method"] == "POST" and _UPLOADS.fullmatch(scope["path"]) is not None
        most = max(self.files, self.most) if upload else self.most
        too_long = (UploadTooLongError if upload else BodyTooLongError)(most)
        said = Headers(scope=scope).get("content-length", "")
        reader = _Reader(receive, too_long=too_long, seconds=self.seconds * most / self.most, said=said)
        await self.app(scope, reader, send)


class _Reader:
    def __init__(self, receive: Receive, *, too_long: BodyTooLongError, seconds: float, said: str) -> None:
        self._receive, self._too_long, self._seconds, self._said = receive, too_long, seconds, said
        self._read = 0
        self._done = False
        self._until: float | None = None

    async def __call__(self) -> Message:
        if self._done:
            return await self._receive()
        with suppress(ValueError):
            if self._said and int(self._said) > self._too_long.most:
                raise self._too_long
        clock = asyncio.get_running_loop().time
        self._until = self._until or clock() + self._seconds
        try:
            message = await asyncio.wait_for(self._receive(), timeout=max(0.0, self._until - clock()))
        except TimeoutError:
            raise HTTPException(TOO_SLOW, headers=_CLOSED) from None
        self._read += len(message.get("body", b""))
        if self._read > self._too_long.most:
            raise self._too_long
        self._done = not message.get("more_body", False)
        return message
