"""
Report sheet reading: the workbook of a report form as answers again, or every fault by its cell; nothing is taken of one that has any.

Only what was changed comes back: a cell that says what stands there, however it is written, keeps it as it was typed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from config import report_sheet_columns as columns
from config.fault_nouns import Both, shown, suggestion
from config.faults import FaultList, Place, SheetError
from config.scores_cells import Held, cell_text, held_in, lines_in, number_in
from config.table_columns import folded
from config.table_reading import MOST_ROWS, read_workbook
from evaluation.reports.forms import MEASURE, UNIT, FieldKind, RowsOf
from evaluation.reports.measures import TYPED
from evaluation.reports.numbers import as_number, number_text
from evaluation.reports.typing_in import UnfitAnswerError, fitting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.reports.forms import Answer, Answers, Field, ReportForm, Row

_WHOSE = {"obligation": Both(en="obligation", vi="nghĩa vụ"), "form": Both(en="form", vi="biểu mẫu")}
_TABLES = frozenset({FieldKind.TABLE, FieldKind.MEASURES})


@dataclass(frozen=True, kw_only=True)
class ReadReport:
    """What a report's workbook says otherwise than the report did, and which version of it was written."""

    changed: dict[str, Answer]
    version: int


def read_report(path: Path, form: ReportForm, answers: Answers, *, obligation: int, name: str = "") -> ReadReport:
    """
    Return the answers that a workbook changes; `answers` are those that stand, `name` is what faults call the file.

    Raises:
        SheetError: formulas, macros, merged cells, another report's workbook, rows unknown or doubled, values that no field takes; all.
    """
    faults = FaultList(file=name or path.name)
    if read_workbook(path, faults) is None or any(fault.code != "formula-without-value" for fault in faults):
        raise SheetError(faults)
    faults.found.clear()  # formulas are all refused below, with or without a value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of decorations that it cannot keep; nothing is kept here
        book = load_workbook(path, data_only=False, keep_links=False)
    reading = _Reading(form=form, answers=answers, faults=faults)
    version = reading.take_about(book, obligation=obligation)
    reading.take_cells(book)
    changed = reading.changed()
    if faults:
        raise SheetError(faults)
    return ReadReport(changed=changed, version=version)


