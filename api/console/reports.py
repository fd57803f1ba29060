"""Periodic reports: a form filled in, saved while it is typed; and a period seen as a whole, with the draft that is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.console.catalogues import N_
from api.console.deeds import Attempt
from api.console.forms import Flash, all_fields_of, refused
from api.console.groups import group_said
from api.console.rendering import render
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.answering import KINDS
from api.routes.cycles import Number, head_for
from api.routes.evidence import HasFiles
from api.routes.obligations import refuse
from api.routes.reports import draft_period, fill_report
from api.wire.reports import ReportIn
from api.wire.responses import html
from evaluation.obligations import IN_HAND, State
from evaluation.reports.forms import FieldKind
from evaluation.reports.measures import TYPED, measure_cell
from evaluation.reports.numbers import number_text
from evaluation.reports.periods import report_period
from evaluation.rights import decide
from evaluation.rights_table import Action
from evaluation.submissions import takes_evidence
from notifications.wording import local_moment
from store.queries.health import answering
from store.queries.obligations import Wanted, find_obligations
from store.queries.papers import papers_about
from store.queries.report_facts import ReportFactsError, report_facts
from store.queries.reports import milestones, period_under_way, report_periods
from store.queries.rights import authority_resource, cycle_resource, obligation_resource
from store.queries.unit_work import returns_of
from store.reports import draft_of, faults_of, line_of
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evaluation.reports.checks import FormFault
    from evaluation.reports.facts import GroupFacts, PeriodFacts
    from evaluation.reports.forms import Field, Row
    from store.queries.health import View
    from store.queries.obligations import ObligationLine
    from store.queries.reports import Milestone
    from store.reports import Draft

router = APIRouter(default_response_class=HTMLResponse)
PeriodKey = Annotated[str, Path(min_length=1, max_length=20)]
BLANK_ROWS = 2
MILESTONES = {
    "submit": N_("Đã gửi"),
    "again": N_("Gửi lại"),
    "withdraw": N_("Rút lại"),
    "return": N_("Trả lại để bổ sung"),
    "accept": N_("Đã chấp nhận"),
}
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
_CELL = re.compile(r"t:([a-z0-9-]+):(\d{1,3}):([a-z0-9-]+)")


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field as the page shows it."""

    field: Field
    value: str
    rows: tuple[Row, ...]
    carried: bool
    faults: tuple[FormFault, ...]
    remark: str  #: of the last return, until it is sent again


@dataclass(frozen=True, kw_only=True)
class MilestoneView:
    """Something that happened to the report, in words."""

    words: str
    when: str
    late: int


@router.get("/obligations/{id}/report")  # noqa: FAST003  `Number` is its alias
def report_page(obligation: Number, visitor: Visits) -> HTMLResponse:
    """A report to be filled in, or to be read."""
    return shown(visitor, obligation)


