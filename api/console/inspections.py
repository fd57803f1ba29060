"""The year's inspections: what they reach, whom, and the findings that are still open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.choosing import units_of
from api.console.deed import Blank
from api.console.forms import body_digest, fields_with_several, refused
from api.console.groups import group_said
from api.console.inspection import finding_view
from api.console.naming import names_of
from api.console.obligation import REFUSED
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.errors import NoCycleError, NothingAskedError
from api.routes import inspections as routes
from api.routes.cycles import Number
from api.wire.inspections import DrawIn, PlanInspectionsIn
from evaluation.inspections.words import CHOSEN_WORDS, KIND_WORDS
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.queries.health import answering
from store.queries.inspection_coverage import coverage_of, list_draws
from store.queries.inspections import list_findings, list_inspections
from store.queries.rights import cycle_resource
from store.queries.status import cycle_stages

if TYPE_CHECKING:
    from typing import Any

    from api.console.deeds import Attempt
    from api.console.visiting import Frame
    from store.queries.health import View
    from store.queries.sight import Readable

router = APIRouter(default_response_class=HTMLResponse)
KINDS = (("planned", N_("Theo kế hoạch")), ("surprise", N_("Đột xuất")), ("thematic", N_("Chuyên đề")))
_HOW = (
    Blank(name="kind", label=N_("Loại"), kind="choice", choices=KINDS),
    Blank(name="day", label=N_("Ngày kiểm tra (đột xuất: bắt buộc, đến ngày đó đơn vị mới thấy)"), kind="date"),
    Blank(name="theme", label=N_("Chuyên đề (của kiểm tra chuyên đề)")),
)
DRAW = (
    Blank(name="seed", label=N_("Mã bốc thăm (để trống: máy tự đặt)")),
    Blank(name="wanted", label=N_("Số đơn vị (để trống: theo tỷ lệ của kế hoạch)")),
    *_HOW,
)
PLAN = (Blank(name="units", label=N_("Đơn vị"), kind="several", among="units", required=True), *_HOW)
FORMS = {"draw": DRAW, "plan": PLAN}


@router.get("/cycles/{id}/inspections")  # noqa: FAST003  `Number` is its alias
def year(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The inspections of a year, of what may be read."""
    return shown(visitor, cycle)


def shown(visitor: Visitor, cycle: int, *, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the page of a year's inspections. NoCycleError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="inspections", cycle=cycle)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        readable, whole = routes.sight_of(store, connection, visitor.seen, now=now)
        lines = list_inspections(store, connection, cycle=cycle, now=now, readable=readable, whole=whole)
        findings = list_findings(store, connection, cycle=cycle, now=now, readable=readable, open_only=True)
        told = _whole_year(visitor, connection, frame, readable)
    kinds = {key: visitor.either(*words) for key, words in KIND_WORDS.items()}
    chosen = {key: visitor.either(*words) for key, words in CHOSEN_WORDS.items()}
    views = [finding_view(visitor, one) for one in sorted(findings, key=lambda line: (not line.late, -line.age, line.id))]
    facts = {"lines": lines, "findings": views, "kinds": kinds, "chosen": chosen, "attempt": attempt, "once": uuid4().hex, **told}
    return page(visitor, "inspections.html", frame, facts, status=422 if attempt else 200)


def _whole_year(visitor: Visitor, connection: View, frame: Frame, readable: Readable) -> dict[str, Any]:
    """Return what only those are shown who see the whole year: coverage, draws; and whether they may plan."""
    person = visitor.seen.person
    if person is None or frame.cycle is None or "status" not in frame.pages:
        return {"reached": [], "draws": [], "may_plan": False}
    resource = cycle_resource(connection, frame.cycle.id)
    on = visitor.today(frame.cycle.zone)
    may_plan = decide(visitor.seen.facts(connection), Action.PLAN_INSPECTIONS, resource, on=on).allowed
    reached = coverage_of(visitor.served.store, connection, cycle=frame.cycle.id, now=visitor.now, readable=readable)
    stages = cycle_stages(connection, [frame.cycle.id])
    titles = {key: visitor.either(one.title, one.title_en) for (_, key), one in stages.items()}
    named = [(stage, titles[stage], one, [(group_said(visitor, row.group), row) for row in one.groups]) for stage, one in reached.items()]
    draws = list_draws(connection, cycle=frame.cycle.id, readable=readable)
    facts: dict[str, Any] = {"reached": named, "draws": draws, "may_plan": may_plan and bool(reached)}
    facts["names"] = names_of(visitor, connection, frame.cycle.authority_key, {key for one in draws for key in one.result})
    return facts | {"forms": FORMS, "lists": {"units": units_of(connection, frame.cycle.authority, on=on)}}


@router.post("/cycles/{id}/inspections/{verb}")  # noqa: FAST003  `Number` is its alias
async def do(cycle: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Draw units, or put named ones into the plan; what cannot be done is shown again with what was written."""
    fields = await fields_with_several(request, "units")
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed)
    given = {key: value for key, value in fields.items() if value.strip()}
    try:
        await run_in_threadpool(lambda: _plan(changing, cycle, verb, given))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=FORMS.get(verb, ()))
        return await run_in_threadpool(lambda: shown(visitor, cycle, attempt=attempt))
    return RedirectResponse(f"/cycles/{cycle}/inspections", status_code=303)


def _plan(changing: Changing, cycle: int, verb: str, given: dict[str, str]) -> Response:
    if verb == "draw":
        asked = DrawIn.model_validate({**_of(given, "seed", "wanted", "stage", *(one.name for one in _HOW)), "plan": True})
        return routes.draw_inspections(cycle, asked, changing)
    if verb == "plan":
        named = {"units": given.get("units", "").split(), **_of(given, "stage", *(one.name for one in _HOW))}
        return routes.plan_inspections(cycle, PlanInspectionsIn.model_validate(named), changing)
    raise NothingAskedError


def _of(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}
