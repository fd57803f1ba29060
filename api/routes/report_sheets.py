"""Reports as workbooks: a form goes out, is filled in away from the system, and comes back with every fault by its cell."""

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
from api.routes.reports import told
from api.routes.score_sheets import XLSX
from api.wire.described import OF_A_CHANGE, problems
from api.wire.reports import ReportOut
from config.report_sheet_reading import read_report
from documents.report_workbooks import form_workbook
from evaluation.rights_table import Action
from notifications.phrases import pick
from store.commands.reporting import no_form, save_answers
from store.queries.health import answering
from store.queries.rights import facts_of_account, obligation_resource
from store.reports import draft_of, line_of
from store.rights import authorise, require

if TYPE_CHECKING:
    from datetime import datetime

    from api.asking import Served
    from api.changing.doing import Changing
    from api.doors.signing_in import Person
    from notifications.letters import Language
    from store.idempotency import Answer
    from store.reports import Draft
    from store.session import Transaction

router = APIRouter(prefix="/obligations/{id}", tags=["reports"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_WORKBOOK = {"requestBody": {"required": True, "content": {XLSX: _BINARY}}}


@router.get("/report.xlsx", response_class=Response, responses={200: {"content": {XLSX: _BINARY}}, **problems(401, 403, 404, 422)})
def fetch_report_sheet(obligation: Work, person: SignedIn, served: HasServed, now: Now, language: Spoken) -> Response:
    """The form of a report with what stands in it as a workbook, to be filled in away from the system."""
    draft = _draft(served, person, obligation, Action.READ_OBLIGATION, now=now)
    book = form_workbook(draft, either=lambda vi, en: pick((vi, en), language=language))
    return Response(book, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename=dondoc-bao-cao-{obligation}.xlsx"})


@router.post("/report.xlsx", response_model=ReportOut, responses=OF_A_CHANGE, openapi_extra=_WORKBOOK)
async def take_report_sheet(obligation: Work, request: Request, changing: MayChange, language: Spoken) -> Response:
    """Take a filled form in, as the body; what is wrong is told cell by cell, and then nothing of it is taken."""
    body = await request.body()
    return await run_in_threadpool(_take, changing, obligation, body, language)


def _take(changing: Changing, obligation: int, body: bytes, language: Language) -> Response:
    draft = _draft(changing.served, changing.person, obligation, Action.FILL_REPORT, now=changing.now)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        path.write_bytes(body)
        read = read_report(path, draft.form, draft.answers, obligation=obligation)

    def work(transaction: Transaction) -> Answer:
        authorise(changing.store, transaction, obligation, Action.FILL_REPORT, facts=changing.facts(transaction))
        save_answers(changing.store, transaction, obligation, read.changed, seen=read.version)
        return answer_of(told(changing.store, transaction.connection, obligation, now=changing.now, language=language))

    return changing.change(work)


def _draft(served: Served, person: Person, obligation: int, action: Action, *, now: datetime) -> Draft:
    """Return what stands in a report, for somebody who may do that with it. NoObligationError, NotAllowedError, ReportError."""
    with answering(served.store) as connection:
        resource = obligation_resource(served.store, connection, obligation, now=now)
        if resource is None or resource.authority not in person.authorities:
            raise NoObligationError(obligation)
        require(connection, facts_of_account(connection, person.account.id), action, resource, now=now)
        draft = draft_of(connection, obligation, line=line_of(served.store, connection, obligation, now=now))
    if draft is None:
        raise no_form()
    return draft
