"""One inspection: its team and day, minutes and conclusions, and each finding as one line from the finding to its end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Doing
from api.changing.idempotency import keyed_as
from api.console.choosing import among_of, as_keys, people_of
from api.console.deeds import Attempt
from api.console.forms import Flash, body_digest, fields_with_several, refused
from api.console.inspection_deeds import BY_KEY, OF_FINDING, OF_INSPECTION, TEAM, InspectionDeed
from api.console.marks import Mark
from api.console.obligation import REFUSED
from api.console.paper_views import issued_view
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.errors import NoObligationError
from api.routes.cycles import Number
from api.routes.inspections import inspection_seen, sight_of
from api.wire.etags import etag_of
from evaluation.inspections.findings import FindingStatus
from evaluation.inspections.following import may_reopen
from evaluation.inspections.words import CHOSEN_WORDS, KIND_WORDS, SAID_WORDS, STEP_WORDS
from evaluation.kinds import Role
from evaluation.obligations import State
from evaluation.rights import decide
from store.findings import read_findings
from store.queries.health import answering
from store.queries.inspection_lines import FindingLine, InspectionLine
from store.queries.inspections import list_findings, list_inspections
from store.queries.issued_papers import issued_at
from store.queries.names import party_of_obligation
from store.queries.rights import obligation_resources
from store.rights import authority_today
from store.schema import FINDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.console.choosing import Choices
    from evaluation.inspections.findings import Link
    from store.queries.health import View
    from store.queries.people import ContactLine

router = APIRouter(default_response_class=HTMLResponse)
_LOOKS = {
    FindingStatus.NOT_REMEDIED: ("ready", "circle-dashed"),
    FindingStatus.REPORTED: ("wait", "send"),
    FindingStatus.PASSED: ("done", "circle-check"),
    FindingStatus.FAILED: ("warn", "arrow-back-up"),
}
_IN_HAND = frozenset({State.OPEN, State.PREPARED, State.RETURNED, State.LAPSED})


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A deed as the page shows it."""

    deed: InspectionDeed
    attempt: Attempt | None
    once: str
    moves: int
    finding: str = ""  #: number
    stand: Mapping[str, str] = field(default_factory=dict)  #: what is recorded, by field

    @property
    def given(self) -> Mapping[str, str]:
        """What its fields show."""
        return self.stand if self.attempt is None else self.attempt.fields


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """A finding in words: its marks, its line of chips, and what may be done with it."""

    line: FindingLine
    number: str
    mark: Mark
    chips: tuple[Mark, ...]
    forms: tuple[FormView, ...] = ()


@router.get("/inspections/{id}")  # noqa: FAST003  `Number` is its alias
def one(
    inspection: Number, visitor: Visits, done: Annotated[str, Query(max_length=40)] = "", finding: Annotated[str, Query(max_length=9)] = ""
) -> HTMLResponse:
    """An inspection. NoObligationError, NotAllowedError."""
    return shown(visitor, inspection, done=BY_KEY.get(done), about=finding)


def shown(
    visitor: Visitor, inspection: int, *, attempt: Attempt | None = None, done: InspectionDeed | None = None, about: str = ""
) -> HTMLResponse:
    """
    Return the page of an inspection, with what was just done, about which finding, or could not be done.

    Raises NoObligationError, NotAllowedError.
    """
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        line, readable = inspection_seen(store, connection, visitor.seen, inspection, now=now)
        findings = list_findings(store, connection, inspection=inspection, now=now, readable=readable)
        frame = frame_of(visitor, connection, here="inspections", cycle=line.cycle)
        forms = _forms(visitor, connection, line, attempt=attempt)
        lists = {"inspectors": _inspectors(visitor, connection, line)} if any(one.deed is TEAM for one in forms) else {}
        issued = [] if visitor.seen.person is None else issued_at(store, connection, visitor.seen.facts(connection), inspection, now=now)
        views = [finding_view(visitor, one, forms=_finding_forms(visitor, connection, one, attempt=attempt)) for one in findings]
    facts = {"line": line, "kind": visitor.either(*KIND_WORDS[line.kind]), "chosen": visitor.either(*CHOSEN_WORDS[line.chosen])}
    flash = None if done is None else Flash(tone="success", title=visitor.say(done.done))
    facts |= {
        "issued": [issued_view(visitor, one) for one in issued],
        "lists": lists,
        "step_words": STEP_WORDS,
        "forms": forms,
        "findings": views,
        "attempt": attempt,
        "flash": flash,
    }
    facts |= {"done": "" if done is None else done.key, "about": about}
    return page(visitor, "inspection.html", frame, facts, status=422 if attempt else 200)


