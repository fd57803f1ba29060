"""The document register: papers listed, drafted, numbered, signed, discarded, and registered as issued elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.asking import HasServed, Now
from api.changing.doing import Changing, MayChange, Work
from api.changing.idempotency import answer_of
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.errors import NoPaperError
from api.routes.evidence import SANDBOX, HasFiles, disposition
from api.routes.obligations import Key
from api.whose import Whose, authority_asked, require_on_authority
from api.wire.described import OF_A_CHANGE, of_a_look, problems
from api.wire.papers import (
    DiscardIn,
    DraftIn,
    NumberIn,
    PaperDetailOut,
    PaperOut,
    PapersOut,
    PaperVersionOut,
    RedraftIn,
    RegisterIn,
    ResultPaperIn,
)
from documents.desk import Desk, Letter, Ready, letter_ready, number_ready, paper_resource, redraft_ready, result_ready
from evaluation.paper_edits import Edits
from evaluation.paper_facts import encode_facts
from evaluation.papers import PaperKind, PaperState, Purpose
from evaluation.rights_table import Action
from store.commands.registering import Issued, Number, discard, register, sign
from store.files import Files, chunks_of
from store.queries.health import answering
from store.queries.papers import NoSuchPaperError, Wanted, about_of, facts_of, file_of, list_papers, read_paper, versions_of
from store.queries.result_papers import About
from store.queries.rights import authority_resource, cycle_resource, facts_of_account
from store.rights import require
from store.score_refusals import refusing
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from datetime import datetime

    from store.idempotency import Answer
    from store.queries.health import View
    from store.queries.papers import PaperLine
    from store.session import Transaction

router = APIRouter(tags=["papers"])
_PDF = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
FILE = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


class PaperFilter(BaseModel):
    """Which papers; an empty field narrows nothing."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    authority: Key = ""
    """Key of an authority; not needed by whoever belongs to one only."""
    kind: PaperKind | None = None
    purpose: Purpose | None = None
    state: PaperState | None = None
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None
    words: Annotated[str, Query(max_length=200)] = ""
    """In the number or the summary."""


@router.get("/papers", responses=of_a_look("authority"))
def list_register(asked: Annotated[PaperFilter, Query()], person: SignedIn, served: HasServed, now: Now) -> PapersOut:
    """The register of an authority, the latest first, at most 200."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.READ_PAPERS, authority=authority.id, now=now)
        wanted = Wanted(kind=asked.kind, purpose=asked.purpose, state=asked.state, year=asked.year, words=asked.words)
        found = list_papers(connection, [authority.id], wanted=wanted)
    return PapersOut(items=[PaperOut.of(line) for line in found])


@router.get("/papers/{id}", responses=of_a_look("paper"))  # noqa: FAST003  the parameter has its name as an alias
def read_one(paper: Work, person: SignedIn, served: HasServed, now: Now) -> PaperDetailOut:
    """A paper: what it speaks of, how it was drafted, and the facts of its last version."""
    with answering(served.store) as connection:
        line = seen_paper(connection, person, paper, now=now)
        facts = facts_of(connection, line)
        return PaperDetailOut(
            **PaperOut.of(line).model_dump(),
            obligations=about_of(connection, paper),
            versions=[PaperVersionOut.of(one) for one in versions_of(connection, paper)],
            facts=None if facts is None else encode_facts(facts),
        )


@router.get(
    "/papers/{id}/file",  # noqa: FAST003  the parameter has its name as an alias
    response_class=Response,
    responses={200: {"content": FILE, "description": "Tệp / the file"}, **of_a_look("paper")},
)
def download(  # noqa: PLR0913, PLR0917  which file, of whom, for whom
    paper: Work,
    person: SignedIn,
    served: HasServed,
    now: Now,
    files: HasFiles,
    version: Annotated[int, Query(ge=0, le=10**9, description="Bản dự thảo số; 0: bản cuối / which version; 0: the last")] = 0,
    *,
    signed: Annotated[bool, Query(description="Bản đã ký / the signed one")] = False,
) -> Response:
    """A paper's draft as .docx, or its signed file."""
    with answering(served.store) as connection:
        line = seen_paper(connection, person, paper, now=now)
        try:
            sha256 = file_of(connection, paper, version=version, signed=signed)
        except NoSuchPaperError:
            raise NoPaperError(paper) from None
    return file_answer(files, sha256, name=line.signed_name if signed else f"van-ban-{paper}-{line.purpose.value}.docx")


