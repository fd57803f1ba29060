"""Reports as workbooks: a filled form, and all that the units sent of a period, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from config import report_sheet_columns as columns
from config.report_sheet_reading import filled_columns
from documents.workbooks import sheet_of
from evaluation.reports.forms import MEASURE, UNIT, FieldKind, RowsOf
from evaluation.reports.measures import measure_cell
from evaluation.reports.numbers import as_number
from evaluation.statuses import STATUS_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.reports.forms import Answers, Field, ReportForm, Row
    from store.queries.report_facts import PeriodAnswers
    from store.reports import Draft


Cell = str | float | None
#: Of a Vietnamese and an English word, the one that the reader reads.
Either = Callable[[str, str], str]
_ROWS_OR_FILES = frozenset({FieldKind.TABLE, FieldKind.MEASURES, FieldKind.FILE})
_OF_A_UNIT = (("Đơn vị", "Unit"), ("Trạng thái", "Status"))


def form_workbook(draft: Draft, *, either: Either) -> bytes:
    """Return a form with what stands in it, a row a field, as .xlsx; `config.report_sheet_reading` reads it back once it is filled in."""
    heads = [either(*one) for one in columns.HEADS.values()]
    facts = {"obligation": str(draft.obligation), "form": draft.form.key, "version": str(draft.version)}
    about = {columns.ABOUT[name]: fact for name, fact in facts.items()}
    return sheet_of(heads, _form_rows(draft.form, draft.answers, either=either), beside=(columns.ABOUT_SHEET, about))


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
            if field.kind in {FieldKind.TABLE, FieldKind.MEASURES}:
                yield from _table_rows(field, () if isinstance(answer, str) else answer, where, either=either)
            elif isinstance(answer, str):
                yield (*where, _cell(field, answer), field.unit, "" if field.kind is FieldKind.FILE else columns.code_of(field.key))


def _table_rows(field: Field, rows: Sequence[Row], where: tuple[str, str], *, either: Either) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each cell of a table; below those that are filled some that are not, where rows may be added."""
    is_free, titles = field.kind is FieldKind.TABLE, {column.key: either(column.title, column.title_en) for column in field.columns}
    titles |= {UNIT: either("Đơn vị", "Unit")} if field.rows is RowsOf.UNITS else {}
    filled = filled_columns(field)
    spare: list[Row] = [{}] * (columns.SPARE_ROWS if is_free else 0)
    for number, row in enumerate((*rows, *spare), start=1):
        shown = [column.key for column in field.columns if column.key not in filled]
        for column in (*shown, *filled):
            code = columns.code_of(field.key, str(number) if is_free else row[MEASURE], column) if column in filled else ""
            of = f"{where[1]}: {row.get(UNIT) or number}, {titles[column]}"
            yield (where[0], of, _of_row(field, row, column, either=either), "", code)


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
