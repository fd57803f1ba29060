"""Scores book writing: the sheets of many units as one workbook, written row by row, so that memory does not grow with the units."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from config import scores_book_columns as columns
from config import scores_columns
from config.scores_writing import FORMULA, plain_value, require_short_texts
from evaluation.criteria.words import METHODS
from evaluation.scores.books import stamp_of_leaf
from evaluation.scores.rows import rows_of
from evaluation.scores.sheets import leaf_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from evaluation.criteria.sets import Step
    from evaluation.scores.rows import SheetRow
    from evaluation.scores.sheets import Part, Sheet

_WIDTHS = {**scores_columns.WIDTHS, "unit_name": 30, "returned": 30, "stamp": 18}
_WIDTH = 13
#: Texts that stay texts when somebody types over them.
_TEXTS = frozenset({"unit", "key", "explanation", "remark", "stamp"})


@dataclass(frozen=True, kw_only=True)
class UnitOfBook:
    """A unit of a book: its sheet as whoever fills it in sees it, evidence by the names of its files, and which leaves are theirs."""

    name: str
    sheet: Sheet
    steps: tuple[Step, ...]


def book_workbook(units: Iterable[UnitOfBook], *, cycle: str, part: Part) -> bytes:
    """
    Return the sheets of units as one .xlsx workbook, a row for each unit and leaf, with a filter over its columns.

    Raises:
        ScoreError: a text is longer than a cell of a spreadsheet holds; nothing is cut off.
    """
    book = Workbook(write_only=True)
    table, heads = book.create_sheet(columns.ROWS_SHEET), columns.columns_of(part)
    table.freeze_panes = f"{get_column_letter(list(heads).index('title') + 1)}2"
    for number, name in enumerate(heads, start=1):
        table.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _WIDTH)
    table.append([_cell(table, "head", header) for header in heads.values()])
    last = 1
    try:
        for unit in units:
            for values in _rows(unit, part=part):
                table.append([_cell(table, name, values.get(name)) for name in heads])
                last += 1
    except Exception:
        table.close()  # what it had begun to write ends as it should
        raise
    table.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{last}"
    beside = book.create_sheet(columns.ABOUT_SHEET)
    about = {"format": columns.FORMAT, "cycle": cycle, "part": columns.PART_WORDS[part]}
    for name, header in columns.ABOUT.items():
        beside.append([_cell(beside, "head", header), about[name]])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _rows(unit: UnitOfBook, *, part: Part) -> Iterator[dict[str, str | int | Decimal | None]]:
    rows = rows_of(unit.sheet)
    require_short_texts(unit.sheet, rows)
    for step in unit.steps:
        yield _values(unit, step, rows[step.node.key], part=part)


def _values(unit: UnitOfBook, step: Step, row: SheetRow, *, part: Part) -> dict[str, str | int | Decimal | None]:
    node, entry = step.node, unit.sheet.entry(step.node.key)
    return {
        "unit": unit.sheet.scope.unit,
        "unit_name": unit.name,
        "key": node.key,
        "title": node.title,
        "maximum": node.maximum,
        "method": METHODS[node.scoring.method][0] if node.scoring else "",
        **{name: getattr(row.given, name) for name in scores_columns.GIVEN},
        "self": entry.self_score,
        "explanation": row.explanation,
        "evidence": "\n".join(row.evidence),
        "appraised": row.appraised,
        "remark": row.remark,
        "state": leaf_state(unit.sheet, step).text(),
        "returned": entry.returned,
        "stamp": stamp_of_leaf(entry, row, part=part),
    }


def _cell(sheet: WriteOnlyWorksheet, name: str, value: str | int | Decimal | None) -> Cell | None:
    if value is None or value == "":
        return None
    cell: Cell = WriteOnlyCell(sheet, plain_value(value))  # type: ignore[arg-type]  # a Decimal is a number too
    if isinstance(cell.value, str):
        cell.data_type = "s"
        if name == "head":
            cell.font = Font(bold=True)
        elif name in _TEXTS:
            cell.number_format = "@"
        if cell.value.startswith(FORMULA):
            cell.quotePrefix = True
    return cell
