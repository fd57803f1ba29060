"""The pages to come in by: signing in, the links of mails, the second factor. Everything they do, the JSON doors do."""

from __future__ import annotations

from typing import Annotated, TypeVar
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.asking import HasServed
from api.console.door_views import Door, code_door, link_door, said_door, sign_in_door
from api.console.rendering import render
from api.doors.entering import MayEnter
from api.doors.errors import WrongSignInError
from api.doors.signing_in import HalfSignedIn, SecondFactor
from api.languages import Spoken
from api.routes import passwords, session
from api.wire.accounts import AddressIn, CodeIn, LinkIn, NewPasswordIn, SessionOut, SignInIn
from api.wire.responses import html
from evaluation.accounts import Purpose, local_path
from notifications.letters import Language
from store.queries.branding import Head, head_of_house
from store.queries.health import DatabaseSilentError, answering

router = APIRouter(default_response_class=HTMLResponse)
Given = TypeVar("Given", bound=BaseModel)
Token = Annotated[str, Path(max_length=200)]
SECOND_FACTOR = "/second-factor"


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form; of one that is given twice the last."""
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


def _read(kind: type[Given], fields: dict[str, str]) -> Given:
    try:
        return kind.model_validate({name: value for name, value in fields.items() if name in kind.model_fields})
    except ValidationError:
        raise WrongSignInError from None


def _page(door: Door, *, language: Language, house: Head | None = None) -> HTMLResponse:
    return html(render("door.html", language=language, door=door, house=house, path="/sign-in"), language=language)


def _go_on(entered: SessionOut, *, to: str, kept: Response) -> RedirectResponse:
    """Send a browser that was let in on its way, with its cookies; to the second factor first, where one is awaited."""
    path = SECOND_FACTOR if entered.second_factor is SecondFactor.NEEDED else local_path(to)
    answer = RedirectResponse(path, status_code=303)
    answer.raw_headers.extend((name, value) for name, value in kept.raw_headers if name == b"set-cookie")
    return answer


@router.get("/sign-in")
def sign_in_page(served: HasServed, language: Spoken, to: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> HTMLResponse:
    """Where one signs in, under the head of whose installation it is."""
    service = served.settings.oidc_name if served.settings.oidc_issuer else ""
    try:
        with answering(served.store) as connection:
            house = head_of_house(connection)
    except DatabaseSilentError:
        house = None
    return _page(sign_in_door(language=language, next_path=local_path(to), service=service), language=language, house=house)


@router.post("/sign-in")
async def sign_in(request: Request, entering: MayEnter) -> Response:
    """Sign in by password."""
    fields, kept = await _form(request), Response()
    entered = await session.sign_in(_read(SignInIn, fields), entering, kept)
    return _go_on(entered, to=fields.get("next", "/"), kept=kept)


@router.post("/sign-in/link")
async def ask_for_link(request: Request, entering: MayEnter, language: Spoken) -> HTMLResponse:
    """Have a sign-in link mailed."""
    await session.ask_for_link(_read(AddressIn, await _form(request)), entering)
    return _page(said_door(language=language), language=language)


@router.post("/sign-in/reset")
async def ask_for_reset(request: Request, entering: MayEnter, language: Spoken) -> HTMLResponse:
    """Have a link mailed that sets a new password."""
    await passwords.ask_for_reset(_read(AddressIn, await _form(request)), entering)
    return _page(said_door(language=language), language=language)


@router.get("/links/{purpose}/{token}")
async def link_page(purpose: Purpose, token: Token, language: Spoken) -> HTMLResponse:
    """Where a mailed link leads; nothing is used up by looking."""
    return _page(link_door(purpose, language=language, action=f"/links/{purpose}/{token}"), language=language)


@router.post("/links/{purpose}/{token}")
async def use_link(purpose: Purpose, token: Token, request: Request, entering: MayEnter) -> Response:
    """Use a mailed link up: sign in, set a new password, or begin."""
    kept, fields = Response(), {**await _form(request), "token": token}
    if purpose is Purpose.RESET:
        await passwords.reset(_read(NewPasswordIn, fields), entering)
        return RedirectResponse("/sign-in", status_code=303)
    if purpose is Purpose.SIGN_IN:
        entered = await session.sign_in_by_link(_read(LinkIn, fields), entering, kept)
    else:
        entered = await passwords.accept(_read(NewPasswordIn, fields), entering, kept)
    return _go_on(entered, to="/", kept=kept)


@router.get(SECOND_FACTOR)
async def code_page(person: HalfSignedIn, language: Spoken) -> Response:
    """Where a code is asked for; where there is no second factor yet and one must be, where it is set up."""
    if person.second_factor is SecondFactor.TO_BE_SET_UP:
        return RedirectResponse("/account/second-factor", status_code=303)
    assert person.session is not None  # noqa: S101  half signed in
    return _page(code_door(language=language, csrf=person.session.csrf), language=language)


@router.post(SECOND_FACTOR)
async def give_code(person: HalfSignedIn, request: Request, entering: MayEnter) -> Response:
    """Give a code."""
    kept = Response()
    entered = await session.give_second_factor(_read(CodeIn, await _form(request)), person, entering, kept)
    return _go_on(entered, to="/", kept=kept)
