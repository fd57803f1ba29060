"""Books of sheets in tests: written for somebody, filled in cell by cell, and taken in again."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from config.scores_book_columns import ROWS_SHEET, columns_of
from config.scores_book_writing import book_workbook
from evaluation.scores.sheets import Part
from store.commands.scores.books import BookTaker, OpenBook
from store.queries.books import Wanted, units_of_book
from store.queries.rights import facts_of_contact

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.rights import ActorFacts
    from tests.store.scoring import Sheets

COORDINATOR = "officer.so-noi-vu"


@dataclass(frozen=True, kw_only=True)
class Booked:
    """Somebody with a book, in a folder of their own."""

    sheets: Sheets
    folder: Path
    part: Part = Part.SELF
    by: str = COORDINATOR

    @property
    def path(self) -> Path:
        """Where the book is."""
        return self.folder / "bang.xlsx"

    def facts(self) -> ActorFacts:
        """Who fills it in, as far as rights go."""
        with self.sheets.year.store.reading() as connection:
            return facts_of_contact(connection, self.sheets.actor(self.by).contact or 0)

    def written(self, **wanted: Any) -> Booked:
        """Write the book as it goes out now."""
        store, cycle = self.sheets.year.store, self.sheets.year.cycle
        with store.reading() as connection:
            asked = Wanted(cycle=cycle, part=self.part, **wanted)
            units = units_of_book(store, connection, asked, viewer=self.facts(), now=self.sheets.now)
            self.path.write_bytes(book_workbook(units, cycle=str(cycle), part=self.part))
        return self

    def rows(self) -> list[tuple[str, str]]:
        """Unit and leaf of each row."""
        return [(str(row[0]), str(row[2])) for row in self.table().iter_rows(min_row=2, values_only=True)]

    def table(self) -> Worksheet:
        """The sheet of rows."""
        return load_workbook(BytesIO(self.path.read_bytes()))[ROWS_SHEET]

    def cell(self, unit: str, node: str, name: str) -> str:
        """Where a value of a leaf stands: `G4`."""
        column = list(columns_of(self.part)).index(name)
        return f"{chr(ord('A') + column)}{self.rows().index((unit, node)) + 2}"

    def typed(self, unit: str, node: str, **values: Any) -> Booked:
        """Type values into the row of a leaf."""
        return self.changed({self.cell(unit, node, name): value for name, value in values.items()})

    def changed(self, cells: dict[str, Any]) -> Booked:
        """Put values into cells."""
        book = load_workbook(self.path)
        for name, value in cells.items():
            book[ROWS_SHEET][name] = value
        book.save(self.path)
        return self

    def back(self) -> OpenBook:
        """Hand the book in."""
        sheets = self.sheets
        taker = BookTaker(store=sheets.year.store, cycle=sheets.year.cycle, now=sheets.now, actor=sheets.actor(self.by), facts=self.facts())
        return taker.read(self.path)
