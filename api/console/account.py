"""One's own account: who one is, the password, the second factor, where one is signed in, the tokens. All by the API's own functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.forms import Flash, all_fields_of, fields_of, refused
from api.console.mails import moment
from api.console.outbox import done_flash
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.entering import MayEnter
from api.doors.signing_in import InSession, Person
from api.problems.answering import KINDS
from api.routes import account, passwords
from api.routes.cycles import Number
from api.wire.accounts import ChangePasswordIn, CodeIn, TokenIn, TokenMadeOut
from evaluation.accounts import TOKEN_LASTS, TOKEN_LASTS_AT_MOST, Scope, SignedInBy
from notifications.phrases import ROLES, pick
from store.passwords import SHORTEST
from store.queries.account_lists import identities_of, recovery_codes_left
from store.queries.health import answering
from store.queries.names import party_names

if TYPE_CHECKING:
    from api.console.deeds import Attempt
    from api.wire.accounts import SessionLineOut, TokenLineOut
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
DONE = {
    "password": N_("Đã đổi mật khẩu; mọi phiên đăng nhập khác đã kết thúc."),
    "drop": N_("Đã bỏ xác thực hai bước."),
    "session": N_("Đã kết thúc phiên đăng nhập."),
    "sessions": N_("Đã đăng xuất khỏi mọi nơi khác."),
    "token": N_("Đã thu hồi khóa truy cập."),
}
_HOW = {
    SignedInBy.PASSWORD: N_("bằng mật khẩu"),
    SignedInBy.LINK: N_("bằng liên kết gửi qua thư"),
    SignedInBy.OIDC: N_("bằng dịch vụ đăng nhập"),
}
SCOPES = {Scope.READ: N_("xem"), Scope.WRITE: N_("thay đổi")}
#: What browsers and systems call themselves, the telling words first.
_BROWSERS = ("Edg", "OPR", "CocCoc", "coc_coc", "Firefox", "Chrome", "Safari")
_BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "CocCoc": "Cốc Cốc", "coc_coc": "Cốc Cốc"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post that one holds today."""

    name: str
    role: str
    party: str


@dataclass(frozen=True, kw_only=True)
class SessionView:
    """Somewhere one is signed in."""

    id: int
    browser: str
    how: str
    address: str
    since: str
    seen: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class TokenView:
    """A token, without its text."""

    id: int
    name: str
    prefix: str
    scopes: str
    until: str
    used: str
    state: str  #: `good`, `revoked`, `over`


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a form of this page came to: what could not be done, or a token that is shown this once."""

    attempt: Attempt | None = None
    made: TokenMadeOut | None = None


@router.get("/account")
def account_page(visitor: Visits, person: InSession) -> HTMLResponse:
    """One's own account."""
    return _shown(visitor, person)


def _shown(visitor: Visitor, person: Person, said: Said | None = None) -> HTMLResponse:
    said = said or Said()
    served, zone = visitor.served, zone_of(person)
    sessions, tokens = account.list_sessions(person, served).items, account.list_tokens(person, served).items
    with answering(served.store) as connection:
        frame = frame_of(visitor, connection, here="account")
        facts: dict[str, Any] = {
            "posts": _posts(visitor, connection, person),
            "codes_left": recovery_codes_left(connection, person.account.id),
            "identities": [(one.issuer, moment(visitor, one.linked_at, zone=zone)) for one in identities_of(connection, person.account.id)],
        }
    facts |= {
        "account": person.account,
        "sessions": [_session(visitor, one, zone=zone) for one in sessions],
        "tokens": [_token(visitor, one, zone=zone) for one in tokens],
        "attempt": said.attempt,
        "made": said.made,
        "shortest": SHORTEST,
        "scopes": [(one.value, visitor.say(words)) for one, words in SCOPES.items()],
        "days": TOKEN_LASTS.days,
        "most_days": TOKEN_LASTS_AT_MOST.days,
        "service": served.settings.oidc_name if served.settings.oidc_issuer else "",
        "flash": _flash(visitor, said),
    }
    return page(visitor, "account.html", frame, facts, status=422 if said.attempt else 200)


def _flash(visitor: Visitor, said: Said) -> Flash | None:
    if said.attempt is not None:
        faults = "; ".join(words for _, words in said.attempt.faults)
        return Flash(tone="danger", title=said.attempt.title, text=" ".join(filter(None, (said.attempt.text, faults))))
    return done_flash(visitor, DONE)


def zone_of(person: Person) -> str:
    """Return the zone of the first post that somebody holds; where they hold none, Vietnam's."""
    return person.holdings[0].zone if person.holdings else "Asia/Ho_Chi_Minh"