def file_answer(files: Files, sha256: str, *, name: str) -> Response:
    """Return a kept file as a download."""
    stream = files.read(sha256)
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": SANDBOX, "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(
        chunks_of(stream), media_type="application/octet-stream", headers=headers, background=BackgroundTask(stream.close)
    )


@router.post("/papers", status_code=201, response_model=PaperOut, responses=OF_A_CHANGE)
def draft(asked: DraftIn, changing: MayChange, files: HasFiles) -> Response:
    """Draft a letter about obligations; what is fulfilled already it does not speak of."""
    desk = desk_of(changing, files)
    with answering(changing.store) as connection:
        facts, resource = facts_of_account(connection, changing.person.account.id), cycle_resource(connection, asked.cycle)
        if resource.authority not in changing.person.authorities:
            raise NoSuchCycleError(asked.cycle)
        require(connection, facts, Action.DRAFT_PAPER, resource, now=changing.now)
    letter = Letter(cycle=asked.cycle, purpose=asked.purpose, obligations=tuple(asked.obligations))
    return _entered(changing, letter_ready(desk, letter), status=201)


@router.post("/papers/results", status_code=201, response_model=PaperOut, responses=OF_A_CHANGE)
def draft_of_results(asked: ResultPaperIn, changing: MayChange, files: HasFiles) -> Response:
    """Draft a paper of results: minutes of the council, the decision with its annex, a unit's result sheet, its self-assessment."""
    with answering(changing.store) as connection:
        facts, resource = facts_of_account(connection, changing.person.account.id), cycle_resource(connection, asked.cycle)
        if resource.authority not in changing.person.authorities:
            raise NoSuchCycleError(asked.cycle)
        require(connection, facts, Action.DRAFT_PAPER, resource, now=changing.now)
    about = About(purpose=asked.purpose, unit=asked.unit, council=asked.council or 0, session=asked.session, accepted=asked.accepted)
    with refusing():
        ready = result_ready(desk_of(changing, files), asked.cycle, about)
    return _entered(changing, ready, status=201)


@router.post("/papers/{id}/redraft", response_model=PaperOut, responses=OF_A_CHANGE)  # noqa: FAST003  likewise
def redraft(paper: Work, asked: RedraftIn, changing: MayChange, files: HasFiles) -> Response:
    """Draft a paper anew from the facts as they stand, with what is written in place of what is suggested."""
    _permitted(changing, paper, Action.DRAFT_PAPER)
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in asked.model_dump(exclude_none=True).items()
    }
    return _entered(changing, redraft_ready(desk_of(changing, files), paper, edits=Edits(**given)))


@router.post("/papers/{id}/number", response_model=PaperOut, responses=OF_A_CHANGE)  # noqa: FAST003  likewise
def number(paper: Work, asked: NumberIn, changing: MayChange, files: HasFiles) -> Response:
    """Enter the number and date that the document office gave; a number that is taken is refused with what holds it."""
    _permitted(changing, paper, Action.NUMBER_PAPER)
    return _entered(changing, number_ready(desk_of(changing, files), paper, Number(text=asked.number, dated=asked.dated)))


