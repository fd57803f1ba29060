"""
Scores book reading: the workbook of many units read row by row; faults stand with the unit that they are of, each at its cell.

Only rows that say otherwise than they said when they were written are kept: memory grows with what was filled in, not with the book. What
`config.scores_reading` refuses is refused here too; rows may be left out, sorted and filtered.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from config import scores_book_columns as columns
from config.fault_nouns import Both, shown, suggestion
from config.faults import FaultList, Place, SheetError
from config.scores_cells import Held, cell_text, examine_given, examine_typed, given_in, lines_in, number_in
from config.table_columns import folded
from config.table_reading import BROKEN, MOST_COLUMNS, is_refused
from config.text_reading import hidden_character
from evaluation.scores.books import STAMP, BookRow, is_as_written
from evaluation.scores.rows import SheetRow
from evaluation.scores.sheets import LeafState, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from config.faults import Fault
    from evaluation.criteria.sets import Node, Step
    from evaluation.scores.exemptions import Scope

#: Faults that are told; a unit that has more is refused all the same.
MOST_TOLD = 1000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_CHUNK, _CARRIED = 1024 * 1024, 256
_STAMP = re.compile(f"[0-9a-f]{{{STAMP}}}")
_WHOSE = {"cycle": Both(en="cycle", vi="kỳ"), "part": Both(en="part", vi="nội dung nhập")}


@dataclass(frozen=True, kw_only=True)
class KnownUnit:
    """A unit that a book may name, and what it is measured by."""

    name: str
    scope: Scope

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The leaves that it is measured by, by key."""
        return {step.node.key: step for step in self.scope.owed}


@dataclass(kw_only=True)
class ReadBook:
    """What a book says, by unit as it names them."""

    file: str
    part: Part
    sheet: str = columns.ROWS_SHEET
    fields: dict[str, int] = field(default_factory=dict)  #: column of each field, from 1
    rows: dict[str, dict[str, BookRow]] = field(default_factory=lambda: defaultdict(dict))  #: that say otherwise, by unit and leaf
    counted: Counter[str] = field(default_factory=Counter)  #: rows of each unit
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)  #: faults of each unit, told or not

    def place(self, row: int, about: str) -> Place:
        """Return where a value of a row stands; of one that has no column, the row's leaf."""
        return Held(sheet=self.sheet, row=row, column=self.fields.get(about, self.fields["key"])).place

    def refuse(self, unit: str, faults: FaultList) -> None:
        """Keep what is wrong with a unit."""
        told = sum(map(len, self.faults.values()))
        self.faults[unit] += list(faults)[: max(0, MOST_TOLD - told)]
        self.refused[unit] += len(faults.found)


def read_book(
    path: Path, units: Mapping[str, KnownUnit], *, cycle: str, name: str = "", progress: Callable[[int, int], None] | None = None
) -> ReadBook:
    """
    Return what the rows of a book say otherwise than when it was written, and what is wrong with rows, by unit.

    Raises:
        SheetError: the file is no such book of the cycle, holds macros or merged cells, or is too large.
    """
    reading = _Reading(units=units, faults=FaultList(file=name or path.name), progress=progress)
    try:
        with zipfile.ZipFile(path) as packed:
            return reading.read(path, packed, cycle=cycle)
    except SheetError:
        raise
    except BROKEN as error:
        reading.faults.add("not-a-table", Place(), why=shown(getattr(error, "strerror", None) or error or type(error).__name__))
        raise SheetError(reading.faults) from None


