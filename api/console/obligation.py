"""An obligation: how it stands, what one may do with it now, its files, and everything that has happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Doing
from api.changing.idempotency import keyed_as
from api.console.choosing import among_of, as_keys, lists_for
from api.console.deed import Blank, Deed
from api.console.deeds import BY_ACTION, DEEDS, Attempt
from api.console.forms import Flash, body_digest, fields_of, refused
from api.console.lines import due_views
from api.console.naming import called, keys_in, names_of
from api.console.paper_views import IssuedView, issued_view
from api.console.result_views import Printer
from api.console.story import meanwhile_of, story_of
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.answering import KINDS
from api.problems.errors import NoObligationError
from api.routes.cycles import Number
from api.routes.obligations import refuse
from api.wire.etags import etag_of
from api.wire.obligation_details import read_detail
from evaluation.improvement.words import PROGRESS_WORDS
from evaluation.obligations import State
from evaluation.rights_table import EXCUSES, Action
from store.findings import REMEDY
from store.queries.asking import request_behind
from store.queries.health import answering
from store.queries.improvement import improvement_of
from store.queries.inspections import finding_behind
from store.queries.issued_papers import issued_at
from store.queries.names import party_of_obligation
from store.queries.obligations import Wanted, find_obligations
from store.queries.scores import sheet_at
from store.reports import draft_of, line_of
from store.unit_work import prepared_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.console.choosing import Choices
    from api.wire.reading import MayOut, ObligationDetailOut
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
#: What is said on the page itself, beside what was written.
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
#: What stands open on the page; the rest is behind one press.
_FIRST = frozenset({Action.PREPARE, Action.SUBMIT, Action.ACCEPT})
#: Where what is to be signed stands written.
_SIGNED = frozenset({Action.PREPARE, Action.SUBMIT})


@dataclass(frozen=True, kw_only=True)
class DeedView:
    """A deed as the page shows it."""

    deed: Deed
    open: bool
    attempt: Attempt | None
    once: str  #: key of the form: sent twice, it is done once
    for_whom: str  #: on whose behalf, or in whose stead
    blanks: tuple[Blank, ...]
    stand: Mapping[str, str] = field(default_factory=dict)  #: what is written already, by field

    @property
    def given(self) -> Mapping[str, str]:
        """What its fields show."""
        return self.stand if self.attempt is None else self.attempt.fields


@router.get("/obligations/{id}")  # noqa: FAST003  `Number` is its alias
def one(obligation: Number, visitor: Visits, done: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """An obligation."""
    return shown(visitor, obligation, done=BY_ACTION.get(done))


def shown(visitor: Visitor, obligation: int, *, attempt: Attempt | None = None, done: Deed | None = None) -> HTMLResponse:
    """Return the page of an obligation, with what was just done or could not be done. NoObligationError, NotAllowedError."""
    store, seen, now = visitor.served.store, visitor.seen, visitor.now
    with answering(store) as connection:
        wanted = seen.narrowed(Wanted(obligation=obligation), store, connection, now=now)
        found = find_obligations(store, connection, wanted, now=now)
        if not found:
            refuse(store, connection, seen, obligation, now=now)
        line = found[0]
        frame = frame_of(visitor, connection, here="obligation", cycle=line.cycle)
        detail = read_detail(store, connection, line, facts=seen.facts(connection), now=now, language=visitor.language)
        view = due_views(visitor, connection, [line])[0]
        names = names_of(visitor, connection, line.authority, keys_in(detail))
        stage = line_of(store, connection, obligation, now=now)
        draft = draft_of(connection, obligation, line=stage)
        has_sheet = sheet_at(store, connection, obligation, now=now) is not None
        asked = request_behind(connection, obligation, now=now)
        criterion, measure = improvement_of(store, connection, line, now=now)
        finding = finding_behind(connection, line.id)
        fields = () if draft is None else draft.form.fields
        parts = {one.key: one.title for one in stage.items} | {one.key: visitor.either(one.title, one.title_en) for one in fields}
        told = story_of(visitor, connection, detail, names=names, parts=parts)
        seen_moves = attempt.fields.get("moves", "") if attempt is not None and attempt.stale else ""
        prepared = prepared_text(connection, line.id) if _own(detail) else ""
        deeds = [] if seen.person is None else _with_text(_deeds(detail, attempt, names=names), detail, prepared=prepared)
        lists = _lists(visitor, connection, [one.deed for one in deeds], obligation)
        issued = _issued(visitor, connection, obligation)
        meanwhile = meanwhile_of(visitor, connection, detail, since=int(seen_moves)) if seen_moves.isdecimal() else []
    signing = finding is not None and finding.said and line.state is State.PREPARED
    may_report = finding is not None and finding.kind == REMEDY and not signing and any(one.deed.action is Action.SUBMIT for one in deeds)
    if may_report:  # a report says how far it is remedied, which the form at its finding asks for
        deeds = [one for one in deeds if one.deed.action is not Action.SUBMIT]
    facts = {"line": line, "detail": detail, "view": view, "deeds": deeds, "done": done, "attempt": attempt}
    facts["flash"] = None if done is None else Flash(tone="success", title=visitor.say(done.done))
    facts |= {"story": told, "has_form": draft is not None, "has_sheet": has_sheet, "meanwhile": meanwhile}
    facts["prepared"] = "" if any(one.deed.action in _SIGNED for one in deeds) else prepared
    facts |= {"parts": list(parts.items()), "issued": issued, "lists": lists}
    facts |= {"finding": finding, "may_report": may_report, "criterion": criterion, "measure": measure, "asked": asked}
    facts |= {"progress_words": PROGRESS_WORDS, "number": Printer(language=visitor.language)}
    may_upload = seen.person is not None and any(may.action is Action.UPLOAD and may.allowed for may in detail.may)
    return page(visitor, "obligation.html", frame, {**facts, "may_upload": may_upload}, status=422 if attempt else 200)


def _deeds(detail: ObligationDetailOut, attempt: Attempt | None, *, names: Mapping[str, str]) -> list[DeedView]:
    allowed = {may.action: may for may in detail.may if may.allowed}
    return [
        DeedView(
            deed=deed,
            open=deed.action in _FIRST or (attempt is not None and attempt.action == deed.action.value),
            attempt=attempt if attempt is not None and attempt.action == deed.action.value else None,
            once=uuid4().hex,
            blanks=_blanks(deed, allowed[deed.action]),
            for_whom=called(names, allowed[deed.action].on_behalf_of or allowed[deed.action].deputy_of),
        )
        for deed in DEEDS
        if deed.action in allowed
    ]


def _issued(visitor: Visitor, connection: View, obligation: int) -> list[IssuedView]:
    """Return the issued papers about an obligation that the visitor may open."""
    if visitor.seen.person is None:
        return []
    found = issued_at(visitor.served.store, connection, visitor.seen.facts(connection), obligation, now=visitor.now)
    return [issued_view(visitor, one) for one in found]


def _own(detail: ObligationDetailOut) -> frozenset[Action]:
    """Return which of what is prepared for the signature and signed is the reader's by right, for their own unit, now or later."""
    return _SIGNED & {may.action for may in detail.may if may.permitted and not may.on_behalf_of}


