"""A browser at the doors: its cookies, its CSRF token, and the links that were mailed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.installation_key import installation_key
from config.settings import Settings
from store.schema import ONE_TIME_LINK
from store.secrets import Secrets
from tests.accounts import PASSWORD

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx import Response

    from tests.api.conftest import Web

API = "/api/v1"


@dataclass(kw_only=True)
class Browser:
    """One browser, as a page of ours would use it."""

    client: TestClient
    csrf: str = ""

    def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Response:
        """A request with the session's token, as our page sends it."""
        given = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        extra = {"json": json} if json is not None else {}
        answer: Response = self.client.request(method, API + path, headers={**given, **headers}, **extra)
        return answer

    def sign_in(self, email: str, password: str = PASSWORD) -> Response:
        """A try to sign in."""
        return self._kept(self("POST", "/session", {"email": email, "password": password}))

    def give_code(self, code: str) -> Response:
        """A try to give a code."""
        return self._kept(self("POST", "/session/second-factor", {"code": code}))

    def use_link(self, token: str) -> Response:
        """A try to sign in by a link."""
        return self._kept(self("POST", "/session/link/use", {"token": token}))

    def _kept(self, answer: Response) -> Response:
        if answer.is_success:
            self.csrf = answer.json()["csrf"]
        return answer

    @property
    def cookie(self) -> str:
        """The session's cookie."""
        return self.client.cookies.get("dondoc-session") or ""


def secrets_of(web: Web) -> Secrets:
    """The installation's."""
    return Secrets(key=installation_key(Settings(_env_file=None, home=web.home)))


def mailed_tokens(web: Web) -> list[tuple[str, str]]:
    """Purpose and token of every link that was made, as the mails will carry them."""
    with web.store.reading() as connection:
        rows = connection.execute(select(ONE_TIME_LINK.c.purpose, ONE_TIME_LINK.c.nonce).order_by(ONE_TIME_LINK.c.id)).all()
    return [(row.purpose, secrets_of(web).link_token(row.purpose, row.nonce)) for row in rows]


def problem(answer: Response) -> tuple[int, str]:
    """Status and kind of a problem."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:dondoc:")
