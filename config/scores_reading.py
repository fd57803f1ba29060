"""
Scores reading: a unit's workbook as rows again, or every fault by its cell; nothing is taken of a workbook that has one.

Formulas, macros and merged cells are refused: what they would say is not what somebody wrote. A date where a number is meant is refused
whatever calendar the workbook counts in (1900 or 1904): programs make one of `1.5`. Texts come in as Unicode NFC with their lines.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from config import scores_columns as columns
from config.fault_nouns import Both, shown, suggestion
from config.faults import FaultList, Place, SheetError
from config.table_columns import folded
from config.table_reading import MOST_ROWS, read_whole, read_workbook
from config.text_reading import normal
from evaluation.criteria.sets import step_named
from evaluation.reports.numbers import as_number
from evaluation.scores.faults import At
from evaluation.scores.methods import Given, score_leaf, typed_faults
from evaluation.scores.rows import SheetRow
from evaluation.scores.sheets import LeafState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.criteria.sets import Node
    from evaluation.scores.exemptions import Scope
    from evaluation.scores.faults import ScoreFault

#: A sheet of a thousand leaves, every cell of it filled and styled, has a tenth of these XML tags.
MOST_TAGS = 1_000_000
MOST_SPANNED = 10_000
_POINT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?", re.ASCII)
_WHOSE = {"cycle": Both(en="cycle", vi="kỳ"), "unit": Both(en="unit", vi="đơn vị"), "criteria": Both(en="criteria set", vi="bộ tiêu chí")}


def read_sheet(path: Path, scope: Scope, *, name: str = "") -> dict[str, SheetRow]:
    """
    Return the row of each leaf that the unit is measured by, as its workbook says; `name` is what faults call the file.

    Raises:
        SheetError: formulas, macros, merged cells, another unit's sheet, rows lost or moved, values that a method cannot use; all of them.
    """
    faults = FaultList(file=name or path.name)
    if read_workbook(path, faults, most_tags=MOST_TAGS) is None or any(fault.code != "formula-without-value" for fault in faults):
        raise SheetError(faults)
    faults.found.clear()  # formulas are all refused below, with or without a value
    book = read_whole(path, faults, most_spanned=MOST_SPANNED)
    if book is None:
        raise SheetError(faults)
    reading = _Reading(scope=scope, faults=faults)
    reading.take_about(book)
    rows = reading.take_rows(book)
    if faults:
        raise SheetError(faults)
    return rows


def read_stamp(path: Path) -> str:
    """Return which state of its sheet a workbook was made of; the empty text where it says nothing. One that `read_sheet` has read."""
    sheet = _sheet(load_workbook(path, read_only=False, keep_links=False), columns.ABOUT_SHEET)
    rows = () if sheet is None else sheet.iter_rows(max_col=2)
    return next((_text(row[1].value) for row in rows if folded(_text(row[0].value)) == folded(columns.ABOUT["stamp"])), "")


@dataclass(kw_only=True)
class _Reading:
    """One pass over a workbook."""

    scope: Scope
    faults: FaultList
    fields: dict[str, int] = field(default_factory=dict)  #: column of each field, from 1

    def take_about(self, book: Workbook) -> None:
        """Note where the workbook is another's: unit, cycle, criteria set."""
        sheet = _sheet(book, columns.ABOUT_SHEET)
        said: dict[str, tuple[str, Place]] = {}
        for row in sheet.iter_rows(max_col=2) if sheet is not None else ():
            header = folded(_text(row[0].value))
            known = next((one for one, name in columns.ABOUT.items() if folded(name) == header), "")
            if known:
                said[known] = _text(row[1].value), _place(row[1])
        expected = {"cycle": self.scope.cycle, "unit": self.scope.unit, "criteria": self.scope.criteria.key}
        for one, wanted in expected.items():
            value, place = said.get(one, ("", Place(cell=f"{columns.ABOUT_SHEET}!A1")))
            if value != wanted:
                self.faults.add("sheet-of-another", place, what=_WHOSE[one], value=shown(value), expected=shown(wanted))

    def take_rows(self, book: Workbook) -> dict[str, SheetRow]:
        """Return the rows by leaf; faults are noted, and rows that have one are left out."""
        sheet = _sheet(book, columns.ROWS_SHEET)
        head = {folded(_text(cell.value)): number for number, cell in enumerate(sheet[1], start=1)} if sheet is not None else {}
        self.fields = {one: head[folded(name)] for one, name in columns.COLUMNS.items() if folded(name) in head}
        if sheet is None or set(columns.COLUMNS) - columns.FOR_PEOPLE - set(self.fields):
            self.faults.add("sheet-no-table", Place(cell=f"{columns.ROWS_SHEET}!A1"), sheet=columns.ROWS_SHEET)
            return {}
        for merged in sheet.merged_cells.ranges:
            self.faults.add(
                "sheet-merged", Place(line=merged.min_row, column=merged.min_col, cell=f"{sheet.title}!{merged.coord}"), value=merged.coord
            )
        rows: dict[str, SheetRow] = {}
        first: dict[str, int] = {}
        for number, found in enumerate(sheet.iter_rows(min_row=2, max_row=min(sheet.max_row, MOST_ROWS)), start=2):
            cells = {one: found[column - 1] for one, column in self.fields.items()}
            key = _text(cells["key"].value)
            if key in first:
                self.faults.add("sheet-row-twice", _place(cells["key"]), value=shown(key), first=first[key])
            elif key or any(_text(cell.value) for cell in cells.values()):
                first[key] = number
                row = self._row(key, cells)
                rows |= {} if row is None else {key: row}
        for step in self.scope.owed:
            if step.node.key not in first:
                self.faults.add("sheet-row-lost", Place(line=sheet.max_row, cell=f"{sheet.title}!A{sheet.max_row}"), value=step.node.key)
        return rows

    def _row(self, key: str, cells: Mapping[str, Cell | MergedCell]) -> SheetRow | None:
        """Return the row of a leaf; None of a node that is not scored, which has to be empty, and of a row with a fault."""
        step = step_named(self.scope.criteria, key)
        if step is None:
            near = suggestion(key, [one.node.key for one in self.scope.leaves])
            self.faults.add("sheet-row-unknown", _place(cells["key"]), value=shown(key), near=near)
            return None
        if folded(_text(cells["title"].value)) != folded(step.node.title):
            self.faults.add("sheet-row-moved", _place(cells["title"]), value=key, title=shown(cells["title"].value))
        filled = [cells[one] for one in (*columns.NUMBERS, *columns.TEXTS) if _text(cells[one].value)]
        if step not in self.scope.owed:
            why = Both(en="it has criteria under it", vi="mục có mục con")
            if step.node.is_leaf:
                why = Both(en=LeafState.NOT_APPLICABLE.text("en"), vi=LeafState.NOT_APPLICABLE.text())
            for cell in filled:
                self.faults.add("sheet-row-closed", _place(cell), value=why)
            return None
        return self._leaf(step.node, cells)

    def _leaf(self, node: Node, cells: Mapping[str, Cell | MergedCell]) -> SheetRow | None:
        before = len(self.faults.found)
        numbers = {one: self._number(cells[one]) for one in columns.NUMBERS}
        texts = {one: self._lines(cells[one]) for one in columns.TEXTS}
        if len(self.faults.found) > before:
            return None
        whole = {one: None if value is None else int(value) for one, value in numbers.items() if one in columns.WHOLE_NUMBERS}
        given = Given(**{one: numbers[one] for one in columns.GIVEN if one not in columns.WHOLE_NUMBERS}, **whole)  # type: ignore[arg-type]
        self._examine(node, given, numbers, cells)
        return SheetRow(
            node=node.key,
            given=given,
            explanation=texts["explanation"],
            evidence=tuple(one.strip() for one in texts["evidence"].split("\n") if one.strip()),
            appraised=numbers["appraised"],
            remark=texts["remark"],
            final=numbers["final"],
        )

    def _examine(self, node: Node, given: Given, numbers: Mapping[str, Decimal | None], cells: Mapping[str, Cell | MergedCell]) -> None:
        """Note what the leaf's method cannot use, and scores out of range, each at its cell."""
        if given != Given():
            for one in score_leaf(node, given).faults:
                self._add(one, cells[one.about if one.about in self.fields else "points"])
        for part in ("appraised", "final"):
            value = numbers[part]
            if value is not None and value != score_leaf(node, given).points:
                for one in typed_faults(node, value, at=At(node=node.key, about=part)):
                    self._add(one, cells[part])

    def _add(self, found: ScoreFault, cell: Cell | MergedCell) -> None:
        self.faults.add("sheet-score", _place(cell), said=Both(en=found.en, vi=found.vi), mend=Both(en=found.mend_en, vi=found.mend_vi))

    def _number(self, cell: Cell | MergedCell) -> Decimal | None:
        value = cell.value
        if self._is_formula(cell) or value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, datetime | date | time):
            self.faults.add("sheet-date", _place(cell), value=shown(value))
            return None
        text = _text(value).lstrip("'")
        number = Decimal(text) if _POINT.fullmatch(text) else as_number(text)
        if isinstance(value, str) and number is not None and as_number(text) not in {None, number}:
            self.faults.add("sheet-ambiguous", _place(cell), value=shown(value))
            return None
        whole_wanted = any(self.fields[one] == cell.column for one in columns.WHOLE_NUMBERS)
        if number is None or isinstance(value, bool) or (whole_wanted and number != int(number)):
            self.faults.add("sheet-number", _place(cell), value=shown(value))
            return None
        return number

    def _lines(self, cell: Cell | MergedCell) -> str:
        """Return a text with its lines, in NFC."""
        value = cell.value
        if self._is_formula(cell) or value is None:
            return ""
        if isinstance(value, datetime | date):
            return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
        return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")

    def _is_formula(self, cell: Cell | MergedCell) -> bool:
        if cell.data_type != "f":
            return False
        self.faults.add("sheet-formula", _place(cell))
        return True


def _sheet(book: Workbook, name: str) -> Worksheet | None:
    return next((sheet for sheet in book.worksheets if folded(sheet.title) == folded(name)), None)


def _text(value: object) -> str:
    """Return a value as one line of text; a number as its shortest decimal, which is what was typed."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else normal(str(value))


def _place(cell: Cell | MergedCell) -> Place:
    return Place(line=cell.row or 1, column=cell.column or 1, cell=f"{cell.parent.title}!{cell.coordinate}")
