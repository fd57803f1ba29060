"""
Table reading: the sheets of a workbook or the rows of a CSV file, every cell as plain text with its place.

A cell is data, whatever it begins with: a formula counts as the value that was stored with it, and macros are refused.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Protocol
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange

from config.fault_nouns import Both, shown
from config.faults import Place
from config.text_reading import hidden_character, normal, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from config.faults import FaultList

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_UNPACKED_BYTES = 200_000_000
#: XML tags of a workbook: a cell takes two to six of them, whatever it and its file are called.
MOST_TAGS = 10_000_000
_AT_ONCE = 1 << 20
#: Elements of which openpyxl makes every cell that they name: a few letters may name millions.
_SPANS = ("mergeCell", "hyperlink")

_PLAIN_ENDINGS = frozenset({".xlsx"})
_MACRO_PARTS = ("vbaproject.bin", "macrosheets/")
_ZEROS = re.compile("0+")
_DELIMITERS = ",;\t"
#: What reading a file that is no workbook raises.
BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError)


class ReadCell(Protocol):
    """What openpyxl reads, as far as it is asked here."""

    @property
    def value(self) -> object:
        """What the cell holds; None if nothing."""

    @property
    def data_type(self) -> str:
        """What kind of thing it holds: `s` text, `n` number, `d` date, `f` formula, and `e` error."""

    @property
    def number_format(self) -> str:
        """How the cell shows a number."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell that holds something."""

    text: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that holds something, its cells by column from 0."""

    number: int
    cells: dict[int, Cell]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook, or a CSV file, which is a sheet without a name."""

    name: str
    rows: tuple[Row, ...]
    file: str = ""  #: where it is not the file that was asked for

    def place(self, row: int, column: int) -> Place:
        """Return the place of a cell, empty or not."""
        return _place(self.name, row, column, file=self.file)


def _place(sheet: str, row: int, column: int, *, file: str = "") -> Place:
    cell = f"{get_column_letter(column + 1)}{row}"
    return Place(line=row, column=column + 1, cell=f"{sheet}!{cell}" if sheet else cell, file=file)


