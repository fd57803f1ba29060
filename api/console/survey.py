"""The survey's pages: counts by unit and group of respondents, what is asked, codes to print, papers typed in, files taken in."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import segno
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.choosing import among_of, as_keys, lists_for
from api.console.deed import Blank
from api.console.forms import body_digest, fields_of, refused
from api.console.groups import group_said
from api.console.obligation import REFUSED
from api.console.outbox import done_flash
from api.console.score_views import points_said
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.doors.uploads import received
from api.problems.errors import NoCycleError, NothingAskedError
from api.routes import survey as routes
from api.routes.cycles import Number, head_for
from api.wire.survey import BallotIn, BallotsIn, BatchIn, CloseSurveyIn, CodesOut, QuestionsIn, ReopenSurveyIn, SampleIn
from evaluation.rights import decide
from evaluation.rights_table import Action
from evaluation.scores.numbers import displayed
from store.queries.health import answering
from store.queries.people import authority_of_cycle
from store.queries.rights import survey_resource
from store.queries.survey import survey_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from api.console.deeds import Attempt
    from api.doors.signing_in import Person

router = APIRouter(default_response_class=HTMLResponse)
MOST_BYTES = 2 * 1024 * 1024
FROM_UNIT = Blank(name="from_unit", label=N_("Nơi công tác của người trả lời (nếu biết)"), kind="named", among="units")
DONE = {
    "questions": N_("Đã nhập bộ câu hỏi."),
    "sample": N_("Đã lập phương án mẫu."),
    "papers": N_("Đã ghi số phiếu giấy phát ra."),
    "ballots": N_("Đã nhập phiếu."),
    "file-ballots": N_("Đã nhập phiếu từ tệp."),
    "reopen": N_("Đã mở lại điều tra; chốt lại thì tính điểm lại."),
    "close": N_("Đã chốt số liệu; điểm điều tra đã vào phiếu chấm của từng đơn vị."),
}


@router.get("/cycles/{id}/survey")  # noqa: FAST003  `Number` is its alias
def year(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The survey of a year."""
    return shown(visitor, cycle)


