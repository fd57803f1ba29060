"""Scores writing: a unit's sheet as a workbook that `config.scores_reading` reads back as it was; nothing in it is a formula."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from config import scores_columns as columns
from evaluation.criteria.sets import walk
from evaluation.criteria.words import METHODS
from evaluation.scores.faults import At, fault, require
from evaluation.scores.numbers import number_written
from evaluation.scores.rows import rows_of
from evaluation.scores.sheets import leaf_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.criteria.sets import Step
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.rows import SheetRow
    from evaluation.scores.sheets import Sheet

_Value = str | int | Decimal | None
#: Texts that begin so are quoted in a cell: a spreadsheet would else take them for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: A spreadsheet keeps fifteen digits of a number; what has more is written as text.
_MOST_DIGITS = 15
_WIDTH = 13


def sheet_workbook(sheet: Sheet, *, name: str = "", stamp: str = "") -> bytes:
    """
    Return a unit's sheet as an .xlsx workbook: a row for each node, values in those of leaves; `name` is the unit's.

    `stamp` tells which state of the sheet it was made of; `config.scores_reading.read_stamp` reads it back.

    Raises:
        ScoreError: a text is longer than a cell of a spreadsheet holds; nothing is cut off.
    """
    rows = rows_of(sheet)
    require_short_texts(sheet, rows)
    book = Workbook()
    table = book.active
    assert table is not None  # noqa: S101  a new workbook has one
    table.title = columns.ROWS_SHEET
    _write(table, 1, list(columns.COLUMNS.values()), bold=True)
    table.freeze_panes = "C2"
    steps = (step for step in walk(sheet.scope.criteria) if not step.node.is_leaf or step in sheet.scope.leaves)
    for number, step in enumerate(steps, start=2):
        values = _values(sheet, step, rows.get(step.node.key))
        _write(table, number, [values.get(field) for field in columns.COLUMNS], bold=not step.node.is_leaf)
    for column, field in enumerate(columns.COLUMNS, start=1):
        table.column_dimensions[get_column_letter(column)].width = columns.WIDTHS.get(field, _WIDTH)
    about = {
        "format": columns.FORMAT,
        "cycle": sheet.scope.cycle,
        "unit": sheet.scope.unit,
        "name": name,
        "criteria": sheet.scope.criteria.key,
        "stamp": stamp,
    }
    beside = book.create_sheet(columns.ABOUT_SHEET)
    for number, (field, header) in enumerate(columns.ABOUT.items(), start=1):
        _write(beside, number, [header, about[field]])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _values(sheet: Sheet, step: Step, row: SheetRow | None) -> dict[str, _Value]:
    node = step.node
    values: dict[str, _Value] = {"key": node.key, "title": node.title, "maximum": node.maximum}
    if not node.is_leaf:
        return values
    values["method"] = METHODS[node.scoring.method][0] if node.scoring else ""
    values["state"] = leaf_state(sheet, step).text()
    if row is None:
        return values
    given = {name: getattr(row.given, name) for name in columns.GIVEN}
    return {
        **values,
        **given,
        "self": sheet.entry(node.key).self_score,
        "explanation": row.explanation,
        "evidence": "\n".join(row.evidence),
        "appraised": row.appraised,
        "remark": row.remark,
        "final": row.final,
    }


def _write(sheet: Worksheet, row: int, values: list[_Value], *, bold: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        if value is None or value == "":
            continue
        cell = sheet.cell(row=row, column=column, value=plain_value(value))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            cell.font = Font(bold=True)
        if isinstance(cell.value, str):
            cell.data_type = "s"
            cell.quotePrefix = cell.value.startswith(FORMULA)
            cell.number_format = "@"


def plain_value(value: str | int | Decimal) -> str | int | Decimal:
    """Return a number as a number where a spreadsheet keeps all of its digits, else as text with a decimal comma."""
    if isinstance(value, Decimal):
        written = number_written(value)
        return value if sum(map(str.isdigit, written)) <= _MOST_DIGITS else written.replace(".", ",")
    if isinstance(value, str):
        return "".join(" " if unicodedata.category(one) == "Cc" and one not in "\t\n" else one for one in value.replace("\r\n", "\n"))
    return value


def require_short_texts(sheet: Sheet, rows: dict[str, SheetRow]) -> None:
    """Raise ScoreError where a text is longer than a cell of a spreadsheet holds."""
    require(_too_long(sheet, rows))


def _too_long(sheet: Sheet, rows: dict[str, SheetRow]) -> Iterator[ScoreFault]:
    for row in rows.values():
        for field, text in (("explanation", row.explanation), ("remark", row.remark), ("evidence", "\n".join(row.evidence))):
            if len(text) > columns.LONGEST_CELL:
                at = At(unit=sheet.scope.unit, node=row.node, about=field)
                yield fault("text-above-cell", at, count=len(text), most=columns.LONGEST_CELL)
