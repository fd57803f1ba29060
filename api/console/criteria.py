"""Criteria sets: which there are, taking one in, its tree, what another says otherwise, its leads, and pinning it for a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.cycles import ChangingCycle
from api.changing.idempotency import keyed_as
from api.changing.people import ChangingPeople
from api.console.catalogues import N_
from api.console.choosing import among_of, as_keys, lists_for
from api.console.criteria_views import SetView, differences_of, tree_of
from api.console.deed import Blank
from api.console.forms import body_digest, fields_of, refused
from api.console.groups import group_said
from api.console.offices import MaybeCycle, office_of
from api.console.outbox import done_flash
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.answering import KINDS
from api.problems.errors import NoCycleError
from api.routes import criteria as routes
from api.routes.obligations import Key
from api.wire.criteria import CriteriaCopyIn, CriteriaIn, LeadIn, PinIn
from api.wire.etags import etag_of
from config.criteria_files import read_uploaded
from config.faults import CriteriaError
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import Decision, leads_by_node, leaves
from evaluation.rights import decide
from evaluation.rights_table import Action
from notifications.letters import Language
from store.commands.criteria.versions import CriteriaRefusedError, take_in
from store.criteria import load_criteria
from store.queries.criteria import party_keys_of, pins_of_authority, pins_of_cycle, unit_groups, version_named, versions_of
from store.queries.cycles import cycle_version
from store.queries.health import answering
from store.queries.names import party_names
from store.queries.rights import authority_resource, facts_of_account
from store.rights import authorise_on, authority_today

if TYPE_CHECKING:
    from api.console.deeds import Attempt
    from api.console.visiting import Frame
    from config.faults import Fault
    from evaluation.criteria.sets import CriteriaSet
    from store.queries.criteria import VersionLine
    from store.queries.health import View
    from store.queries.people import AuthorityFacts

router = APIRouter(prefix="/criteria", default_response_class=HTMLResponse)
MOST_BYTES = 2 * 1024 * 1024
MOST_FAULTS = 300
ENDINGS = (".xlsx", ".yaml", ".yml")
_UNUSUAL, _LONGEST_NAME = re.compile(r"[^\w .()-]"), 60
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
_REASON = Blank(name="reason", label=N_("Lý do"), kind="text")
_BASIS = Blank(name="basis", label=N_("Theo văn bản (số, ngày)"), hint="CV 12/SNV ngày 01/04/2026")
LEAD = (
    Blank(name="node", label=N_("Số của mục"), required=True, hint="2.1"),
    Blank(name="party", label=N_("Đơn vị chủ trì"), kind="named", among="parties", required=True),
    Blank(name="since", label=N_("Từ ngày"), kind="date"),
    Blank(name="until", label=N_("Đến hết ngày"), kind="date"),
    _REASON,
    _BASIS,
)
COPY = (
    Blank(name="key", label=N_("Mã của bản sao"), required=True, hint="so-2027"),
    Blank(name="title", label=N_("Tên của bản sao")),
    Blank(name="year", label=N_("Năm đánh giá"), hint="2027"),
)
PIN = (_REASON, _BASIS)
FORMS = {"lead": LEAD, "copy": COPY, "pin": (Blank(name="group", label=N_("Nhóm đơn vị"), required=True), *PIN)}
DONE = {
    "pin": N_("Đã ghim bộ tiêu chí cho năm đang chọn."),
    "lead": N_("Đã ghi đơn vị chủ trì."),
    "copy": N_("Đã sao chép thành dự thảo mới."),
    "import": N_("Đã nhập bộ tiêu chí."),
}
SetKey = Annotated[Key, Path()]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file that was sent."""

    name: str
    version: VersionLine | None = None
    faults: tuple[tuple[str, str, str], ...] = ()
    more: int = 0
    wrong: str = ""  #: why it was not even read, or why the set is not taken


@router.get("")
def list_page(visitor: Visits, person: SignedIn, cycle: MaybeCycle = None) -> HTMLResponse:
    """The criteria sets of an authority, and where one is taken in."""
    return _listed(visitor, person, cycle=cycle)


