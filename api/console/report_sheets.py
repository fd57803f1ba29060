"""Reports as sheets: a filled form, and all that the units sent of a period, side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.console.chosen import XLSX
from api.console.visiting import Visits
from api.routes.cycles import Number, head_for
from api.routes.obligations import refuse
from documents.report_workbooks import form_workbook, period_workbook
from evaluation.rights_table import Action
from store.commands.reporting import no_form
from store.queries.health import answering
from store.queries.obligations import Wanted, find_obligations
from store.queries.report_facts import period_answers
from store.reports import draft_of, line_of

router = APIRouter()
PeriodKey = Annotated[str, Path(min_length=1, max_length=20)]


@router.get("/obligations/{id}/report.xlsx")  # noqa: FAST003  `Number` is its alias
def filled_form(obligation: Number, visitor: Visits) -> Response:
    """The form of a report with what stands in it. NoObligationError, NotAllowedError, ReportError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        wanted = visitor.seen.narrowed(Wanted(obligation=obligation), store, connection, now=now)
        if not find_obligations(store, connection, wanted, now=now):
            refuse(store, connection, visitor.seen, obligation, now=now)
        draft = draft_of(connection, obligation, line=line_of(store, connection, obligation, now=now))
    if draft is None:
        raise no_form()
    return _sheet(form_workbook(draft, either=visitor.either), name=f"bao-cao-{obligation}")


@router.get("/cycles/{id}/reports/{period}/units.xlsx")  # noqa: FAST003  likewise
def units_of_period(cycle: Number, period: PeriodKey, visitor: Visits) -> Response:
    """What each unit sent of a period, a row a unit, the sums last. NoCycleError, NotAllowedError, ReportFactsError."""
    with answering(visitor.served.store) as connection:
        head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
        sent = period_answers(visitor.served.store, connection, cycle, period, now=visitor.now)
    return _sheet(period_workbook(sent, either=visitor.either), name=f"bao-cao-cac-don-vi-{cycle}")


def _sheet(content: bytes, *, name: str) -> Response:
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename=dondoc-{name}.xlsx"})