def _with_text(deeds: list[DeedView], detail: ObligationDetailOut, *, prepared: str) -> list[DeedView]:
    """Return the deeds with what is written for the signature, where it is the reader's own unit's to sign."""
    own = _own(detail)
    return [replace(one, stand={"text": prepared}) if one.deed.action in own else one for one in deeds]


def _lists(visitor: Visitor, connection: View, deeds: Sequence[Deed], obligation: int) -> dict[str, Choices]:
    """Return whom one may name in the forms of some deeds."""
    blanks = [blank for deed in deeds for blank in deed.blanks if blank.kind == "named"]
    whose = party_of_obligation(connection, obligation) if blanks else None
    return {} if whose is None else lists_for(visitor, connection, blanks, authority=whose[0], party=whose[1])


def _keyed(visitor: Visitor, deed: Deed, obligation: int, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a form says with keys in the place of names; RequestValidationError where nobody is called so."""
    with answering(visitor.served.store) as connection:
        return as_keys(fields, among_of(deed.blanks, _lists(visitor, connection, [deed], obligation)))


def _blanks(deed: Deed, may: MayOut) -> tuple[Blank, ...]:
    """Return what a deed asks for: the papers of a filing on behalf then alone, when what excuses the standing body rests on a document."""
    if not may.on_behalf_of:
        return tuple(blank for blank in deed.blanks if not blank.on_behalf)
    if may.action not in EXCUSES:
        return deed.blanks
    return tuple(replace(blank, required=True) if blank.name == "basis" else blank for blank in deed.blanks)


@router.post("/obligations/{id}/{verb}")  # noqa: FAST003  `Number` is its alias
async def do(obligation: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Do something with an obligation, by the API's own function for it; what cannot be done is shown again with what was written."""
    deed = BY_ACTION.get(verb)
    if deed is None:
        raise NoObligationError(obligation)
    fields = await fields_of(request)
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    seen = fields.get("moves", "")
    doing = Doing(
        served=visitor.served,
        person=person,
        now=visitor.now,
        keyed=keyed,
        obligation=obligation,
        if_match=etag_of(int(seen)) if seen.isdecimal() else "",
    )
    try:
        await run_in_threadpool(lambda: deed.run(doing, deed.read(_keyed(visitor, deed, obligation, fields))))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=deed.blanks)
        return await run_in_threadpool(lambda: shown(visitor, obligation, attempt=attempt))
    return RedirectResponse(f"/obligations/{obligation}?done={verb}", status_code=303)
