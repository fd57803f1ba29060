"""
Setting up a second factor: the password, the drawing for the app, its first code, the recovery codes.

Open to whoever must have one before they may do anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from api.console.forms import fields_of, refused
from api.console.rendering import render
from api.console.visiting import Visitor
from api.doors.entering import MayEnter
from api.doors.signing_in import HalfSignedIn, Person, SecondFactor
from api.languages import Spoken
from api.problems.answering import KINDS
from api.routes import account
from api.sight import Seeing
from api.wire.accounts import CodeIn, PasswordIn
from api.wire.responses import html

if TYPE_CHECKING:
    from api.doors.entering import Entering
    from api.wire.accounts import EnrolmentOut
    from notifications.letters import Language

router = APIRouter(default_response_class=HTMLResponse)
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
PATH = "/account/second-factor"


@router.get(PATH)
def begin_page(person: HalfSignedIn, language: Spoken) -> HTMLResponse:
    """Where setting it up begins."""
    return _page(person, language, step="begin")


@router.post(PATH)
async def begin(person: HalfSignedIn, entering: MayEnter, language: Spoken) -> HTMLResponse:
    """Show what the app needs; it counts once a code was given."""
    fields = await fields_of(entering.request)
    try:
        enrolment = await account.begin_second_factor(PasswordIn.model_validate({"password": fields.get("password", "")}), person, entering)
    except REFUSED as error:
        return _page(person, language, step="begin", error=_said(error, person, entering, language))
    return _page(person, language, step="confirm", **_drawn(enrolment))


@router.post(f"{PATH}/confirm")
async def confirm(person: HalfSignedIn, entering: MayEnter, language: Spoken) -> Response:
    """Let it count, and show the recovery codes this once; a wrong code is asked for again."""
    fields, kept = await fields_of(entering.request), Response()
    try:
        made = await account.confirm_second_factor(CodeIn.model_validate({"code": fields.get("code", "").strip()}), person, entering, kept)
    except REFUSED as error:
        return _page(person, language, step="confirm", error=_said(error, person, entering, language), secret="", svg="")
    answer = _page(person, language, step="done", codes=made.codes)
    answer.raw_headers.extend((name, value) for name, value in kept.raw_headers if name == b"set-cookie")
    return answer


def _drawn(enrolment: EnrolmentOut) -> dict[str, Any]:
    """Return the secret in groups of four, and its drawing, which our own library made of it."""
    secret = enrolment.secret
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"secret": groups, "svg": Markup(enrolment.svg)}  # noqa: S704


def _said(error: Exception, person: Person, entering: Entering, language: Language) -> str:
    request: Request = entering.request
    visitor = Visitor(request=request, served=entering.served, seen=Seeing(person=person), now=entering.now, language=language)
    attempt = refused(visitor, error, action="second-factor", fields={})
    return f"{attempt.title}. {attempt.text}"


def _page(person: Person, language: Language, *, step: str, error: str = "", **facts: object) -> HTMLResponse:
    assert person.session is not None  # noqa: S101  half signed in
    must = person.second_factor is SecondFactor.TO_BE_SET_UP
    shown = {"step": step, "error": error, "csrf": person.session.csrf, "account": person.account, "must": must, "codes": [], **facts}
    return html(render("second_factor.html", language=language, path=PATH, **shown), language=language, status=422 if error else 200)
