"""
The sign-in service (OpenID Connect), spoken to by Authlib: discovery, PKCE, state and nonce, the signature of what it says.

What must survive the way there and back (state, nonce, verifier, where to go on) is in a signed cookie of ten minutes.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from authlib.common.errors import AuthlibBaseError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

from api.doors.cookies import Cookies
from api.doors.errors import NoOidcError, OidcError
from store.commands.identities import Claimed
from store.secrets import Secrets

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from config.settings import Settings

PATH = "/api/v1/oidc/"
CALLBACK = f"{PATH}callback"
COOKIE_SECONDS = 600
TIMEOUT_SECONDS = 10.0
_NEXT = "next"
_SERVICE = "service"


class OidcCookie:
    """Keeps a signed cookie on the way to the sign-in service and back, and nowhere else."""

    def __init__(self, app: ASGIApp, *, key: bytes, cookies: Cookies) -> None:
        """Stand before an app."""
        self.app = app
        self.kept = SessionMiddleware(
            app,
            secret_key=key.hex(),
            session_cookie=cookies.oidc,
            max_age=COOKIE_SECONDS,
            path="/",
            same_site="lax",
            https_only=cookies.secure,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        ours = scope["type"] == "http" and scope["path"].startswith(PATH)
        await (self.kept if ours else self.app)(scope, receive, send)


@dataclass(frozen=True, kw_only=True)
class SignInService:
    """The service of the settings."""

    client: Any  #: Authlib's, which ships no types
    callback: str
    trusts_email: bool

    @classmethod
    def of(cls, settings: Settings) -> SignInService | None:
        """Return it; None where the settings name none."""
        if not settings.oidc_issuer:
            return None
        client = _authlib().register(
            name=_SERVICE,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value() or None,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": TIMEOUT_SECONDS},
        )
        return cls(client=client, callback=settings.base_url.rstrip("/") + CALLBACK, trusts_email=settings.oidc_trust_email)

    async def send_there(self, request: Request, *, next_path: str) -> Response:
        """Return the way to the service; OidcError if it does not answer."""
        request.session.clear()
        request.session[_NEXT] = next_path
        try:
            answer: Response = await self.client.authorize_redirect(request, self.callback)
        except (AuthlibBaseError, httpx.HTTPError, ValueError, RuntimeError) as error:
            raise OidcError from error
        return answer

    async def come_back(self, request: Request) -> tuple[Claimed, str]:
        """
        Return whom the service says it is, and where to go on; the cookie's state is used up.

        Raises:
            OidcError: it refused, the answer is not to our question, or its signature is not good.

        """
        next_path = str(request.session.get(_NEXT, "/"))
        try:
            token = await self.client.authorize_access_token(request)
            said = dict(token["userinfo"])
            if "email" not in said:
                said |= {name: value for name, value in (await self._asked(token, said)).items() if name in {"email", "email_verified"}}
        except (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError, KeyError, RuntimeError, TypeError) as error:
            raise OidcError from error
        finally:
            request.session.clear()
        claimed = Claimed(
            issuer=str(said["iss"]),
            subject=str(said["sub"]),
            email=str(said.get("email", "")),
            email_verified=self._is_verified(said),
        )
        return claimed, next_path

    def _is_verified(self, said: dict[str, Any]) -> bool:
        """Return whether the address may be believed: the service says so, or says nothing and is trusted without."""
        return said.get("email_verified") is True or (self.trusts_email and "email_verified" not in said)

    async def _asked(self, token: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        """Return what the service says when it is asked about the same person; it may leave the address out of its token."""
        told = dict(await self.client.userinfo(token=token))
        if told.get("sub") != said["sub"]:
            raise OidcError
        return told


def _authlib() -> Any:  # noqa: ANN401  ships no types
    """Return Authlib's registry, imported only where there is a service to speak to."""
    with warnings.catch_warnings():
        from authlib.deprecate import AuthlibDeprecationWarning  # noqa: PLC0415  it lets its warnings through when it is imported

        warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # httpx2 is not among our dependencies yet
        from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415
    return OAuth()


def service_of(request: Request) -> SignInService:
    """Return the app's sign-in service; NoOidcError if there is none."""
    found: SignInService | None = request.app.state.sign_in_service
    if found is None:
        raise NoOidcError
    return found


def oidc_key(secrets: Secrets) -> bytes:
    """Return the key that signs the cookie."""
    return secrets.derived("oidc")
