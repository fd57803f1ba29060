"""The guard at the door: whom the app answers, and what every answer says to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from api.doors.errors import ForeignOriginError
from api.doors.hosts import ForeignHostError
from api.doors.signing_in import SAFE
from api.problems.answering import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.doors.hosts import Names

#: Nothing is loaded from elsewhere, nothing written in a page runs or paints, nobody frames us, forms lead to us. The style sheet of the
#: console draws its arrows itself (`data:`).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: Browsers say no Origin of our own forms where they may say no Referrer at all.
SAID = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: A year; said over TLS alone.
TRANSPORT = "max-age=31536000"


class Guard:
    """
    Refuses requests that name another host and changes that another site asks for.

    It answers HEAD as GET without its body, and adds the headers of safety.
    """

    def __init__(self, app: ASGIApp, *, names: Names, secure: bool) -> None:
        """Stand before an app."""
        self.app, self.names, self.secure = app, names, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        inner: Scope = {**scope, "method": "GET"} if head else scope
        wrong = self._wrong(Headers(scope=scope), scope["method"])
        app = self.app if wrong is None else answer(Request(scope), wrong)
        await app(inner, receive, _Sender(send, path=scope["path"], head=head, secure=self.secure))

    def _wrong(self, headers: Headers, method: str) -> Exception | None:
        host = headers.get("host", "")
        if not self.names.are_ours(host):
            return ForeignHostError(host)
        if method in SAFE:
            return None
        origin = headers.get("origin")
        foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        if foreign or (origin is not None and not self.names.is_own_origin(origin, host=host)):
            return ForeignOriginError()
        return None


class _Sender:
    def __init__(self, send: Send, *, path: str, head: bool, secure: bool) -> None:
        self._send, self._static, self._head, self._secure = send, path.startswith(("/static/", "/console/")), head, secure

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SAID.items():
                headers.setdefault(name, value)  # a file says a stricter policy of its own
            if self._secure:
                headers["Strict-Transport-Security"] = TRANSPORT
            headers.setdefault("Cache-Control", "max-age=3600" if self._static else "no-store")
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)
