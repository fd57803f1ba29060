"""The document register: a list, a paper with its forms, and letters asked for from the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.deed import Blank
from api.console.deeds import Attempt
from api.console.forms import fields_of, refused
from api.console.lines import due_views
from api.console.offices import office_of, offices_of
from api.console.outbox import changing_by, done_flash
from api.console.paper_views import asked_views, paper_view
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.problems.errors import NoPaperError
from api.routes import papers as routes
from api.routes.cycles import LARGEST, Number
from api.routes.evidence import evidence_files
from api.routes.papers import seen_paper
from api.wire.papers import DiscardIn, NumberIn, RedraftIn, ResultPaperIn
from documents.desk import paper_resource
from evaluation.paper_facts import OwedFacts
from evaluation.papers import PaperKind, PaperState, number_text
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.queries.health import answering
from store.queries.obligations import Wanted, find_obligations
from store.queries.papers import Wanted as Filter
from store.queries.papers import about_of, facts_of, list_papers, suggested_number, versions_of, years_of_papers
from store.refusals import RefusalError
from store.rights import NotAllowedError, authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.changing.doing import Changing
    from api.console.lines import DueView
    from store.queries.health import View
    from store.queries.papers import PaperLine

router = APIRouter(default_response_class=HTMLResponse)
DONE = {
    "redraft": N_("Đã soạn lại theo tình hình hiện tại."),
    "number": N_("Đã ghi số, ngày; bản cuối đã có số."),
    "discard": N_("Đã bỏ văn bản."),
}
REFUSED = (RefusalError, ValidationError, NotAllowedError, NoPaperError)
NUMBER_BLANKS = (
    Blank(name="number", label=N_("Số, ký hiệu"), required=True, hint="185/SNV-CCHC"),
    Blank(name="dated", label=N_("Ngày ban hành"), kind="date", required=True),
)
EDIT_BLANKS = (
    Blank(name="summary", label=N_("Trích yếu")),
    Blank(name="addressees", label=N_("Kính gửi (mỗi dòng một nơi)"), kind="text"),
    Blank(name="copies", label=N_("Nơi nhận (mỗi dòng một nơi)"), kind="text"),
    Blank(name="archive", label=N_("Lưu"), hint="VT, CCHC"),
    Blank(name="place", label=N_("Địa danh")),
    Blank(name="symbol", label=N_("Ký hiệu sau số"), hint="SNV-CCHC"),
    Blank(name="signature_lines", label=N_("Quyền hạn ký (TM., KT., TL., Q.; mỗi dòng một)"), kind="text"),
    Blank(name="signature_title", label=N_("Chức vụ người ký")),
    Blank(name="signature_name", label=N_("Họ và tên người ký")),
    Blank(name="answer_by", label=N_("Thời hạn hoàn thành"), kind="date"),
)
DISCARD_BLANKS = (Blank(name="reason", label=N_("Lý do"), kind="text", required=True),)
_LISTS = frozenset({"addressees", "copies", "signature_lines"})


class RegisterFilter(BaseModel):
    """What narrows the register; an empty field narrows nothing."""

    model_config = ConfigDict(extra="ignore")

    cycle: int | None = Field(default=None, ge=1, le=LARGEST)  #: the year whose authority is looked at
    kind: Literal["", "CV", "QĐ", "KH", "TB", "BC", "TTr", "BB"] = ""
    state: Literal["", "draft", "numbered", "signed", "discarded"] = ""
    year: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    words: Annotated[str, Field(max_length=200)] = ""

    @property
    def wanted(self) -> Filter:
        """The filter as the register is asked."""
        return Filter(
            kind=PaperKind(self.kind) if self.kind else None,
            state=PaperState(self.state) if self.state else None,
            year=int(self.year) if self.year else None,
            words=self.words,
        )


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A form that could not be done, and what it said."""

    deed: str
    fields: Mapping[str, str]
    attempt: Attempt


@router.get("/papers")
def register_page(asked: Annotated[RegisterFilter, Query()], visitor: Visits, person: SignedIn) -> HTMLResponse:
    """The register of an authority, the latest first; above it what is asked for and not signed."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="papers", cycle=asked.cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.READ_PAPERS)
        found = list_papers(connection, [authority.id], wanted=asked.wanted)
        facts = {
            "papers": [paper_view(visitor, one, zone=authority.zone) for one in found],
            "waiting": asked_views(visitor, connection, authority=authority.id),
            "years": years_of_papers(connection, [authority.id]),
            "asked": asked,
            "kinds": [one.value for one in PaperKind],
            "authority": authority,
            "offices": offices_of(frame),
        }
        return page(visitor, "papers.html", frame, facts)


@router.get("/papers/{id}")  # noqa: FAST003  `Number` is its alias
def paper_page(paper: Number, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """A paper: what it says, its versions, and what may be done with it."""
    return _shown(visitor, person, paper)


@router.post("/cycles/{id}/result-papers")  # noqa: FAST003  `Number` is its alias
async def draft_of_results(cycle: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Draft a paper of the results by the API's own function, and show it; what cannot be drafted is said on a page of its own."""
    fields = await fields_of(request)
    changing = await changing_by(visitor, person, fields)
    given = {name: fields[name] for name in ("purpose", "unit", "council", "session", "accepted") if fields.get(name, "").strip()}
    asked = ResultPaperIn.model_validate({"cycle": cycle, **given})
    made = await run_in_threadpool(routes.draft_of_results, asked, changing, evidence_files(changing.served))
    return RedirectResponse(made.headers["Location"].removeprefix("/api/v1"), status_code=303)


