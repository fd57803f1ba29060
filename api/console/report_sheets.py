"""Reports as sheets: a filled form, and all that the units sent of a period, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.console.catalogues import N_
from api.console.chosen import XLSX
from api.console.sheets import sheet_of
from api.console.visiting import Visitor, Visits
from api.routes.cycles import Number, head_for
from api.routes.obligations import refuse
from evaluation.reports.forms import UNIT, FieldKind
from evaluation.reports.numbers import as_number
from evaluation.rights_table import Action
from evaluation.statuses import STATUS_OF_STATE
from store.commands.reporting import no_form
from store.queries.health import answering
from store.queries.obligations import Wanted, find_obligations
from store.queries.report_facts import period_answers
from store.reports import draft_of, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.reports.forms import Answers, Field, ReportForm
    from store.queries.report_facts import PeriodAnswers

router = APIRouter()
PeriodKey = Annotated[str, Path(min_length=1, max_length=20)]
_OF_A_FORM = (N_("Mục"), N_("Nội dung"), N_("Giá trị"), N_("Đơn vị tính"))
_OF_A_UNIT = (N_("Đơn vị"), N_("Trạng thái"))
Cell = str | float | None


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
    heads = [visitor.say(one) for one in _OF_A_FORM]
    return _sheet(sheet_of(heads, _form_rows(visitor, draft.form, draft.answers)), name=f"bao-cao-{obligation}")


@router.get("/cycles/{id}/reports/{period}/units.xlsx")  # noqa: FAST003  likewise
def units_of_period(cycle: Number, period: PeriodKey, visitor: Visits) -> Response:
    """What each unit sent of a period, a row a unit, the sums last. NoCycleError, NotAllowedError, ReportFactsError."""
    with answering(visitor.served.store) as connection:
        head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
        sent = period_answers(visitor.served.store, connection, cycle, period, now=visitor.now)
    fields = [] if sent.form is None else [one for one in sent.form.fields if one.kind not in {FieldKind.TABLE, FieldKind.FILE}]
    heads = [visitor.say(one) for one in _OF_A_UNIT] + [_head(visitor, one) for one in fields]
    return _sheet(sheet_of(heads, _unit_rows(visitor, sent, fields)), name=f"bao-cao-cac-don-vi-{cycle}")


def _form_rows(visitor: Visitor, form: ReportForm, answers: Answers) -> Iterator[tuple[Cell, ...]]:
    for section in form.sections:
        for field in section.fields:
            answer = answers.get(field.key, "")
            where = visitor.either(section.title, section.title_en), visitor.either(field.title, field.title_en)
            if isinstance(answer, str):
                yield (*where, _cell(field, answer), field.unit)
                continue
            for number, row in enumerate(answer, start=1):
                for column in field.columns:
                    of = f"{where[1]}: {row.get(UNIT) or number}, {visitor.either(column.title, column.title_en)}"
                    yield (where[0], of, row.get(column.key, ""), "")


def _unit_rows(visitor: Visitor, sent: PeriodAnswers, fields: list[Field]) -> Iterator[tuple[Cell, ...]]:
    for unit in sent.units:
        state, answers = STATUS_OF_STATE[unit.obligation.state], sent.answers.get(unit.obligation.id, {})
        yield (unit.name, visitor.either(state.vi, state.en), *(_cell(one, str(answers.get(one.key, ""))) for one in fields))
    yield (visitor.say(N_("Cộng")), "", *(_sum(one, sent) for one in fields))


def _sum(field: Field, sent: PeriodAnswers) -> Cell:
    """Return the sum of a count; nothing of a share, a text or a choice, which do not add up."""
    if field.kind is not FieldKind.NUMBER or "%" in field.unit:
        return ""
    numbers = [as_number(str(answers.get(field.key, ""))) for answers in sent.answers.values()]
    return float(sum(number for number in numbers if number is not None))


def _cell(field: Field, answer: str) -> Cell:
    number = as_number(answer) if field.kind is FieldKind.NUMBER else None
    return answer if number is None else float(number)


def _head(visitor: Visitor, field: Field) -> str:
    title = visitor.either(field.title, field.title_en)
    return f"{title} ({field.unit})" if field.unit else title


def _sheet(content: bytes, *, name: str) -> Response:
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename=dondoc-{name}.xlsx"})