@dataclass(kw_only=True)
class _Reading:
    """One pass over a workbook."""

    form: ReportForm
    answers: Answers
    faults: FaultList
    cells: dict[str, Held] = field(default_factory=dict)  #: values, by what each is known by

    def take_about(self, book: Workbook, *, obligation: int) -> int:
        """Return which version was written; that the workbook is another report's is noted."""
        sheet = next((one for one in book.worksheets if folded(one.title) == folded(columns.ABOUT_SHEET)), None)
        rows = () if sheet is None else sheet.iter_rows(max_col=2, max_row=20, values_only=True)
        said = {folded(cell_text(row[0])): cell_text(row[1]) for row in rows if len(row) > 1}
        for one, wanted in (("obligation", str(obligation)), ("form", self.form.key)):
            value = said.get(folded(columns.ABOUT[one]), "")
            if value != wanted:
                place = Place(cell=f"{columns.ABOUT_SHEET}!A1")
                self.faults.add("sheet-of-another", place, what=_WHOSE[one], value=shown(value), expected=wanted)
        version = said.get(folded(columns.ABOUT["version"]), "")
        return int(version) if version.isdecimal() else -1

    def take_cells(self, book: Workbook) -> None:
        """Keep the value of each row by what it is known by; rows that are unknown or doubled are noted."""
        sheet = book.worksheets[0]
        heads = {folded(cell_text(cell.value)): number for number, cell in enumerate(sheet[1], start=1)}
        found = {one: heads[folded(word)] for one, words in columns.HEADS.items() for word in words if folded(word) in heads}
        if not {"value", "code"} <= set(found):
            self.faults.add("sheet-no-table", Place(cell=f"{sheet.title}!A1"), sheet=sheet.title)
            return
        for merged in sheet.merged_cells.ranges:
            self.faults.add("sheet-merged", Place(line=merged.min_row, cell=f"{sheet.title}!{merged.coord}"), value=merged.coord)
        for number in range(2, min(sheet.max_row, MOST_ROWS) + 1):
            self._take(sheet, number, found)

    def _take(self, sheet: Worksheet, number: int, found: Mapping[str, int]) -> None:
        code, cell = (held_in(sheet.cell(number, found[one])) for one in ("code", "value"))
        if code.text in self.cells:
            self.faults.add("sheet-row-twice", code.place, value=shown(code.text), first=self.cells[code.text].row)
        elif code.text and self._column(code.text):
            self.cells[code.text] = cell
        elif code.text:
            known = [one.key for one in self.form.fields]
            self.faults.add("report-row-unknown", code.place, value=shown(code.text), near=suggestion(code.text, known))

    def _column(self, code: str) -> str:
        """Return the field or column that a cell is of; empty where the form has none such."""
        key, _, rest = code.partition("/")
        one = next((one for one in self.form.fields if one.key == key and one.kind is not FieldKind.FILE), None)
        if one is None or (one.kind in _TABLES) is not bool(rest):
            return ""
        row, _, column = rest.partition("/")
        return key if not rest else column if row.isdecimal() and column in filled_columns(one) else ""

    def changed(self) -> dict[str, Answer]:
        """Return the answers that are not what stands there; what does not fit its field is noted."""
        found: dict[str, Answer] = {}
        for one in self.form.fields:
            own = {code: cell for code, cell in self.cells.items() if code.partition("/")[0] == one.key}
            if not own:
                continue
            before = self.answers.get(one.key, () if one.kind in _TABLES else "")
            answer = self._rows(one, own, before) if one.kind in _TABLES else self._answer(one, own[one.key], str(before))
            if answer is not None and answer != (before if isinstance(before, str) else list(before)):
                self._fit(one, answer, next(iter(own.values())))
                found[one.key] = answer
        return found

    def _rows(self, one: Field, own: Mapping[str, Held], before: Answer) -> list[Row]:
        """Return the rows of a table as its cells say; a cell that is not there keeps what stood in it."""
        numbered = one.kind is not FieldKind.MEASURES
        there = [dict(row) for row in before if not isinstance(row, str)]
        rows = {str(number) if numbered else row[MEASURE]: row for number, row in enumerate(there, start=1)}
        for code, cell in own.items():
            _, number, column = code.split("/", 2)
            row = rows.setdefault(number, {} if numbered else {MEASURE: number})
            said = self._text(cell, row.get(column, ""), is_number=is_number(one, column))
            row.pop(column, None)
            row |= {column: said} if said else {}
        ordered = sorted(rows.items(), key=lambda item: int(item[0])) if numbered else list(rows.items())
        return [row for _, row in ordered if row or not numbered]

    def _answer(self, one: Field, cell: Held, before: str) -> str:
        said = self._text(cell, before, is_number=one.kind is FieldKind.NUMBER)
        if one.kind is not FieldKind.CHOICE or said in {"", before}:
            return said
        kept = next((vi for vi, en in one.choices if folded(said) in {folded(vi), folded(en)}), "")
        if not kept:
            near = suggestion(said, [vi for vi, _ in one.choices])
            self.faults.add("report-choice", cell.place, value=shown(said), near=near)
        return kept

    def _text(self, cell: Held, before: str, *, is_number: bool) -> str:
        """Return what a cell says as it is kept; as it was typed where it says the same."""
        if isinstance(cell.value, str) and cell.kind != "f" and cell.value.strip() == before.strip():
            return before
        if not is_number:
            return lines_in(cell, faults=self.faults).strip()
        number = number_in(cell, whole=False, faults=self.faults)
        if number is None:
            return ""
        return before if as_number(before) == number else number_text(number)

    def _fit(self, one: Field, answer: Answer, cell: Held) -> None:
        try:
            fitting(self.form, {one.key: answer})
        except UnfitAnswerError as error:
            self.faults.add("book-unit-refused", cell.place, said=Both(en=error.en, vi=error.vi))


def filled_columns(one: Field) -> tuple[str, ...]:
    """Return the columns of a table that are filled in: of measures those that are typed, in a table by units also the unit."""
    if one.kind is FieldKind.MEASURES:
        return TYPED
    return (*((UNIT,) if one.rows is RowsOf.UNITS else ()), *(column.key for column in one.columns))


def is_number(one: Field, column: str) -> bool:
    """Return whether a column of a table takes numbers."""
    return any(each.key == column and each.kind is FieldKind.NUMBER for each in one.columns)