def shown(visitor: Visitor, obligation: int, *, attempt: Attempt | None = None, saved: bool = False) -> HTMLResponse:
    """Return the page of a report. NoObligationError, NotAllowedError; to an obligation without a form, its own page."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        found = find_obligations(
            store, connection, visitor.seen.narrowed(Wanted(obligation=obligation), store, connection, now=now), now=now
        )
        if not found:
            refuse(store, connection, visitor.seen, obligation, now=now)
        line = line_of(store, connection, obligation, now=now)
        draft = draft_of(connection, obligation, line=line)
        if draft is None:
            return HTMLResponse(status_code=303, headers={"Location": f"/obligations/{obligation}"})
        faults = faults_of(connection, draft, line=line)
        frame = frame_of(visitor, connection, here="obligation", cycle=found[0].cycle)
        passed = [_milestone(visitor, one, zone=found[0].zone) for one in milestones(connection, obligation)]
        returned = returns_of(connection, obligation)[-1:] if found[0].state in IN_HAND else []
        may_fill = takes_evidence(found[0].state, line=line) and _may_fill(visitor, connection, obligation)
    facts = {**_state(draft, faults), "line": found[0], "may_fill": may_fill, "milestones": passed, "attempt": attempt, "by_itself": False}
    facts["opens_on"] = _opens_on(found[0])
    facts |= {"typed": TYPED, "measure_cell": measure_cell}
    remarks = {key: words for one in returned for key, words in one.items}
    facts["sections"] = [(one, [_field_view(field, draft, faults, remarks) for field in one.fields]) for one in draft.form.sections]
    key = found[0].subject.split("/", 1)[0]
    facts["period"] = report_period(key, cut_off=line.report.cut_off if line.report else 14) if "-Q" in key else None
    facts["flash"] = Flash(tone="success", title=visitor.say(N_("Đã lưu."))) if saved else None
    return page(visitor, "report.html", frame, facts, status=422 if attempt else 200)


def _opens_on(line: ObligationLine) -> date | None:
    """Return the local day from which a form can be filled in, of one whose time has not come; None of every other."""
    if line.state is not State.SCHEDULED or line.opens_at is None:
        return None
    return line.opens_at.astimezone(ZoneInfo(line.zone)).date()


def _may_fill(visitor: Visitor, connection: View, obligation: int) -> bool:
    resource = obligation_resource(visitor.served.store, connection, obligation, now=visitor.now)
    if resource is None or visitor.seen.person is None:
        return False
    on = authority_today(connection, resource.authority, now=visitor.now)
    return decide(visitor.seen.facts(connection), Action.FILL_REPORT, resource, on=on).allowed


def _state(draft: Draft, faults: tuple[FormFault, ...]) -> dict[str, object]:
    errors = [fault for fault in faults if fault.severity == "error"]
    return {"opens_on": None, "draft": draft, "errors": errors, "warnings": [fault for fault in faults if fault.severity != "error"]}


def _milestone(visitor: Visitor, one: Milestone, *, zone: str) -> MilestoneView:
    words = MILESTONES["again"] if one.again else MILESTONES[one.action]
    return MilestoneView(
        words=visitor.say(words), when=local_moment(one.at, zone=ZoneInfo(zone), language=visitor.language), late=one.days_late or 0
    )


def _field_view(field: Field, draft: Draft, faults: tuple[FormFault, ...], remarks: Mapping[str, str]) -> FieldView:
    answer = draft.answers.get(field.key, "")
    rows: tuple[Row, ...] = () if isinstance(answer, str) else tuple(answer)
    if field.kind is FieldKind.TABLE:
        rows += ({},) * BLANK_ROWS
    own = tuple(fault for fault in faults if fault.field == field.key)
    value = answer if isinstance(answer, str) else ""
    remark = remarks.get(field.key, "")
    return FieldView(field=field, value=value, rows=rows, carried=field.key in draft.carried, faults=own, remark=remark)


@router.post("/obligations/{id}/report")  # noqa: FAST003  `Number` is its alias
async def save_report(obligation: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Save what was typed, by the API's own function; a page that saves by itself is answered with how the report stands now."""
    fields = await all_fields_of(request)
    by_itself = "hx-request" in request.headers
    version = next((value for name, value in fields if name == "version"), "0")
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    try:
        asked = ReportIn.model_validate({"version": int(version) if version.isdecimal() else -1, "answers": answers_in(fields)})
        await run_in_threadpool(fill_report, obligation, asked, changing, visitor.language)
    except REFUSED as error:
        attempt = refused(visitor, error, action="report", fields=dict(fields))
        return await run_in_threadpool(
            lambda: _stands(visitor, obligation, attempt) if by_itself else shown(visitor, obligation, attempt=attempt)
        )
    return await run_in_threadpool(lambda: _stands(visitor, obligation) if by_itself else shown(visitor, obligation, saved=True))


def answers_in(fields: list[tuple[str, str]]) -> dict[str, object]:
    """Return the answers that a form's fields are: `f:KEY` a text, `t:KEY:ROW:COLUMN` a cell of a table, whose rows are all sent."""
    answers: dict[str, object] = {name[2:]: value for name, value in fields if name.startswith("f:")}
    tables: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in fields:
        cell = _CELL.fullmatch(name)
        if cell is not None:
            tables.setdefault(cell[1], {}).setdefault(int(cell[2]), {})[cell[3]] = value
    return answers | {key: [row for _, row in sorted(rows.items())] for key, rows in tables.items()}