def read_workbook(path: Path, faults: FaultList, *, most_tags: int = MOST_TAGS) -> list[Sheet] | None:
    """Return the visible sheets of an .xlsx workbook, or None and a fault; `most_tags`: a larger one is refused before it is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            if is_refused(packed, path, faults, most_tags=most_tags):
                return None
            has_formulas = any(b"<f>" in packed.read(name) or b"<f " in packed.read(name) for name in _sheet_parts(packed))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it cannot keep; nothing is kept here
            if has_formulas:
                _add_formulas_without_value(path, faults)
            return _sheets(load_workbook(path, read_only=True, data_only=True, keep_links=False), faults)
    except BROKEN as error:
        faults.add("not-a-table", Place(), why=shown(getattr(error, "strerror", None) or error or type(error).__name__))
        return None


def _sheet_parts(packed: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in packed.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))


def is_refused(packed: zipfile.ZipFile, path: Path, faults: FaultList, *, most_tags: int = MOST_TAGS) -> bool:
    """Return whether a workbook holds macros or is too large, which is noted then."""
    names = [name.lower() for name in packed.namelist()]
    if path.suffix.lower() not in _PLAIN_ENDINGS or any(part in name for part in _MACRO_PARTS for name in names):
        faults.add("macros", Place())
        return True
    unpacked = sum(info.file_size for info in packed.infolist())
    if unpacked > MOST_UNPACKED_BYTES:
        faults.add("too-big", Place(), what=f"{unpacked} bytes")
        return True
    if (tags := sum(_tags(packed, name) for name in packed.namelist())) > most_tags:
        what = Both(en=f"{tags} XML tags, at most {most_tags}", vi=f"{tags} thẻ XML, nhiều nhất {most_tags}")
        faults.add("too-big", Place(), what=what)
        return True
    return False


def _tags(packed: zipfile.ZipFile, name: str) -> int:
    """Return how many XML tags a part has, whatever it is called, without keeping any of it."""
    with packed.open(name) as part:
        return sum(chunk.count(b"<") for chunk in iter(lambda: part.read(_AT_ONCE), b""))


def read_whole(path: Path, faults: FaultList, *, most_spanned: int) -> Workbook | None:
    """Return a workbook that `read_workbook` has read, whole, or None and a fault; `most_spanned`: cells merged or linked at once."""
    try:
        with zipfile.ZipFile(path) as packed:
            spanned = sum(_spanned(packed, name) for name in packed.namelist())
        if spanned > most_spanned:
            what = Both(
                en=f"{spanned} merged or linked cells, at most {most_spanned}",
                vi=f"{spanned} ô bị gộp hoặc đặt liên kết, nhiều nhất {most_spanned}",
            )
            faults.add("too-big", Place(), what=what)
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it cannot keep; nothing is kept here
            return load_workbook(path, data_only=False, keep_links=False)
    except BROKEN as error:
        faults.add("not-a-table", Place(), why=shown(error or type(error).__name__))
        return None


def _spanned(packed: zipfile.ZipFile, name: str) -> int:
    """Return how many cells the ranges of a part name; 0 of one that is no XML."""
    ranges: list[str] = []
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, found: ranges.append(found.get("ref", "")) if tag.endswith(_SPANS) else None
    with packed.open(name) as part, suppress(ExpatError):
        parser.ParseFile(part)
    return sum(CellRange(one).size["rows"] * CellRange(one).size["columns"] for one in ranges)


def _sheets(workbook: Workbook, faults: FaultList) -> list[Sheet]:
    sheets = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            name = normal(sheet.title)
            rows = tuple(_rows(name, sheet.iter_rows(max_col=MOST_COLUMNS), faults))
            sheets.append(Sheet(name=name, rows=rows))
    workbook.close()
    return sheets


def _rows(name: str, rows: Iterator[tuple[ReadCell, ...]], faults: FaultList) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        cells: dict[int, Cell] = {}
        for column, cell in enumerate(row):
            if cell.value is not None:
                place = _place(name, number, column)
                if cell.data_type == "e":
                    faults.add("cell-error", place, value=shown(cell.value))
                _keep(cells, column, _written(cell.value, number_format=cell.number_format), place=place, faults=faults)
        if cells and number > MOST_ROWS:
            faults.add("too-big", Place(line=number, cell=f"{name}!A{number}"), what=f"> {MOST_ROWS}")
            return
        if cells:
            yield Row(number=number, cells=cells)


def _keep(cells: dict[int, Cell], column: int, written: str, *, place: Place, faults: FaultList) -> None:
    text = normal(written)
    hidden = hidden_character(text)
    if hidden:
        faults.add("hidden-character", place, character=hidden)
    if text:
        cells[column] = Cell(text=text, place=place)


def _written(value: object, *, number_format: str) -> str:
    """Return a cell's value as people wrote it: days as year-month-day, whole numbers with the zeros that are shown."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(number_format):
        return str(value).zfill(len(number_format))
    return str(value)


def _add_formulas_without_value(path: Path, faults: FaultList) -> None:
    """Note formulas that no spreadsheet program has worked out: what they would say is not known."""
    formulas = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    values = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for written, stored in zip(formulas.worksheets, values.worksheets, strict=True):
        name = normal(written.title)
        written.reset_dimensions()
        stored.reset_dimensions()
        pairs = zip(written.iter_rows(max_col=MOST_COLUMNS), stored.iter_rows(max_col=MOST_COLUMNS), strict=True)
        for number, (row, stored_row) in enumerate(pairs, start=1):
            for column, (cell, stored_cell) in enumerate(zip(row, stored_row, strict=True)):
                if cell.data_type == "f" and stored_cell.value is None:
                    faults.add("formula-without-value", _place(name, number, column))
    formulas.close()
    values.close()


def read_csv(path: Path, faults: FaultList) -> list[Sheet] | None:
    """Return a CSV file (commas, semicolons or tabs) as one sheet without a name, or None and a fault."""
    text = read_text(path, faults)
    if text is None:
        return None
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), MOST_ROWS + 1))
    except csv.Error as error:
        faults.add("not-a-table", Place(), why=shown(error))
        return None
    if len(rows) > MOST_ROWS:
        faults.add("too-big", Place(), what=f"> {MOST_ROWS}")
        return None
    return [Sheet(name="", rows=tuple(_csv_rows(rows, faults)), file=faults.file)]


def _csv_rows(rows: list[list[str]], faults: FaultList) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        cells: dict[int, Cell] = {}
        for column, written in enumerate(row[:MOST_COLUMNS]):
            _keep(cells, column, written, place=_place("", number, column, file=faults.file), faults=faults)
        if cells:
            yield Row(number=number, cells=cells)
