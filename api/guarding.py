"""The guard at the door: whom the app answers, and what every answer says to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from api.hosts import ForeignHostError, names_this_machine
from api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Nothing is loaded from elsewhere, nothing runs, nobody frames us.
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SAID = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Guard:
    """Refuses requests that name another host, answers HEAD as GET without its body, and adds the headers of safety."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        inner: Scope = {**scope, "method": "GET"} if head else scope
        host = Headers(scope=scope).get("host", "")
        app = self.app if names_this_machine(host) else answer(Request(scope), ForeignHostError(host))
        await app(inner, receive, _Sender(send, path=scope["path"], head=head))


class _Sender:
    def __init__(self, send: Send, *, path: str, head: bool) -> None:
        self._send, self._static, self._head = send, path.startswith("/static/"), head

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(SAID)
            headers.setdefault("Cache-Control", "max-age=3600" if self._static else "no-store")
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)