def _listed(visitor: Visitor, person: Person, *, cycle: int | None, taken: Taken | None = None) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="criteria", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.READ_CRITERIA)
        pins = pins_of_authority(connection, authority.id)
        found: dict[str, list[VersionLine]] = {}
        for version in versions_of(connection, authority.id):
            found.setdefault(version.key, []).append(version)
        facts = {
            "authority": authority,
            "sets": [
                SetView(newest=lines[0], versions=lines, pins=[one for one in pins if one.key == key and one.current])
                for key, lines in found.items()
            ],
            "may_change": _may(visitor, connection, authority, Action.CHANGE_CRITERIA),
            "taken": taken,
            "most_bytes": MOST_BYTES,
            "flash": done_flash(visitor, DONE),
        }
    return page(visitor, "criteria.html", frame, facts, status=200 if taken is None or taken.version else 422)


def _may(visitor: Visitor, connection: View, authority: AuthorityFacts, action: Action) -> bool:
    on = authority_today(connection, authority.id, now=visitor.now)
    return decide(visitor.seen.facts(connection), action, authority_resource(connection, authority.id), on=on).allowed


@router.post("/import")
async def take(  # noqa: PLR0913  what is sent beside the file
    request: Request,
    visitor: Visits,
    person: SignedIn,
    *,
    name: Annotated[str, Query(max_length=300)] = "",
    accept: Annotated[str, Query(max_length=4000)] = "",
    number: Annotated[str, Query(max_length=200)] = "",
    dated: Annotated[str, Query(max_length=20)] = "",
    cycle: MaybeCycle = None,
) -> HTMLResponse:
    """Take a file in, sent as it is; all of it or nothing."""
    plain = _UNUSUAL.sub("_", name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:]
    decision = CriteriaIn.model_validate({"yaml": "-", "number": number, "dated": dated or None}).decision
    async with received(request) as spool:
        taken = await run_in_threadpool(_taken, visitor, person, file=spool, name=plain, cycle=cycle, accept=accept, decision=decision)
    return await run_in_threadpool(lambda: _listed(visitor, person, cycle=cycle, taken=taken))


def _taken(  # noqa: PLR0913  what is sent beside the file
    visitor: Visitor, person: Person, *, file: BinaryIO, name: str, cycle: int | None, accept: str, decision: Decision | None
) -> Taken:
    store = visitor.served.store
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="criteria", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.CHANGE_CRITERIA)
        parties = party_keys_of(connection, authority.id)
    content = file.read(MOST_BYTES + 1)
    if not name.lower().endswith(ENDINGS) or len(content) > MOST_BYTES:
        return Taken(name=name, wrong=visitor.say("Chỉ nhận tệp .xlsx hoặc .yaml, lớn nhất 2 MB; chưa nhận gì."))
    try:
        read = read_uploaded(content, name=name, parties=parties)
        read.require_sums(accept)
        with store.transaction(now=visitor.now, actor=person.actor) as transaction:
            resource = authority_resource(transaction.connection, authority.id)
            authorise_on(transaction, Action.CHANGE_CRITERIA, resource, facts=facts_of_account(transaction.connection, person.account.id))
            return Taken(name=name, version=take_in(transaction, authority.id, read, accept=accept, decision=decision))
    except CriteriaError as error:
        shown = tuple(fault_said(fault, visitor.language) for fault in error.faults[:MOST_FAULTS])
        return Taken(name=name, faults=shown, more=len(error.faults) - len(shown))
    except CriteriaRefusedError as error:
        return Taken(name=name, wrong=error.text(visitor.language.value))


def fault_said(fault: Fault, language: Language) -> tuple[str, str, str]:
    """Return where a fault stands, what is wrong, and what to do."""
    cell = fault.cell or f"{fault.line}:{fault.column}"
    return (cell, fault.what_vi, fault.instead_vi) if language is Language.VI else (cell, fault.what, fault.instead)