@router.post("/papers/{id}/{deed}")  # noqa: FAST003  likewise
async def change(
    paper: Number, deed: Literal["redraft", "number", "discard"], request: Request, visitor: Visits, person: SignedIn
) -> Response:
    """Draft a paper anew, number or discard it, by the API's own functions."""
    fields = await fields_of(request)
    changing = await changing_by(visitor, person, fields)
    try:
        await run_in_threadpool(_do, changing, paper, deed, fields)
    except REFUSED as error:
        tried = Tried(deed=deed, fields=fields, attempt=refused(visitor, error, action=deed, fields=fields))
        return await run_in_threadpool(_shown, visitor, person, paper, tried)
    return RedirectResponse(f"/papers/{paper}?done={deed}", status_code=303)


def _do(changing: Changing, paper: int, deed: str, fields: Mapping[str, str]) -> None:
    files = evidence_files(changing.served)
    match deed:
        case "number":
            routes.number(paper, NumberIn.model_validate(_given(fields, NUMBER_BLANKS)), changing, files)
        case "redraft":
            routes.redraft(paper, RedraftIn.model_validate(_given(fields, EDIT_BLANKS)), changing, files)
        case _:
            routes.drop(paper, DiscardIn.model_validate(_given(fields, DISCARD_BLANKS)), changing)


def _given(fields: Mapping[str, str], blanks: tuple[Blank, ...]) -> dict[str, Any]:
    filled = {one.name: fields[one.name].strip() for one in blanks if fields.get(one.name, "").strip()}
    return {name: _lines(value) if name in _LISTS else value for name, value in filled.items()}


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]


def _shown(visitor: Visitor, person: Person, paper: int, tried: Tried | None = None) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        line = seen_paper(connection, person, paper, now=visitor.now)
        frame = frame_of(visitor, connection, here="papers", cycle=line.cycle)
        authority = office_of(visitor, connection, frame, person)
        view = paper_view(visitor, line, zone=authority.zone)
        facts = {
            "paper": view,
            "line": line,
            "about": _about(visitor, connection, line),
            "versions": versions_of(connection, paper),
            "facts": facts_of(connection, line),
            "may": _may(visitor, connection, line),
            "given": _suggested(visitor, connection, line),
            "numbers": NUMBER_BLANKS,
            "edits": EDIT_BLANKS,
            "discards": DISCARD_BLANKS,
            "tried": tried,
            "once": uuid4().hex,
            "flash": done_flash(visitor, DONE),
        }
        return page(visitor, "paper.html", frame, facts, status=422 if tried else 200)


def _about(visitor: Visitor, connection: View, line: PaperLine) -> list[DueView]:
    """Return what a paper speaks of, as far as it may be read."""
    wanted = visitor.seen.narrowed(Wanted(cycle=line.cycle), visitor.served.store, connection, now=visitor.now)
    about = set(about_of(connection, line.id))
    found = [one for one in find_obligations(visitor.served.store, connection, wanted, now=visitor.now) if one.id in about] if about else []
    return due_views(visitor, connection, found)


def _may(visitor: Visitor, connection: View, line: PaperLine) -> frozenset[str]:
    """Return what whoever looks may do with a paper as it stands."""
    steps = {
        PaperState.DRAFT: {"redraft": Action.DRAFT_PAPER, "number": Action.NUMBER_PAPER, "discard": Action.DISCARD_PAPER},
        PaperState.NUMBERED: {"sign": Action.SIGN_PAPER, "discard": Action.DISCARD_PAPER},
    }.get(line.state, {})
    facts, resource = visitor.seen.facts(connection), paper_resource(connection, line)
    on = authority_today(connection, line.authority, now=visitor.now)
    return frozenset(step for step, action in steps.items() if decide(facts, action, resource, on=on).allowed)


def _suggested(visitor: Visitor, connection: View, line: PaperLine) -> dict[str, str]:
    """Return what the forms begin with: what the last version says, and the next number."""
    facts = facts_of(connection, line)
    if facts is None or line.state is not PaperState.DRAFT:
        return {}
    cover, today = facts.cover, _today(visitor, connection, line)
    answer_by = facts.answer_by if isinstance(facts, OwedFacts) else None
    return {
        "number": line.number_text or number_text(line.kind, suggested_number(connection, line, year=today.year), symbol=cover.head.symbol),
        "dated": (line.dated or today).isoformat(),
        "summary": cover.summary,
        "addressees": "\n".join(cover.addressees),
        "copies": "\n".join(cover.copies),
        "archive": cover.archive,
        "place": cover.head.place,
        "symbol": cover.head.symbol,
        "signature_lines": "\n".join(cover.signature.lines),
        "signature_title": cover.signature.title,
        "signature_name": cover.signature.name,
        "answer_by": "" if answer_by is None else answer_by.isoformat(),
    }


def _today(visitor: Visitor, connection: View, line: PaperLine) -> date:
    return authority_today(connection, line.authority, now=visitor.now)