def shown(visitor: Visitor, cycle: int, *, attempt: Attempt | None = None, codes: CodesOut | None = None) -> HTMLResponse:
    """Return the page of a year's survey; with codes that were just made, to be printed now. NoCycleError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="survey", cycle=cycle)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        resource = survey_resource(store, connection, cycle, now=now)
        head_for(connection, cycle, visitor.seen, action=Action.READ_SURVEY, now=now, resource=resource)
        view = survey_view(store, connection, cycle, now=now)
        may_run, may_enter = False, False
        if visitor.seen.person is not None:
            on, facts = visitor.today(frame.cycle.zone), visitor.seen.facts(connection)
            may_run = decide(facts, Action.RUN_SURVEY, resource, on=on).allowed
            may_enter = decide(facts, Action.ENTER_BALLOTS, resource, on=on).allowed
        asked = [FROM_UNIT] if may_run or may_enter else []
        lists = lists_for(visitor, connection, asked, authority=frame.cycle.authority)
    facts_shown = {
        "view": view,
        "groups": {row.group: group_said(visitor, row.group) for row in view.rows},
        "spoiled": [(visitor.either(*why.value), count) for why, count in view.spoiled.items()],
        "warnings": [visitor.either(*words) for words in view.warnings],
        "lists": lists,
        "from_unit": FROM_UNIT,
        "points_said": lambda written: points_said(visitor, displayed(Decimal(written))),
        "may_run": may_run,
        "may_enter": may_enter,
        "attempt": attempt,
        "codes": [] if codes is None else [(code, link, _drawn(link)) for code, link in zip(codes.codes, codes.links, strict=True)],
        "once": uuid4().hex,
        "most_bytes": MOST_BYTES,
        "flash": done_flash(visitor, DONE),
    }
    return page(visitor, "survey.html", frame, facts_shown, status=422 if attempt else 200)


def _drawn(link: str) -> str:
    """Return a link as a QR code: an image that the page carries in itself."""
    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="svg", scale=3, xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


@router.post("/cycles/{id}/survey/file/{kind}")  # noqa: FAST003  `Number` is its alias
async def send_file(  # noqa: PLR0913  what FastAPI hands in
    cycle: Number, kind: str, request: Request, visitor: Visits, person: SignedIn, *, name: Annotated[str, Query(max_length=200)] = ""
) -> HTMLResponse:
    """Take in a file of questions, of the sample or of ballots, sent as it is: all of it or nothing."""
    async with received(request) as spool:
        content = spool.read(MOST_BYTES + 1)
    return await run_in_threadpool(lambda: _filed(visitor, person, cycle, kind=kind, name=name, content=content))


def _filed(visitor: Visitor, person: Person, cycle: int, *, kind: str, name: str, content: bytes) -> HTMLResponse:  # noqa: PLR0913  a file
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    table = {"file": base64.b64encode(content), "name": name}
    acts: Mapping[str, Callable[[], Response]] = {
        "questions": lambda: routes.take_questions(cycle, QuestionsIn(yaml=content.decode(errors="replace")), changing),
        "sample": lambda: routes.plan_sample(cycle, SampleIn.model_validate(table), changing),
        "ballots": lambda: routes.import_ballots(cycle, BallotsIn.model_validate(table), changing),
    }
    if kind not in acts:
        raise NothingAskedError
    try:
        acts[kind]()
    except REFUSED as error:
        return shown(visitor, cycle, attempt=refused(visitor, error, action=f"file-{kind}", fields={}))
    return shown(visitor, cycle)


@router.post("/cycles/{id}/survey/{verb}")  # noqa: FAST003  `Number` is its alias
async def do(cycle: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Plan, hand out, enter or close, by the API's own function for it; what cannot be done is shown again with what was written."""
    fields = await fields_of(request)
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed)
    given = {key: value for key, value in fields.items() if value.strip()}
    try:
        answer = await run_in_threadpool(lambda: _act(changing, cycle, verb, _as_keys(visitor, cycle, given)))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=[FROM_UNIT])
        return await run_in_threadpool(lambda: shown(visitor, cycle, attempt=attempt))
    if verb == "codes":
        made = CodesOut.model_validate_json(bytes(answer.body))
        return await run_in_threadpool(lambda: shown(visitor, cycle, codes=made))
    return RedirectResponse(f"/cycles/{cycle}/survey?done={verb}", status_code=303)


def _as_keys(visitor: Visitor, cycle: int, given: dict[str, str]) -> dict[str, str]:
    """Return what a form says with keys in the place of names; RequestValidationError where nobody is called so."""
    if FROM_UNIT.name not in given:
        return given
    with answering(visitor.served.store) as connection:
        authority = authority_of_cycle(connection, cycle).id
        return as_keys(given, among_of([FROM_UNIT], lists_for(visitor, connection, [FROM_UNIT], authority=authority)))


def _act(changing: Changing, cycle: int, verb: str, given: dict[str, str]) -> Response:
    batch = {name: given[name] for name in ("unit", "respondents", "count", "from_unit") if name in given}
    if verb == "sample":
        quotas = {key.removeprefix("q:"): value for key, value in given.items() if key.startswith("q:")}
        return routes.plan_sample(cycle, SampleIn.model_validate({"quotas": quotas, "mode": given.get("mode", "direct")}), changing)
    if verb == "codes":
        return routes.issue_codes(cycle, BatchIn.model_validate(batch), changing)
    if verb == "papers":
        return routes.hand_out(cycle, BatchIn.model_validate(batch), changing)
    if verb == "ballots":
        return routes.enter_ballot(cycle, BallotIn.model_validate(_ballot(given)), changing)
    if verb == "reopen":
        return routes.reopen(cycle, ReopenSurveyIn(reason=given.get("reason", "")), changing)
    if verb == "close":
        return routes.close(cycle, CloseSurveyIn(reason=given.get("reason", "")), changing)
    raise NothingAskedError


def _ballot(given: dict[str, str]) -> dict[str, Any]:
    """Return a paper ballot as the API takes it; the answers are those of the set that was chosen: `a:SET:QUESTION`."""
    start = f"a:{given.get('respondents', '')}:"
    answers = {key.removeprefix(start): value for key, value in given.items() if key.startswith(start)}
    return {**{name: given[name] for name in ("number", "unit", "respondents", "from_unit") if name in given}, "answers": answers}