def finding_view(visitor: Visitor, line: FindingLine, *, forms: Sequence[FormView] = ()) -> FindingView:
    """Return a finding in words."""
    tone, drawing = _LOOKS[line.status]
    words = visitor.either(line.status.vi, line.status.en)
    found = Mark(tone=tone, icon=drawing, words=words)
    if line.closed_at is not None:
        found = Mark(tone="done", icon="circle-check", words=visitor.say("Đã kết thúc"))
    elif line.late:
        found = Mark(
            tone="late",
            icon="clock-exclamation",
            words=visitor.say("%(words)s, quá hạn %(days)s ngày") % {"words": words, "days": line.days_late},
        )
    chips = tuple(_chip(visitor, link) for link in line.links)
    return FindingView(line=line, number=line.key.partition("/")[2], mark=found, chips=chips, forms=tuple(forms))


def _chip(visitor: Visitor, link: Link) -> Mark:
    words = visitor.either(*STEP_WORDS[link.kind])
    words = words[:1].upper() + words[1:] + (f" {link.number}" if link.number > 1 else "")
    if link.word:
        words += f": {visitor.either(*SAID_WORDS[link.kind, link.word])}"
    good = link.done and link.word in {"", "done", "closed"}
    tone = "done" if good else "warn" if link.done or link.word else "idle"
    return Mark(tone=tone, icon="circle-check" if good else "circle-dashed" if not link.word else "arrow-back-up", words=words)


def _forms(visitor: Visitor, connection: View, line: InspectionLine, *, attempt: Attempt | None) -> list[FormView]:
    if visitor.seen.person is None or line.concluded_on is not None:
        return []
    open_to = {"schedule": line.held_on is None, "team": True, "minutes": True, "conclude": line.held_on is not None}
    allowed = _allowed(visitor, connection, line.id)
    shown = [_form(deed, line.moves, attempt=attempt) for deed in OF_INSPECTION if open_to[deed.key] and deed.action in allowed]
    return [replace(one, stand=_stand(line).get(one.deed.key, {})) for one in shown]


def _stand(line: InspectionLine) -> dict[str, dict[str, str]]:
    """Return what is recorded of an inspection, by deed and field: who records it anew changes it."""
    lead = next((one.contact for one in line.members if one.is_lead), "")
    hours = {name: f"{hour:%H:%M}" for name, hour in (("began", line.began), ("ended", line.ended)) if hour is not None}
    minutes = {"held_on": line.held_on.isoformat(), "number": line.minutes, "text": line.minutes_text} if line.held_on is not None else {}
    return {"minutes": minutes | hours, "team": {"lead": lead, "members": " ".join(one.contact for one in line.members if not one.is_lead)}}


def _inspectors(visitor: Visitor, connection: View, line: InspectionLine) -> Choices:
    """Return who may be of the team: people of the party that inspects, and inspectors of others, but for the unit inspected."""
    whose = party_of_obligation(connection, line.id)
    assert whose is not None  # noqa: S101  the inspection was read a moment ago
    on = authority_today(connection, whose[0], now=visitor.now)

    def may(one: ContactLine) -> bool:
        return one.party != line.unit and (one.party == whose[1] or one.role == Role.INSPECTOR.value)

    return people_of(visitor, connection, whose[0], on=on, who=may)


