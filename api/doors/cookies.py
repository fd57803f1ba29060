"""Cookies: the session's and the known browser's; host-bound and Secure over TLS, never readable by scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.secrets import Secrets, new_token

if TYPE_CHECKING:
    from fastapi import Request, Response

    from config.settings import Settings
    from store.commands.sessions import Opened

DEVICE_SECONDS = 180 * 24 * 3600
_DEVICE = "device"


@dataclass(frozen=True, kw_only=True)
class Cookies:
    """The names and marks of an installation's cookies."""

    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Cookies:
        """Return those of the settings."""
        return cls(secure=settings.is_https)

    @property
    def session(self) -> str:
        """Name of the session's."""
        return self._name("session")

    @property
    def device(self) -> str:
        """Name of the known browser's."""
        return self._name("device")

    @property
    def oidc(self) -> str:
        """Name of the one that lives while somebody is at the sign-in service."""
        return self._name("oidc")

    def _name(self, what: str) -> str:
        return f"__Host-dondoc-{what}" if self.secure else f"dondoc-{what}"

    def keep_session(self, response: Response, opened: Opened) -> None:
        """Give a browser its session; the cookie goes with the browser, the session by itself."""
        self._set(response, self.session, opened.token)

    def keep_device(self, response: Response, secrets: Secrets, *, account: int) -> None:
        """Let a browser be known as one in which an account has signed in wholly."""
        self._set(response, self.device, secrets.signed(_DEVICE, [account, new_token()]), max_age=DEVICE_SECONDS)

    def known_device(self, request: Request, secrets: Secrets, *, account: int) -> str:
        """Return by what a browser is known, if this account has signed in there before; else an empty text."""
        found = secrets.checked(_DEVICE, request.cookies.get(self.device, ""), max_age=DEVICE_SECONDS)
        return str(found[1]) if found is not None and found[0] == account else ""

    def drop_session(self, response: Response) -> None:
        """Take the session from a browser."""
        response.delete_cookie(self.session, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax")
