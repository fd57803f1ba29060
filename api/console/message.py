"""One mail: exactly as it left, why it was sent, how often it was tried, and what can still be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.forms import fields_of, refused
from api.console.grounds import ground_views
from api.console.mails import MAIL_DEEDS, OUTCOMES, deeds_for, letter_of, mail_views, moment, recipients_said
from api.console.outbox import BASIS, REFUSED, REMARK, changing_by, done_flash, may
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.guarding import POLICY
from api.doors.signing_in import Person, SignedIn
from api.problems.errors import NoMessageError
from api.routes import mail
from api.routes.cycles import Number
from api.routes.why import is_recipient
from api.whose import require_on_authority
from api.wire.work import RemarkIn
from evaluation.rights_table import Action
from store.queries.health import answering
from store.queries.outbox import read_message
from store.queries.people import authority_of_message
from store.queries.why import why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.deeds import Attempt
    from store.queries.health import View
    from store.queries.outbox import MessageView
    from store.queries.people import AuthorityFacts

router = APIRouter(default_response_class=HTMLResponse)
#: A mail's own form may be painted by what it brings, and do nothing at all: no script, no form, no address but its own.
LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_ACTS = {"release": mail.release, "resend": mail.send_again, "count-as-sent": mail.say_sent}
_NO_BODY = N_("Nội dung thư này không được lưu.")


@dataclass(frozen=True, kw_only=True)
class TryView:
    """A try at sending."""

    at: str
    outcome: str
    answer: str


@router.get("/outbox/{id}")  # noqa: FAST003  `Number` is its alias
def message_page(message: Number, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """A mail."""
    return _shown(visitor, person, message)


def _shown(visitor: Visitor, person: Person, message: int, *, attempt: Attempt | None = None) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        authority, view = _read(visitor, connection, person, message)
        frame = frame_of(visitor, connection, here="outbox")
        line = view.line
        names = recipients_said(connection, [line.recipient])
        facts = {
            "mail": mail_views(visitor, [line], names, zone=authority.zone)[0],
            "view": view,
            "letter": None if view.body is None else letter_of(view.body),
            "tries": [
                TryView(
                    at=moment(visitor, one.at, zone=authority.zone),
                    outcome=visitor.say(OUTCOMES[one.outcome]) if one.outcome in OUTCOMES else one.outcome,
                    answer=" ".join(filter(None, (str(one.code or ""), one.answer))),
                )
                for one in view.attempts
            ],
            "grounds": ground_views(visitor, connection, why(visitor.served.store, connection, str(message)), zone=authority.zone),
            "deeds": [one for one in deeds_for(line.state) if may(visitor, connection, one.action, authority=authority.id)],
        }
    facts |= {"attempt": attempt, "remark": REMARK, "basis": BASIS, "once": uuid4().hex, "no_body": visitor.say(_NO_BODY)}
    facts["flash"] = done_flash(visitor, {one.path: one.done for one in MAIL_DEEDS})
    answer = page(visitor, "message.html", frame, facts, status=422 if attempt else 200)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def _read(visitor: Visitor, connection: View, person: Person, message: int) -> tuple[AuthorityFacts, MessageView]:
    """Return a mail to whoever may read the outbox, and to whom it went. NoMessageError, NotAllowedError."""
    authority = authority_of_message(connection, message)
    if authority is None or authority.id not in person.authorities:
        raise NoMessageError(message)
    view = read_message(connection, message)
    if not is_recipient(person, view.line.recipient):
        require_on_authority(connection, person, Action.READ_OUTBOX, authority=authority.id, now=visitor.now)
    return authority, view


@router.get("/outbox/{id}/html")  # noqa: FAST003  `Number` is its alias
def message_html(message: Number, visitor: Visits, person: SignedIn) -> Response:
    """A mail's own form, for a frame in which nothing of it can act."""
    with answering(visitor.served.store) as connection:
        _, view = _read(visitor, connection, person, message)
    letter = None if view.body is None else letter_of(view.body)
    if letter is None or not letter.html:
        raise NoMessageError(message)
    return HTMLResponse(letter.html, headers={"Content-Security-Policy": LETTER_POLICY})


@router.post("/outbox/{id}/{verb}")  # noqa: FAST003  `Number` is its alias
async def decide_on(message: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Let a mail go, send it again or count it as sent, by the API's own functions."""
    act = _ACTS.get(verb)
    if act is None:
        raise NoMessageError(message)
    fields = await fields_of(request)
    changing = await changing_by(visitor, person, fields)
    try:
        await run_in_threadpool(lambda: act(message, _remark(fields), changing))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields)
        return await run_in_threadpool(lambda: _shown(visitor, person, message, attempt=attempt))
    return RedirectResponse(f"/outbox/{message}?done={verb}", status_code=HTTPStatus.SEE_OTHER)


def _remark(fields: Mapping[str, str]) -> RemarkIn:
    return RemarkIn.model_validate({name: fields[name] for name in ("reason", "basis") if fields.get(name, "").strip()})
