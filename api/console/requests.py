"""Reports that are asked for: the form with its preview, the list of a year, and how far one request is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.cycles import ChangingCycle
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.forms import Flash, all_fields_of, body_digest, refused
from api.console.groups import group_said
from api.console.marks import Mark, state_mark
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.problems.answering import KINDS
from api.problems.errors import NoCycleError, NoReportRequestError
from api.routes.cycles import Number, head_for
from api.routes.requests import Key, asking, cancelling
from api.wire.asking import AskedOut, AskIn
from api.wire.work import ReasonIn
from evaluation.asking import RequestState
from evaluation.kinds import StageKind
from evaluation.naming_order import name_order
from evaluation.rights import decide
from evaluation.rights_table import Action
from notifications.wording import local_moment, short_deadline
from store.queries.asking import AnswerLine, RequestLine, answers_to, request_named, requests_of, told_at
from store.queries.health import answering
from store.queries.rights import cycle_resource
from store.rights import authority_today
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from api.console.deeds import Attempt
    from api.console.visiting import Frame
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
_ONE = ("title", "kind", "asks", "document", "document_on", "addressee")
_STATES = {
    RequestState.UNDER_WAY: (N_("Đang chờ"), "clock", "wait"),
    RequestState.ANSWERED: (N_("Đã gửi đủ"), "circle-check", "done"),
    RequestState.CANCELLED: (N_("Đã hủy"), "ban", "idle"),
}


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was sent, and what it would do."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    attempt: Attempt | None = None
    would: AskedOut | None = None
    due: str = ""
    leaves: str = ""  #: when the mails leave; empty: at once
    once: str = ""

    def value(self, name: str) -> str:
        """What was written in a field; of one that is given twice the last."""
        return dict(self.fields).get(name, "")

    def values(self, name: str) -> list[str]:
        """What was chosen in a field of several."""
        return [value for key, value in self.fields if key == name]

    @property
    def parts(self) -> list[str]:
        """The parts of the report, as they were written line by line."""
        return [line.strip() for line in self.value("items").splitlines() if line.strip()]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The fields that are sent again with the confirmation."""
        return [(name, value) for name, value in self.fields if name not in {"csrf", "sure", "once"}]


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """A request in words."""

    line: RequestLine
    due: str
    mark: Mark
    asked: str


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """One who was asked, in words."""

    line: AnswerLine
    state: Mark
    late: bool
    due: str  #: where it is not the request's own