def _stands(visitor: Visitor, obligation: int, attempt: Attempt | None = None) -> HTMLResponse:
    """Return only how a report stands: its version, whether it was saved, what is wrong with it."""
    store = visitor.served.store
    with answering(store) as connection:
        line = line_of(store, connection, obligation, now=visitor.now)
        draft = draft_of(connection, obligation, line=line)
        faults = () if draft is None else faults_of(connection, draft, line=line)
    facts = {} if draft is None else _state(draft, faults)
    seen = next((value for name, value in attempt.fields.items() if name == "version"), "0") if attempt else ""
    made = render("report_state.html", language=visitor.language, visitor=visitor, attempt=attempt, seen=seen, by_itself=True, **facts)
    return html(made, language=visitor.language)


# A period


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """A group's numbers."""

    name: str
    group: GroupFacts


@router.get("/cycles/{id}/reports")  # noqa: FAST003  `Number` is its alias
def reports(cycle: Number, visitor: Visits) -> Response:
    """The period that is under way. NoCycleError, NotAllowedError."""
    with answering(visitor.served.store) as connection:
        head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
        period = period_under_way(visitor.served.store, connection, cycle, now=visitor.now)
    return RedirectResponse(f"/cycles/{cycle}/reports/{period or '-'}", status_code=303)


@router.get("/cycles/{id}/reports/{period}")  # noqa: FAST003  likewise
def period_page(cycle: Number, period: PeriodKey, visitor: Visits) -> HTMLResponse:
    """Who has sent, late, returned, not; and the draft."""
    return seen_period(visitor, cycle, period)


def seen_period(visitor: Visitor, cycle: int, period: str, *, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the page of a period. NoCycleError, NotAllowedError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=now)
        frame = frame_of(visitor, connection, here="reports", cycle=cycle)
        periods = report_periods(store, connection, cycle, now=now)
        facts = _facts(visitor, connection, cycle, period)
        resource = cycle_resource(connection, cycle)
        on = authority_today(connection, resource.authority, now=now)
        may_draft = visitor.seen.person is not None and decide(visitor.seen.facts(connection), Action.DRAFT_PAPER, resource, on=on).allowed
        papers = papers_about(connection, facts.obligation) if facts and facts.obligation else []
        may_change_forms = _may_change_forms(visitor, connection, resource.authority)
    shown_facts = {
        "facts": facts,
        "period": period,
        "periods": [report_period(one) for one in periods],
        "groups": [GroupView(name=group_said(visitor, one.group), group=one) for one in facts.groups] if facts else [],
        "sums": [(one, number_text(one.total)) for one in facts.sums] if facts else [],
        "may_change_forms": may_change_forms,
        "may_draft": may_draft and facts is not None,
        "papers": papers,
        "attempt": attempt,
        "cycle": cycle,
    }
    return page(visitor, "reports.html", frame, shown_facts, status=422 if attempt else 200)


def _may_change_forms(visitor: Visitor, connection: View, authority: int) -> bool:
    on = authority_today(connection, authority, now=visitor.now)
    resource = authority_resource(connection, authority)
    return visitor.seen.person is not None and decide(visitor.seen.facts(connection), Action.CHANGE_FORMS, resource, on=on).allowed


def _facts(visitor: Visitor, connection: View, cycle: int, period: str) -> PeriodFacts | None:
    try:
        return report_facts(visitor.served.store, connection, cycle, period, now=visitor.now)
    except ReportFactsError:
        return None


@router.post("/cycles/{id}/reports/{period}/draft")  # noqa: FAST003  likewise
async def draft(cycle: Number, period: PeriodKey, visitor: Visits, person: SignedIn, files: HasFiles) -> Response:
    """Draft the standing body's report of a period."""
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    try:
        await run_in_threadpool(draft_period, cycle, period, changing, files)
    except tuple(KINDS) as error:
        attempt = refused(visitor, error, action="draft", fields={})
        return await run_in_threadpool(lambda: seen_period(visitor, cycle, period, attempt=attempt))
    return RedirectResponse(f"/cycles/{cycle}/reports/{period}", status_code=303)
