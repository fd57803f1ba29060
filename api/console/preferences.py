"""Preferences of a browser: its language; and leaving."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.asking import HasServed, Now
from api.doors.signing_in import HalfSignedIn
from api.languages import COOKIE
from api.routes import session
from evaluation.accounts import local_path
from notifications.letters import Language

router = APIRouter(default_response_class=HTMLResponse)
_A_YEAR = 365 * 24 * 3600


@router.get("/language/{language}")
def choose_language(language: Language, served: HasServed, to: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    """Let this browser's pages speak a language from now on."""
    answer = RedirectResponse(local_path(to), status_code=303)
    answer.set_cookie(COOKIE, language.value, max_age=_A_YEAR, path="/", secure=served.settings.is_https, samesite="lax", httponly=True)
    return answer


@router.post("/sign-out")
async def sign_out(person: HalfSignedIn, served: HasServed, now: Now) -> Response:
    """End the session of this browser."""
    answer = RedirectResponse("/sign-in", status_code=303)
    await session.sign_out(person, served, now, answer)
    return answer