@router.post(
    "/papers/{id}/sign",  # noqa: FAST003  likewise
    response_model=PaperOut,
    responses={**OF_A_CHANGE, **problems(413)},
    openapi_extra=_PDF,
)
async def attach_signed(  # noqa: PLR0913, PLR0917  the body is the file, its name stands in the query
    paper: Work,
    request: Request,
    served: HasServed,
    person: SignedIn,
    now: Now,
    files: HasFiles,
    name: Annotated[str, Query(min_length=1, max_length=300, description="Tên tệp / the file's name", examples=["185.pdf"])],
) -> Response:
    """Attach the signed PDF, sent as the body; an urging letter then counts as an urging of what it speaks of."""
    changing = Changing(served=served, person=person, now=now, keyed=None)
    await run_in_threadpool(_permitted, changing, paper, Action.SIGN_PAPER)
    async with received(request) as stream:
        kept = await run_in_threadpool(lambda: files.keep(chunks_of(stream), name=name))

    def work(transaction: Transaction) -> Answer:
        line = read_paper(transaction.connection, paper)
        changing.authorise(transaction, Action.SIGN_PAPER, paper_resource(transaction.connection, line))
        sign(changing.store, transaction, line, file=kept)
        return _told(transaction, paper)

    return await run_in_threadpool(changing.change, work)


@router.post("/papers/{id}/discard", response_model=PaperOut, responses=OF_A_CHANGE)  # noqa: FAST003  likewise
def drop(paper: Work, asked: DiscardIn, changing: MayChange) -> Response:
    """Say that a paper will not be issued, and why."""
    _permitted(changing, paper, Action.DISCARD_PAPER)

    def work(transaction: Transaction) -> Answer:
        line = read_paper(transaction.connection, paper)
        changing.authorise(transaction, Action.DISCARD_PAPER, paper_resource(transaction.connection, line))
        discard(changing.store, transaction, line, reason=asked.reason)
        return _told(transaction, paper)

    return changing.change(work)


@router.post("/papers/register", status_code=201, response_model=PaperOut, responses=OF_A_CHANGE)
def register_one(asked: RegisterIn, whose: Annotated[Whose, Query()], changing: MayChange) -> Response:
    """Register a paper that was issued elsewhere, or came in, under the number that it bears."""
    with answering(changing.store) as connection:
        authority = authority_asked(connection, changing.person, whose.authority).id
    issued = Issued(kind=asked.kind, number=asked.number, dated=asked.dated, issuer=asked.issuer, summary=asked.summary)

    def work(transaction: Transaction) -> Answer:
        changing.authorise(transaction, Action.REGISTER_PAPER, authority_resource(transaction.connection, authority))
        return _told(transaction, register(transaction, issued, authority=authority), status=201)

    return changing.change(work)


def seen_paper(connection: View, person: Person, paper: int, *, now: datetime) -> PaperLine:
    """Return a paper that somebody may read. NoPaperError of one that is not there or of another authority; NotAllowedError."""
    try:
        line = read_paper(connection, paper)
    except NoSuchPaperError:
        raise NoPaperError(paper) from None
    if line.authority not in person.authorities:
        raise NoPaperError(paper)
    require(connection, facts_of_account(connection, person.account.id), Action.READ_PAPERS, paper_resource(connection, line), now=now)
    return line


def _permitted(changing: Changing, paper: int, action: Action) -> None:
    """Let somebody go on who may do that with a paper: nothing is made for anybody else."""
    with answering(changing.store) as connection:
        line = seen_paper(connection, changing.person, paper, now=changing.now)
        facts = facts_of_account(connection, changing.person.account.id)
        require(connection, facts, action, paper_resource(connection, line), now=changing.now)


def desk_of(changing: Changing, files: Files) -> Desk:
    """Return the desk at which somebody asks."""
    own = changing.served.settings.paper_templates
    return Desk(store=changing.store, files=files, now=changing.now, actor=changing.person.actor, templates=Path(own) if own else None)


def _entered(changing: Changing, ready: Ready, *, status: int = 200) -> Response:
    def work(transaction: Transaction) -> Answer:
        changing.authorise(transaction, ready.action, ready.resource(transaction.connection))
        return _told(transaction, ready.enter(transaction), status=status)

    return changing.change(work)


def _told(transaction: Transaction, paper: int, *, status: int = 200) -> Answer:
    told = PaperOut.of(read_paper(transaction.connection, paper))
    return answer_of(told, status=status, Location=f"/api/v1/papers/{paper}")
