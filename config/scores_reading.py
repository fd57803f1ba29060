"""
Scores reading: a unit's workbook as rows again, or every fault by its cell; nothing is taken of a workbook that has one.

Formulas, macros and merged cells are refused: what they would say is not what somebody wrote. A date where a number is meant is refused
whatever calendar the workbook counts in (1900 or 1904): programs make one of `1.5`. Texts come in as Unicode NFC with their lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from config import scores_columns as columns
from config.fault_nouns import Both, shown, suggestion
from config.faults import FaultList, Place, SheetError
from config.scores_cells import Held, cell_text, examine_given, examine_typed, given_in, held_in, lines_in, number_in
from config.table_columns import folded
from config.table_reading import MOST_ROWS, read_whole, read_workbook
from evaluation.criteria.sets import step_named
from evaluation.scores.methods import score_leaf
from evaluation.scores.rows import SheetRow
from evaluation.scores.sheets import LeafState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.criteria.sets import Node
    from evaluation.scores.exemptions import Scope
    from evaluation.scores.methods import Given

#: A sheet of a thousand leaves, every cell of it filled and styled, has a tenth of these XML tags.
MOST_TAGS = 1_000_000
MOST_SPANNED = 10_000
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
    return next((cell_text(row[1].value) for row in rows if folded(cell_text(row[0].value)) == folded(columns.ABOUT["stamp"])), "")


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
            header = folded(cell_text(row[0].value))
            known = next((one for one, name in columns.ABOUT.items() if folded(name) == header), "")
            if known:
                said[known] = cell_text(row[1].value), held_in(row[1]).place
        expected = {"cycle": self.scope.cycle, "unit": self.scope.unit, "criteria": self.scope.criteria.key}
        for one, wanted in expected.items():
            value, place = said.get(one, ("", Place(cell=f"{columns.ABOUT_SHEET}!A1")))
            if value != wanted:
                self.faults.add("sheet-of-another", place, what=_WHOSE[one], value=shown(value), expected=shown(wanted))

    def take_rows(self, book: Workbook) -> dict[str, SheetRow]:
        """Return the rows by leaf; faults are noted, and rows that have one are left out."""
        sheet = _sheet(book, columns.ROWS_SHEET)
        head = {folded(cell_text(cell.value)): number for number, cell in enumerate(sheet[1], start=1)} if sheet is not None else {}
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
            cells = {one: held_in(found[column - 1]) for one, column in self.fields.items()}
            key = cells["key"].text
            if key in first:
                self.faults.add("sheet-row-twice", cells["key"].place, value=shown(key), first=first[key])
            elif key or any(cell.text for cell in cells.values()):
                first[key] = number
                row = self._row(key, cells)
                rows |= {} if row is None else {key: row}
        for step in self.scope.owed:
            if step.node.key not in first:
                self.faults.add("sheet-row-lost", Place(line=sheet.max_row, cell=f"{sheet.title}!A{sheet.max_row}"), value=step.node.key)
        return rows

    def _row(self, key: str, cells: Mapping[str, Held]) -> SheetRow | None:
        """Return the row of a leaf; None of a node that is not scored, which has to be empty, and of a row with a fault."""
        step = step_named(self.scope.criteria, key)
        if step is None:
            near = suggestion(key, [one.node.key for one in self.scope.leaves])
            self.faults.add("sheet-row-unknown", cells["key"].place, value=shown(key), near=near)
            return None
        if folded(cells["title"].text) != folded(step.node.title):
            self.faults.add("sheet-row-moved", cells["title"].place, value=key, title=shown(cells["title"].value))
        filled = [cells[one] for one in (*columns.NUMBERS, *columns.TEXTS) if cells[one].text]
        if step not in self.scope.owed:
            why = Both(en="it has criteria under it", vi="mục có mục con")
            if step.node.is_leaf:
                why = Both(en=LeafState.NOT_APPLICABLE.text("en"), vi=LeafState.NOT_APPLICABLE.text())
            for cell in filled:
                self.faults.add("sheet-row-closed", cell.place, value=why)
            return None
        return self._leaf(step.node, cells)

    def _leaf(self, node: Node, cells: Mapping[str, Held]) -> SheetRow | None:
        before = len(self.faults.found)
        given = given_in(cells, faults=self.faults)
        scores = {one: number_in(cells[one], whole=False, faults=self.faults) for one in ("appraised", "final")}
        texts = {one: lines_in(cells[one], faults=self.faults) for one in columns.TEXTS}
        if len(self.faults.found) > before:
            return None
        self._examine(node, given, scores, cells)
        return SheetRow(
            node=node.key,
            given=given,
            explanation=texts["explanation"],
            evidence=tuple(one.strip() for one in texts["evidence"].split("\n") if one.strip()),
            appraised=scores["appraised"],
            remark=texts["remark"],
            final=scores["final"],
        )

    def _examine(self, node: Node, given: Given, scores: Mapping[str, Decimal | None], cells: Mapping[str, Held]) -> None:
        """Note what the leaf's method cannot use, and scores out of range, each at its cell."""
        examine_given(node, given, cells, faults=self.faults)
        for part, value in scores.items():
            if value is not None and value != score_leaf(node, given).points:
                examine_typed(node, value, cells[part], about=part, faults=self.faults)


def _sheet(book: Workbook, name: str) -> Worksheet | None:
    return next((sheet for sheet in book.worksheets if folded(sheet.title) == folded(name)), None)