def _finding_forms(visitor: Visitor, connection: View, line: FindingLine, *, attempt: Attempt | None) -> list[FormView]:
    if visitor.seen.person is None or line.closed_at is not None:
        return []
    remedy = [step for step in line.steps if step.kind == "remedy"][-1]
    allowed = _allowed(visitor, connection, line.inspection)
    on_remedy = _allowed(visitor, connection, remedy.obligation)
    found = read_findings(connection, FINDING.c.id == line.id)[0]
    open_to = {"report-remedy": remedy.state in _IN_HAND, "reopen": may_reopen(found.finding)}
    number = line.key.partition("/")[2]
    inspection_moves = list_inspections(visitor.served.store, connection, cycle=line.cycle, now=visitor.now, only=line.inspection)[0].moves
    return [
        _form(deed, line.moves if deed.on_remedy else inspection_moves, attempt=attempt, finding=number)
        for deed in OF_FINDING
        if open_to.get(deed.key, True) and deed.action in (on_remedy if deed.on_remedy else allowed)
    ]


def _allowed(visitor: Visitor, connection: View, obligation: int) -> set[str]:
    resource = obligation_resources(visitor.served.store, connection, [obligation], now=visitor.now)[obligation]
    on = authority_today(connection, resource.authority, now=visitor.now)
    facts = visitor.seen.facts(connection)
    actions = {deed.action for deed in BY_KEY.values()}
    return {action for action in actions if decide(facts, action, resource, on=on).allowed}


def _form(deed: InspectionDeed, moves: int, *, attempt: Attempt | None, finding: str = "") -> FormView:
    mine = attempt is not None and attempt.action == deed.key and attempt.fields.get("finding", "") == finding
    return FormView(deed=deed, attempt=attempt if mine else None, once=uuid4().hex, moves=moves, finding=finding)


@router.post("/inspections/{id}/{verb}")  # noqa: FAST003  `Number` is its alias
async def do(inspection: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Do something with an inspection or a finding; what cannot be done is shown again with what was written."""
    deed = BY_KEY.get(verb)
    if deed is None:
        raise NoObligationError(inspection)
    fields = await fields_with_several(request, *(blank.name for blank in deed.blanks if blank.kind == "several"))
    finding, seen = fields.get("finding", ""), fields.get("moves", "")
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    obligation = inspection if not deed.on_remedy else await run_in_threadpool(lambda: _remedy(visitor, inspection, finding))
    doing = Doing(
        served=visitor.served,
        person=person,
        now=visitor.now,
        keyed=keyed,
        obligation=obligation,
        if_match=etag_of(int(seen)) if seen.isdecimal() else "",
    )
    try:
        await run_in_threadpool(lambda: deed.run_on(doing, deed.read(_keyed(visitor, deed, inspection, fields)), finding=finding))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=deed.blanks)
        return await run_in_threadpool(lambda: shown(visitor, inspection, attempt=attempt))
    about = f"&finding={finding}" if deed in OF_FINDING and finding.isdecimal() else ""
    return RedirectResponse(f"/inspections/{inspection}?done={verb}{about}", status_code=303)


def _keyed(visitor: Visitor, deed: InspectionDeed, inspection: int, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a form says with keys in the place of names; RequestValidationError where nobody is called so."""
    if deed is not TEAM:
        return fields
    with answering(visitor.served.store) as connection:
        line, _ = inspection_seen(visitor.served.store, connection, visitor.seen, inspection, now=visitor.now)
        return as_keys(fields, among_of(deed.blanks, {"inspectors": _inspectors(visitor, connection, line)}))


def _remedy(visitor: Visitor, inspection: int, finding: str) -> int:
    """Return the obligation of the last remedy of a finding that the visitor may see; NoObligationError if there is none."""
    store = visitor.served.store
    with answering(store) as connection:
        readable, _ = sight_of(store, connection, visitor.seen, now=visitor.now)
        lines = list_findings(store, connection, inspection=inspection, now=visitor.now, readable=readable)
    named = [line for line in lines if line.key.partition("/")[2] == finding]
    if not named:
        raise NoObligationError(inspection)
    return [step for step in named[0].steps if step.kind == "remedy"][-1].obligation
