"""
The public page of a ballot: opened by a code, without anybody signing in, sent once.

No script, no cookie that it needs, nothing that says who is there; the strictest policy of any page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.asking import HasServed, Now
from api.console.forms import fields_of
from api.console.rendering import render
from api.languages import Spoken
from api.wire.responses import html
from store.commands.survey.ballots import UsedCodeError, answer_by_code, asked_by
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.asking import Served
    from notifications.letters import Language

router = APIRouter(prefix="/ballot", default_response_class=HTMLResponse)
Code = Annotated[str, Path(max_length=60)]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Robots-Tag": "noindex"}
_LONGEST_CODE = 60


@router.get("")
def type_code(language: Spoken) -> HTMLResponse:
    """Where a code is typed from paper."""
    return _page(language, {"asked": None})


@router.post("")
async def open_typed(request: Request) -> RedirectResponse:
    """Open what was typed; the code itself is looked at there."""
    code = "".join(one for one in (await fields_of(request)).get("code", "") if one.isascii() and one.isalnum())
    return RedirectResponse(f"/ballot/{code[:_LONGEST_CODE].upper()}" if code else "/ballot", status_code=303)


@router.get("/sent")
def sent(language: Spoken) -> HTMLResponse:
    """The ballot was sent; which, nobody knows any more."""
    return _page(language, {"asked": None, "sent": True})


@router.get("/{code}")
def ballot(code: Code, served: HasServed, now: Now, language: Spoken) -> HTMLResponse:
    """The ballot that a code opens."""
    return _shown(served, code, now=now, language=language)


@router.post("/{code}")
async def send(code: Code, request: Request, served: HasServed, now: Now, language: Spoken) -> Response:
    """Send the ballot, once; what is missing is shown beside what was chosen."""
    given = await fields_of(request)
    answers = {key.removeprefix("a:"): value for key, value in given.items() if key.startswith("a:")}

    def act() -> Response:
        try:
            with served.store.transaction(now=now) as transaction:
                answer_by_code(served.store, transaction, code, answers, works_elsewhere=given.get("elsewhere") == "yes")
        except RefusalError as error:
            return _shown(served, code, now=now, language=language, wrong=error, given=given)
        return RedirectResponse("/ballot/sent", status_code=303)

    return await run_in_threadpool(act)


def _shown(  # noqa: PLR0913  what is shown beside the questions
    served: Served,
    code: str,
    *,
    now: datetime,
    language: Language,
    wrong: RefusalError | None = None,
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    try:
        with served.store.reading() as connection:
            asked = asked_by(served.store, connection, code, now=now)
    except RefusalError as error:  # the survey is closed
        return _page(language, {"asked": None, "wrong": error.text(language.value)}, status=409)
    said = "" if wrong is None else wrong.text(language.value)
    if asked.used:
        return _page(language, {"asked": None, "wrong": said or UsedCodeError().text(language.value)}, status=409)
    facts = {"asked": asked, "code": code, "wrong": said, "field": "" if wrong is None else wrong.field, "given": given or {}}
    return _page(language, facts, status=200 if wrong is None else 422)


def _page(language: Language, facts: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    plain = {"wrong": "", "sent": False, "path": "/ballot", **facts}
    return html(render("ballot.html", language=language, **plain), language=language, status=status, headers=_HEADERS)
