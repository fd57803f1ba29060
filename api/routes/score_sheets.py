"""Sheets as workbooks: a unit's sheet goes out, is filled in away from the system, and comes back with every fault by its cell."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import MayChange, Work
from api.changing.idempotency import answer_of
from api.doors.signing_in import SignedIn
from api.languages import Spoken
from api.problems.errors import NoObligationError
from api.routes.scores import sheet_seen
from api.wire.described import OF_A_CHANGE, problems
from api.wire.score_answers import SheetOut
from config.scores_reading import read_sheet, read_stamp
from config.scores_writing import sheet_workbook
from documents import draft
from evaluation.papers import Purpose
from evaluation.rights_table import Action
from store.commands.scores.held import no_sheet
from store.commands.scores.workbooks import sheet_with_names, stamp_of, take_workbook
from store.queries.health import answering
from store.queries.result_papers import About, result_paper
from store.queries.rights import facts_of_account, obligation_resource
from store.queries.score_sight import as_seen
from store.queries.scores import sheet_at, view_sheet
from store.rights import authorise, require
from store.score_refusals import refusing

if TYPE_CHECKING:
    from api.changing.doing import Changing
    from notifications.letters import Language
    from store.session import Transaction

router = APIRouter(prefix="/obligations/{id}", tags=["scores"])
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_WORKBOOK = {"requestBody": {"required": True, "content": {XLSX: _BINARY}}}


@router.get("/sheet.xlsx", response_class=Response, responses={200: {"content": {XLSX: _BINARY}}, **problems(401, 403, 404, 422)})
def fetch_sheet(obligation: Work, person: SignedIn, served: HasServed, now: Now) -> Response:
    """The sheet as a workbook, to be filled in away from the system."""
    with answering(served.store) as connection:
        view = sheet_seen(served, connection, person, obligation, now=now)
        found = sheet_at(served.store, connection, obligation, now=now)
        assert found is not None  # noqa: S101  it was seen a moment ago
    unit = found[2]
    shown = as_seen(unit, frozenset(line.step.node.key for line in view.lines if line.hidden))
    names = {line.step.node.key: tuple(name for _, name in line.files) for line in view.lines}
    book = sheet_workbook(sheet_with_names(shown.sheet, names), name=view.unit_name, stamp=stamp_of(unit))
    return Response(book, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename=dondoc-phieu-{view.unit}.xlsx"})


@router.get("/sheet.docx", response_class=Response, responses={200: {"content": {DOCX: _BINARY}}, **problems(401, 403, 404, 422)})
def fetch_report(obligation: Work, person: SignedIn, served: HasServed, now: Now) -> Response:
    """The unit's self-assessment report, drafted from its own scores as they stand, to be edited, numbered and signed by the unit."""
    with answering(served.store) as connection:
        view = sheet_seen(served, connection, person, obligation, now=now)
        about = About(purpose=Purpose.SELF_ASSESSMENT, unit=view.unit)
        with refusing():
            found = result_paper(served.store, connection, view.cycle, about, now=now)
    own = served.settings.paper_templates
    paper = draft(Purpose.SELF_ASSESSMENT, found.facts, own=Path(own) if own else None)
    return Response(paper, media_type=DOCX, headers={"Content-Disposition": f"attachment; filename=dondoc-tu-cham-{view.unit}.docx"})


@router.post("/sheet.xlsx", response_model=SheetOut, responses=OF_A_CHANGE, openapi_extra=_WORKBOOK)
async def take_sheet(obligation: Work, request: Request, changing: MayChange, language: Spoken) -> Response:
    """Take a filled workbook in, as the body; what is wrong is told cell by cell, and then nothing of it is taken."""
    body = await request.body()
    return await run_in_threadpool(_take, changing, obligation, body, language)


def _take(changing: Changing, obligation: int, body: bytes, language: Language) -> Response:
    with answering(changing.store) as connection:
        resource = obligation_resource(changing.store, connection, obligation, now=changing.now)
        facts = facts_of_account(connection, changing.person.account.id)
        if resource is None or resource.authority not in changing.person.authorities:
            raise NoObligationError(obligation)
        require(connection, facts, Action.SCORE, resource, now=changing.now)  # nobody's workbook is read who may not send one
        found = sheet_at(changing.store, connection, obligation, now=changing.now)
    if found is None:
        raise no_sheet()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        path.write_bytes(body)
        rows, stamp = read_sheet(path, found[2].sheet.scope), read_stamp(path)

    def work(transaction: Transaction) -> SheetOut:
        facts = changing.facts(transaction)
        authorise(changing.store, transaction, obligation, Action.SCORE, facts=facts)
        take_workbook(changing.store, transaction, obligation, rows, stamp=stamp, viewer=facts)
        view = view_sheet(changing.store, transaction.connection, obligation, now=changing.now, viewer=facts)
        assert view is not None  # noqa: S101  it was changed a moment ago
        return SheetOut.of(view, language=language)

    return changing.change(lambda transaction: answer_of(work(transaction)))