@dataclass(kw_only=True)
class _Reading:
    """One pass over a book."""

    units: Mapping[str, KnownUnit]
    faults: FaultList  #: of the book as a whole
    progress: Callable[[int, int], None] | None
    first: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, path: Path, packed: zipfile.ZipFile, *, cycle: str) -> ReadBook:
        if is_refused(packed, path, self.faults):
            raise SheetError(self.faults)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it cannot keep; nothing is kept here
            book = load_workbook(path, read_only=True, keep_links=False)
        found = ReadBook(file=self.faults.file, part=self._part(book, cycle=cycle))
        table = _sheet(book, columns.ROWS_SHEET)
        if table is not None:
            table.reset_dimensions()  # type: ignore[attr-defined]  # it reads only
            found.sheet, found.fields = table.title, _fields(table, found.part)
            for merged in _merged(packed, table):
                self.faults.add("sheet-merged", Place(cell=f"{table.title}!{merged}"), value=merged)
        if not found.fields:
            self.faults.add("sheet-no-table", Place(cell=f"{columns.ROWS_SHEET}!A1"), sheet=columns.ROWS_SHEET)
        if table is None or self.faults:
            raise SheetError(self.faults)
        expected = sum(len(unit.scope.owed) for unit in self.units.values())
        for number, row in _filled(table, found.fields):
            if number > columns.MOST_BOOK_ROWS:
                self.faults.add("too-big", found.place(number, "key"), what=f"> {columns.MOST_BOOK_ROWS}")
                raise SheetError(self.faults)
            self._take(found, row, number)
            if self.progress is not None:
                self.progress(min(number, expected), expected)
        return found

    def _part(self, book: Workbook, *, cycle: str) -> Part:
        """Return which part a book is; SheetError if it is of another cycle, or does not say."""
        sheet = _sheet(book, columns.ABOUT_SHEET)
        rows = () if sheet is None else sheet.iter_rows(max_col=2, max_row=20, values_only=True)
        said = {folded(cell_text(row[0])): cell_text(row[1]) for row in rows if len(row) > 1}
        parts = {folded(words): part for part, words in columns.PART_WORDS.items()}
        part = parts.get(folded(said.get(folded(columns.ABOUT["part"]), "")))
        expected = {"cycle": cycle, "part": columns.PART_WORDS[part] if part else " / ".join(columns.PART_WORDS.values())}
        for one, wanted in expected.items():
            value = said.get(folded(columns.ABOUT[one]), "")
            if folded(value) != folded(wanted):
                place = Place(cell=f"{columns.ABOUT_SHEET}!A1")
                self.faults.add("sheet-of-another", place, what=_WHOSE[one], value=shown(value), expected=wanted)
        if part is None or self.faults:
            raise SheetError(self.faults)
        return part

    def _take(self, found: ReadBook, cells: Mapping[str, Held], number: int) -> None:
        """Keep what a row says otherwise; what is wrong with it stands with its unit."""
        faults = FaultList(file=found.file)
        unit, key = cells["unit"].text, cells["key"].text
        found.counted[unit] += 1
        node = self._leaf(cells, faults)
        if node is not None and (first := self.first.setdefault((unit, key), number)) != number:
            faults.add("book-row-twice", cells["key"].place, unit=unit, value=key, first=first)
        elif node is not None:
            row = BookRow(said=_said(node, cells, found.part, faults), stamp=cells["stamp"].text, number=number)
            if _STAMP.fullmatch(row.stamp) is None:
                faults.add("book-stamp", cells["stamp"].place, value=shown(row.stamp))
            elif not faults and not is_as_written(row, part=found.part):
                _examine(node, row.said, cells, found.part, faults)
                found.rows[unit][key] = row
        if faults:
            found.refuse(unit, faults)

    def _leaf(self, cells: Mapping[str, Held], faults: FaultList) -> Node | None:
        """Return the leaf that a row is of; None of an unknown unit or leaf, or where the columns were sorted apart."""
        key, unit = cells["key"].text, self.units.get(cells["unit"].text)
        if unit is None:
            named = cells["unit"]
            faults.add("book-unit-unknown", named.place, value=shown(named.text), near=suggestion(named.text, self.units))
            return None
        step = unit.steps.get(key)
        if step is None and any(one.node.key == key for one in unit.scope.leaves):
            why = Both(en=LeafState.NOT_APPLICABLE.text("en"), vi=LeafState.NOT_APPLICABLE.text())
            faults.add("sheet-row-closed", cells["key"].place, value=why)
        elif step is None:
            faults.add("sheet-row-unknown", cells["key"].place, value=shown(key), near=suggestion(key, unit.steps))
        if step is None:
            return None
        for name, wanted in (("unit_name", unit.name), ("title", step.node.title)):
            if cells[name].text != wanted and folded(cells[name].text) != folded(wanted):
                faults.add("sheet-row-moved", cells[name].place, value=key, title=shown(cells[name].value))
        return None if faults else step.node


def _said(node: Node, cells: Mapping[str, Held], part: Part, faults: FaultList) -> SheetRow:
    """Return what the part's columns say; what cannot be read is noted."""
    for name in columns.FILLED[part]:
        cell = cells[name]
        if cell.kind == "e":
            faults.add("cell-error", cell.place, value=shown(cell.value))
        elif hidden := hidden_character(cell.text):
            faults.add("hidden-character", cell.place, character=hidden)
    if part is Part.SELF:
        return SheetRow(node=node.key, given=given_in(cells, faults=faults), explanation=lines_in(cells["explanation"], faults=faults))
    appraised = number_in(cells["appraised"], whole=False, faults=faults)
    return SheetRow(node=node.key, appraised=appraised, remark=lines_in(cells["remark"], faults=faults))


def _examine(node: Node, said: SheetRow, cells: Mapping[str, Held], part: Part, faults: FaultList) -> None:
    if part is Part.SELF:
        examine_given(node, said.given, cells, faults=faults)
    elif said.appraised is not None and cells["self"].text != cells["appraised"].text:
        examine_typed(node, said.appraised, cells["appraised"], about="appraised", faults=faults)


def _fields(table: Worksheet, part: Part) -> dict[str, int]:
    """Return the column of each field; empty where one that is needed is not there."""
    heads = next(table.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
    there = {folded(cell_text(value)): number for number, value in enumerate(heads, start=1)}
    found = {name: there[folded(header)] for name, header in columns.columns_of(part).items() if folded(header) in there}
    return found if columns.needed_in(part) <= set(found) else {}


def _filled(table: Worksheet, fields: Mapping[str, int]) -> Iterator[tuple[int, dict[str, Held]]]:
    """Yield the rows that name a unit or a leaf, each with its number."""
    rows = table.iter_rows(min_row=2, max_row=columns.MOST_BOOK_ROWS + 1, max_col=MOST_COLUMNS)
    for number, row in enumerate(rows, start=2):
        cells = {}
        for name, column in fields.items():
            cell = row[column - 1] if column <= len(row) else None
            value, kind = (None, "n") if cell is None else (cell.value, cell.data_type)
            cells[name] = Held(sheet=table.title, row=number, column=column, value=value, kind=str(kind))
        if any(cells[name].value is not None for name in ("unit", "key")):
            yield number, cells


def _sheet(book: Workbook, name: str) -> Worksheet | None:
    return next((sheet for sheet in book.worksheets if folded(sheet.title) == folded(name)), None)


def _merged(packed: zipfile.ZipFile, table: Worksheet) -> list[str]:
    """Return the merged cells of a sheet, which openpyxl passes over where it reads only."""
    found: dict[str, None] = {}
    with packed.open(table._worksheet_path) as part:  # type: ignore[attr-defined]  # noqa: SLF001  nothing else says where it is
        carried = b""
        while chunk := part.read(_CHUNK):
            found |= dict.fromkeys(one.decode() for one in _MERGED.findall(carried + chunk))
            carried = chunk[-_CARRIED:]
    return list(found)