@router.get("/{key}")
def set_page(  # noqa: PLR0913  what FastAPI hands in
    key: SetKey,
    visitor: Visits,
    person: SignedIn,
    *,
    cycle: MaybeCycle = None,
    version: Annotated[int | None, Query(ge=1, le=999_999)] = None,
    before: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """A version with its tree; with `before` what it says otherwise than another."""
    return _shown(visitor, person, routes.named(key, version), cycle=cycle, before=before)


def _shown(  # noqa: PLR0913  which, and with what beside it
    visitor: Visitor, person: Person, name: str, *, cycle: int | None, before: str = "", attempt: Attempt | None = None
) -> HTMLResponse:
    store = visitor.served.store
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="criteria", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.READ_CRITERIA)
        line = version_named(connection, authority.id, name)
        criteria = load_criteria(store, connection, line.id)
        earlier = load_criteria(store, connection, version_named(connection, authority.id, before).id) if before else None
        facts = {
            "authority": authority,
            "version": line,
            "criteria": criteria,
            "nodes": tree_of(visitor, criteria, names=_names(connection, authority, criteria), today=visitor.today(authority.zone)),
            "leaves": len(leaves(criteria)),
            "findings": [finding.text(visitor.language.value) for finding in findings_of(criteria)],
            "others": [one for one in versions_of(connection, authority.id) if one.id != line.id],
            "before": before,
            "differences": None if earlier is None else differences_of(visitor, earlier, criteria),
            **_forms(visitor, connection, authority, criteria, frame=frame, attempt=attempt),
            "etag": routes.set_etag(routes.version_shown(store, connection, line, authority=authority.id, now=visitor.now)),
        }
    return page(visitor, "criteria_set.html", frame, facts, status=422 if attempt else 200)


def _names(connection: View, authority: AuthorityFacts, criteria: CriteriaSet) -> dict[str, str]:
    keys = {lead.party for some in leads_by_node(criteria).values() for lead in some}
    names = party_names(connection, keys=keys, ids=set())
    return {key: names.of_key(authority.key, key) for key in keys}


def _forms(  # noqa: PLR0913  of what, and with what beside it
    visitor: Visitor, connection: View, authority: AuthorityFacts, criteria: CriteriaSet, *, frame: Frame, attempt: Attempt | None
) -> dict[str, Any]:
    known = unit_groups(connection, authority.id)
    pins = [] if frame.cycle is None else pins_of_cycle(connection, frame.cycle.id)
    current = {one.group: one for one in pins if one.current}
    may_change = _may(visitor, connection, authority, Action.CHANGE_CRITERIA)
    groups = [one for one in known if not criteria.groups or one in criteria.groups]
    return {
        "may_change": may_change,
        "may_pin": frame.cycle is not None and _may(visitor, connection, authority, Action.PIN_CRITERIA),
        "moves": "" if frame.cycle is None else cycle_version(connection, frame.cycle.id).moves,
        "groups": [(one, group_said(visitor, one), current.get(one)) for one in groups],
        "lead_blanks": LEAD,
        "copy_blanks": COPY,
        "pin_blanks": PIN,
        "lists": lists_for(visitor, connection, LEAD, authority=authority.id) if may_change else {},
        "attempt": attempt,
        "once": uuid4().hex,
        "flash": done_flash(visitor, DONE),
    }


@router.post("/{key}/{verb}")
async def do(key: SetKey, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Pin, lead or copy, by the API's own function for it; what cannot be done is shown again with what was written."""
    if verb not in FORMS:
        raise NoCycleError(0)
    fields = await fields_of(request)
    given = {blank.name: fields[blank.name] for blank in FORMS[verb] if fields.get(blank.name, "").strip()}
    number, cycle = fields.get("version", ""), fields.get("cycle", "")
    name = f"{key}/{number}" if number else key
    year = int(cycle) if cycle.isdecimal() else None
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    asked = {"served": visitor.served, "person": person, "now": visitor.now, "keyed": keyed}

    def act() -> None:
        if verb == "pin":
            moves = fields.get("moves", "")
            changing = ChangingCycle(**asked, cycle=year or 0, if_match=etag_of(int(moves)) if moves.isdecimal() else "")  # type: ignore[arg-type]
            routes.pin_criteria(PinIn.model_validate({**given, "criteria": name}), changing)
            return
        with answering(visitor.served.store) as connection:
            authority = office_of(visitor, connection, frame_of(visitor, connection, here="criteria", cycle=year), person)
            named = as_keys(given, among_of(FORMS[verb], lists_for(visitor, connection, FORMS[verb], authority=authority.id)))
        people = ChangingPeople(**asked, authority=authority, if_match="")  # type: ignore[arg-type]
        if verb == "lead":
            routes.lead_criteria(key, LeadIn.model_validate(named), people, fields.get("etag", ""))
        else:
            routes.copy_criteria(key, CriteriaCopyIn.model_validate({**given, "version": number or None}), people)

    try:
        await run_in_threadpool(act)
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=FORMS[verb])
        return await run_in_threadpool(lambda: _shown(visitor, person, name, cycle=year, attempt=attempt))
    to = given["key"] if verb == "copy" else key
    return RedirectResponse(f"/criteria/{to}?done={verb}" + (f"&cycle={year}" if year else ""), status_code=303)