@router.get("/cycles/{id}/requests")  # noqa: FAST003  `Number` is its alias
def requests(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The reports asked for in a year, and the form to ask for one. NoCycleError, NotAllowedError."""
    return _list(visitor, cycle, Form(once=uuid4().hex))


@router.post("/cycles/{id}/requests")  # noqa: FAST003  `Number` is its alias
async def ask(cycle: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Look at what asking would do; ask, once that was seen."""
    form = Form(fields=await all_fields_of(request))
    changing = _changing(visitor, person, cycle, once=form.value("once"), digest=await body_digest(request))
    return await run_in_threadpool(_asked, visitor, form, changing)


@router.get("/cycles/{id}/requests/{key}")  # noqa: FAST003  `Number` is its alias
def one(cycle: Number, key: Key, visitor: Visits, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """One request: how far it is, who has answered."""
    words = {"asked": visitor.say("Đã gửi yêu cầu báo cáo"), "cancelled": visitor.say("Đã hủy yêu cầu")}
    return _one(visitor, cycle, key, flash=Flash(tone="success", title=words[done]) if done in words else None)


@router.post("/cycles/{id}/requests/{key}/cancel")  # noqa: FAST003  `Number` is its alias
async def cancel(cycle: Number, key: Key, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Take a request back."""
    fields = dict(await all_fields_of(request))
    changing = _changing(visitor, person, cycle, once=fields.get("once", ""), digest=await body_digest(request))

    def answered() -> Response:
        try:
            asked = ReasonIn.model_validate({name: fields.get(name, "") for name in ("reason", "basis")})
            changing.change(cancelling(key, asked, changing))
        except REFUSED as error:
            return _one(visitor, cycle, key, attempt=refused(visitor, error, action="cancel", fields=fields))
        return RedirectResponse(f"/cycles/{cycle}/requests/{key}?done=cancelled", status_code=303)

    return await run_in_threadpool(answered)


def _changing(visitor: Visitor, person: Person, cycle: int, *, once: str, digest: str) -> ChangingCycle:
    keyed = keyed_as(visitor.request, person.account.id, key=once or uuid4().hex, digest=digest)
    return ChangingCycle(served=visitor.served, person=person, now=visitor.now, keyed=keyed, cycle=cycle, if_match="")


def _asked(visitor: Visitor, form: Form, changing: ChangingCycle) -> Response:
    cycle, sure = changing.cycle, form.value("sure") == "yes"
    try:
        asked = AskIn.model_validate({**_read(form), "preview": not sure})
        work = asking(asked, changing)
        answer = changing.change(work) if sure else changing.look(work)
    except REFUSED as error:
        return _list(visitor, cycle, replace(form, attempt=refused(visitor, error, action="ask", fields=dict(form.fields))))
    sent = AskedOut.model_validate_json(bytes(answer.body))
    if sure:
        return RedirectResponse(f"/cycles/{cycle}/requests/{sent.key}?done=asked", status_code=303)
    return _list(visitor, cycle, replace(form, would=sent, once=uuid4().hex))


def _read(form: Form) -> dict[str, Any]:
    """Return what a form says, as the API takes it."""
    said: dict[str, Any] = {name: form.value(name) for name in _ONE if form.value(name)}
    said["title"] = form.value("title")
    said |= {"groups": form.values("group"), "units": form.values("unit")}
    said["items"] = form.parts
    term = form.value("term")
    if term in {"hours", "working", "calendar"}:
        said["within"] = {"count": form.value("count"), "unit": term}
    elif term == "date":
        said["due_on"] = form.value("due_on")
        said["due_hour"] = form.value("due_hour") or None
    return said


def _frame(visitor: Visitor, connection: View, cycle: int) -> Frame:
    head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
    frame = frame_of(visitor, connection, here="requests", cycle=cycle)
    if frame.cycle is None or frame.cycle.id != cycle:
        raise NoCycleError(cycle)
    return frame


def _may(visitor: Visitor, connection: View, cycle: int, action: Action) -> bool:
    if visitor.seen.person is None:
        return False
    resource = cycle_resource(connection, cycle)
    on = authority_today(connection, resource.authority, now=visitor.now)
    return decide(visitor.seen.facts(connection), action, resource, on=on).allowed


def _list(visitor: Visitor, cycle: int, form: Form) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = _frame(visitor, connection, cycle)
        assert frame.cycle is not None  # noqa: S101  `_frame` has seen to it
        zone = ZoneInfo(frame.cycle.zone)
        lines = [_view(visitor, line, zone=zone) for line in requests_of(connection, now=visitor.now, cycle=cycle)]
        may = _may(visitor, connection, cycle, Action.ASK_REPORT)
        facts = {"requests": lines, "may_ask": may, **(_choices(visitor, connection, cycle) if may else {"groups": [], "units": []})}
    if form.would is not None:
        would = form.would
        leaves = "" if would.leaves_at <= visitor.now else local_moment(would.leaves_at, zone=zone, language=visitor.language)
        form = replace(form, due=_due(visitor, would.due_on, would.due_at, zone=zone), leaves=leaves)
    return page(visitor, "requests.html", frame, {**facts, "form": form, "flash": None}, status=422 if form.attempt else 200)


def _choices(visitor: Visitor, connection: View, cycle: int) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Return the groups that may be asked, each with how many it has, and the units."""
    year = load_year(visitor.served.store, connection, cycle, now=visitor.now)
    on = year.rulebook.calendar.local_date(visitor.now)
    lines = [ref.line for ref in year.stages.values() if ref.kind is StageKind.AD_HOC_REPORT and ref.line.on_request]
    parties = {party.key: party for line in lines for party in year.people.roster.selected(line.owed_by, on=on)}
    count = Counter(party.group for party in parties.values() if party.group)
    return {
        "groups": [(group, group_said(visitor, group), number) for group, number in sorted(count.items())],
        "units": [(party.key, party.name) for party in sorted(parties.values(), key=lambda party: name_order(party.name))],
    }


def _due(visitor: Visitor, due_on: date | None, due_at: datetime | None, *, zone: ZoneInfo) -> str:
    if due_on is None or due_at is None:
        return ""
    return short_deadline(due_on, due_at=due_at, zone=zone, language=visitor.language)


def _view(visitor: Visitor, line: RequestLine, *, zone: ZoneInfo) -> RequestView:
    words, icon, tone = _STATES[line.state]
    if line.state is RequestState.UNDER_WAY and line.late:
        words, icon, tone = N_("Quá hạn"), "clock-exclamation", "late"
    mark = Mark(words=visitor.say(words), icon=icon, tone=tone)
    asked = local_moment(line.asked_at, zone=zone, language=visitor.language)
    return RequestView(line=line, due=_due(visitor, line.due_on, line.due_at, zone=zone), mark=mark, asked=asked)


def _one(visitor: Visitor, cycle: int, key: str, *, attempt: Attempt | None = None, flash: Flash | None = None) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = _frame(visitor, connection, cycle)
        assert frame.cycle is not None  # noqa: S101  `_frame` has seen to it
        zone = ZoneInfo(frame.cycle.zone)
        request = request_named(connection, cycle, key)
        if request is None:
            raise NoReportRequestError(key)
        (line,) = requests_of(connection, now=visitor.now, request=request)
        answers = [_answer(visitor, one, line=line, zone=zone) for one in answers_to(connection, request)]
        told = told_at(connection, request)
        may = line.cancelled_at is None and _may(visitor, connection, cycle, Action.CANCEL_REQUEST)
    shown = {"view": _view(visitor, line, zone=zone), "answers": answers, "may_cancel": may, "attempt": attempt, "flash": flash}
    shown["told"] = "" if told is None else local_moment(max(told, line.asked_at), zone=zone, language=visitor.language)
    return page(visitor, "request.html", frame, {**shown, "once": uuid4().hex}, status=422 if attempt else 200)


def _answer(visitor: Visitor, one: AnswerLine, *, line: RequestLine, zone: ZoneInfo) -> AnswerView:
    late = one.due_at is not None and one.due_at <= visitor.now and one.days_late is None
    own = "" if one.due_at == line.due_at or one.days_late is not None else _due(visitor, one.due_on, one.due_at, zone=zone)
    mark = state_mark(visitor, kind=StageKind.AD_HOC_REPORT.value, state=one.state, suspended=False)
    return AnswerView(line=one, state=mark, late=late, due=own)
