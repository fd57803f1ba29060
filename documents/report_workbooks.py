"""Reports as workbooks: a filled form, and all that the units sent of a period, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from documents.workbooks import sheet_of
from evaluation.reports.forms import UNIT, FieldKind
from evaluation.reports.measures import measure_cell
from evaluation.reports.numbers import as_number
from evaluation.statuses import STATUS_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.reports.forms import Answers, Field, ReportForm, Row
    from store.queries.report_facts import PeriodAnswers


Cell = str | float | None
#: Of a Vietnamese and an English word, the one that the reader reads.
Either = Callable[[str, str], str]
_OF_A_FORM = (("Mục", "Part"), ("Nội dung", "Field"), ("Giá trị", "Value"), ("Đơn vị tính", "Unit of measure"))
_ROWS_OR_FILES = frozenset({FieldKind.TABLE, FieldKind.MEASURES, FieldKind.FILE})
_OF_A_UNIT = (("Đơn vị", "Unit"), ("Trạng thái", "Status"))


def form_workbook(form: ReportForm, answers: Answers, *, either: Either) -> bytes:
    """Return a form with what stands in it, a row a field, as .xlsx."""
    return sheet_of([either(*one) for one in _OF_A_FORM], _form_rows(form, answers, either=either))


def period_workbook(sent: PeriodAnswers, *, either: Either) -> bytes:
    """Return what each unit sent of a period, a row a unit and the sums last, as .xlsx."""
    fields = [] if sent.form is None else [one for one in sent.form.fields if one.kind not in _ROWS_OR_FILES]
    heads = [either(*one) for one in _OF_A_UNIT] + [_head(one, either=either) for one in fields]
    return sheet_of(heads, _unit_rows(sent, fields, either=either))


def _form_rows(form: ReportForm, answers: Answers, *, either: Either) -> Iterator[tuple[Cell, ...]]:
    for section in form.sections:
        for field in section.fields:
            answer = answers.get(field.key, "")
            where = either(section.title, section.title_en), either(field.title, field.title_en)
            if isinstance(answer, str):
                yield (*where, _cell(field, answer), field.unit)
                continue
            for number, row in enumerate(answer, start=1):
                for column in field.columns:
                    of = f"{where[1]}: {row.get(UNIT) or number}, {either(column.title, column.title_en)}"
                    yield (where[0], of, _of_row(field, row, column.key, either=either), "")


def _of_row(field: Field, row: Row, column: str, *, either: Either) -> str:
    if field.kind is FieldKind.MEASURES:
        return either(measure_cell(row, column, "vi"), measure_cell(row, column, "en"))
    return row.get(column, "")


def _unit_rows(sent: PeriodAnswers, fields: list[Field], *, either: Either) -> Iterator[tuple[Cell, ...]]:
    for unit in sent.units:
        state, answers = STATUS_OF_STATE[unit.obligation.state], sent.answers.get(unit.obligation.id, {})
        yield (unit.name, either(state.vi, state.en), *(_cell(one, str(answers.get(one.key, ""))) for one in fields))
    yield (either("Cộng", "Total"), "", *(_sum(one, sent) for one in fields))


def _sum(field: Field, sent: PeriodAnswers) -> Cell:
    """Return the sum of a count; nothing of a share, a text or a choice, which do not add up."""
    if field.kind is not FieldKind.NUMBER or "%" in field.unit:
        return ""
    numbers = [as_number(str(answers.get(field.key, ""))) for answers in sent.answers.values()]
    return float(sum(number for number in numbers if number is not None))


def _cell(field: Field, answer: str) -> Cell:
    number = as_number(answer) if field.kind is FieldKind.NUMBER else None
    return answer if number is None else float(number)


def _head(field: Field, *, either: Either) -> str:
    title = either(field.title, field.title_en)
    return f"{title} ({field.unit})" if field.unit else title