def _posts(visitor: Visitor, connection: View, person: Person) -> list[PostView]:
    names = party_names(connection, keys=(), ids={one.party for one in person.holdings}).by_id
    return [
        PostView(name=one.name, role=pick(ROLES[one.role], language=visitor.language), party=names[one.party]) for one in person.holdings
    ]


def _session(visitor: Visitor, line: SessionLineOut, *, zone: str) -> SessionView:
    return SessionView(
        id=line.id,
        browser=browser_said(line.user_agent) or visitor.say("Trình duyệt không rõ"),
        how=visitor.say(_HOW[line.how]),
        address=line.address,
        since=moment(visitor, line.created_at, zone=zone),
        seen=moment(visitor, line.seen_at, zone=zone),
        current=line.current,
    )


def browser_said(agent: str) -> str:
    """Return a browser as its owner knows it, `Firefox · Windows`; empty where it says nothing that is known."""
    browser = next((one for one in _BROWSERS if one in agent), "")
    system = next((one for one in _SYSTEMS if one in agent), "")
    return " · ".join(filter(None, (_BROWSER_NAMES.get(browser, browser), system)))


def _token(visitor: Visitor, line: TokenLineOut, *, zone: str) -> TokenView:
    over = line.expires_at <= visitor.now
    return TokenView(
        id=line.id,
        name=line.name,
        prefix=line.prefix,
        scopes=", ".join(visitor.say(SCOPES[one]) for one in line.scopes),
        until=moment(visitor, line.expires_at, zone=zone),
        used="" if line.used_at is None else moment(visitor, line.used_at, zone=zone),
        state="revoked" if line.revoked_at is not None else "over" if over else "good",
    )


def _done(what: str) -> RedirectResponse:
    return RedirectResponse(f"/account?done={what}", status_code=303)


@router.post("/account/password")
async def change_password(request: Request, visitor: Visits, person: InSession, entering: MayEnter) -> Response:
    """Change the password."""
    fields = await fields_of(request)
    try:
        asked = ChangePasswordIn.model_validate({name: fields.get(name, "") for name in ("current", "password")})
        await passwords.change(asked, person, entering)
    except REFUSED as error:
        return await _again(visitor, person, error, action="password")
    return _done("password")


@router.post("/account/second-factor/drop")
async def drop_second_factor(request: Request, visitor: Visits, person: InSession, entering: MayEnter) -> Response:
    """Sign in without a second factor from now on."""
    fields = await fields_of(request)
    try:
        await account.drop_second_factor(CodeIn.model_validate({"code": fields.get("code", "").strip()}), person, entering)
    except REFUSED as error:
        return await _again(visitor, person, error, action="drop")
    return _done("drop")


@router.post("/account/sessions/end-others")
def end_other_sessions(visitor: Visits, person: InSession) -> Response:
    """Sign out everywhere else."""
    account.end_other_sessions(person, visitor.served, visitor.now)
    return _done("sessions")


@router.post("/account/sessions/{id}/end")  # noqa: FAST003  `Number` is its alias
def end_session(session: Number, visitor: Visits, person: InSession) -> Response:
    """Sign out somewhere."""
    account.end_session(session, person, visitor.served, visitor.now)
    return _done("session")


@router.post("/account/tokens")
async def create_token(request: Request, visitor: Visits, person: InSession, entering: MayEnter) -> Response:
    """Make a token, whose text this page shows once."""
    given = await all_fields_of(request)
    fields = dict(given)
    try:
        asked = TokenIn.model_validate(
            {"name": fields.get("name", "").strip(), "scopes": [value for name, value in given if name == "scopes"], **_days(fields)}
        )
        made = await run_in_threadpool(account.create_token, asked, person, entering)
    except REFUSED as error:
        return await _again(visitor, person, error, action="tokens", fields=fields)
    return await run_in_threadpool(_shown, visitor, person, Said(made=made))


def _days(fields: dict[str, str]) -> dict[str, str]:
    return {"days": fields["days"]} if fields.get("days", "").strip() else {}


@router.post("/account/tokens/{id}/revoke")  # noqa: FAST003  `Number` is its alias
def revoke_token(token: Number, person: InSession, entering: MayEnter) -> Response:
    """Make a token worthless."""
    account.revoke_token(token, person, entering)
    return _done("token")


async def _again(
    visitor: Visitor,
    person: Person,
    error: Exception,
    *,
    action: str,
    fields: dict[str, str] | None = None,
) -> HTMLResponse:
    """Show the page with what could not be done; passwords and codes are never written into a page."""
    attempt = refused(visitor, error, action=action, fields=fields or {})
    return await run_in_threadpool(_shown, visitor, person, Said(attempt=attempt))
