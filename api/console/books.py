"""Books of sheets in the console: many units out as one workbook, sent back, looked at by the engine, and then taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.deeds import Attempt
from api.console.forms import fields_of, refused
from api.console.groups import group_said
from api.console.jobs import seen_job
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.answering import KINDS
from api.routes.books import require_some, viewer_of
from api.routes.cycles import Number
from api.routes.evidence import HasFiles
from evaluation.jobs import JobKind, JobState
from evaluation.scores.books import BookPart
from store.commands.jobs import JobOrder, ask_job
from store.commands.scores.books import Take
from store.files import Files, chunks_of
from store.queries.books import groups_of, may_fill
from store.queries.health import answering
from store.queries.rights import cycle_resource

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(default_response_class=HTMLResponse)
PARTS = {BookPart.SELF: N_("Điểm tự chấm"), BookPart.APPRAISED: N_("Điểm thẩm định")}
REFUSED: tuple[type[Exception], ...] = tuple(KINDS)


@dataclass(frozen=True, kw_only=True)
class _File:
    """A file as it was sent."""

    spool: BinaryIO
    name: str


@router.get("/cycles/{id}/sheets")  # noqa: FAST003  `Number` is its alias
def books_page(cycle: Number, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """Where many units' sheets go out as one workbook, and come back."""
    return shown(visitor, person, cycle)


def shown(visitor: Visitor, person: Person, cycle: int, *, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the page of a cycle's books. NoCycleError."""
    store = visitor.served.store
    with answering(store) as connection:
        viewer = viewer_of(connection, person, cycle)
        parts = [part for part in BookPart if may_fill(store, connection, cycle, part.part, viewer=viewer, now=visitor.now)]
        groups = groups_of(store, connection, cycle, now=visitor.now)
        frame = frame_of(visitor, connection, here="appraisals", cycle=cycle)
    facts: dict[str, Any] = {
        "cycle": cycle,
        "parts": [(part.value, visitor.say(PARTS[part])) for part in parts],
        "groups": {group: group_said(visitor, group) for group in groups},
        "attempt": attempt,
        "most_bytes": visitor.served.settings.file_most_bytes,
    }
    return page(visitor, "books.html", frame, facts, status=422 if attempt else 200)


@router.post("/cycles/{id}/sheets.xlsx")  # noqa: FAST003  likewise
async def send(  # noqa: PLR0913  what FastAPI hands in
    cycle: Number, request: Request, visitor: Visits, person: SignedIn, files: HasFiles, *, name: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """Keep a filled book, and ask the engine to look at it; its page shows how far it is."""
    try:
        await run_in_threadpool(require_some, visitor.served, person, cycle, now=visitor.now)
        async with received(request) as spool:
            job = await run_in_threadpool(_sent, visitor, person, cycle, files, _File(spool=spool, name=name))
    except REFUSED as error:
        attempt = refused(visitor, error, action="book", fields={})
        return await run_in_threadpool(lambda: shown(visitor, person, cycle, attempt=attempt))
    return RedirectResponse(f"/jobs/{job}", status_code=303)


def _sent(visitor: Visitor, person: Person, cycle: int, files: Files, file: _File) -> int:
    kept = files.keep(chunks_of(file.spool), name=file.name)
    return _ask(visitor, person, {"cycle": cycle, "sha256": kept.sha256, "name": kept.name, "take": Take.LOOK.value})


@router.post("/jobs/{id}/take")  # noqa: FAST003  likewise
async def take(job: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Ask the engine to take in a book of one's own that it has looked at."""
    fields = await fields_of(request)
    asked = await run_in_threadpool(lambda: _taking(visitor, person, job, take=fields.get("take", "")))
    return RedirectResponse(f"/jobs/{asked}", status_code=303)


def _taking(visitor: Visitor, person: Person, job: int, *, take: str) -> int:
    with answering(visitor.served.store) as connection:
        line = seen_job(visitor, connection, job)
    if line.kind is not JobKind.BOOK or line.state is not JobState.DONE or line.account != person.account.id or take not in set(Take):
        raise HTTPException(404)
    return _ask(visitor, person, {**line.script, "take": take})


def _ask(visitor: Visitor, person: Person, script: Mapping[str, Any]) -> int:
    with visitor.served.store.transaction(now=visitor.now, actor=person.actor) as transaction:
        authority = cycle_resource(transaction.connection, script["cycle"]).authority
        whole = {**script, "account": person.account.id}
        return ask_job(transaction, JobOrder(authority=authority, account=person.account.id, kind=JobKind.BOOK, script=whole))
