"""The workbook of many units: out and in again without a change, and every fault at its cell, with the unit that it is of."""

from __future__ import annotations

import unicodedata
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from config import scores_book_columns, table_reading
from config.faults import SheetError
from config.scores_book_columns import ABOUT_SHEET, ROWS_SHEET, columns_of
from config.scores_book_reading import KnownUnit, ReadBook, read_book
from config.scores_book_writing import UnitOfBook, book_workbook
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Part, Sheet
from tests.config.test_scores_sheets import CRITERIA, full_sheet
from tests.evaluation.scores.small_sets import make_scope

if TYPE_CHECKING:
    from pathlib import Path

CYCLE = "7"
NAMES = {"so-noi-vu": "Sở Nội vụ", "so-y-te": "Sở Y tế"}
SHEETS = {
    "so-noi-vu": full_sheet(),
    "so-y-te": Sheet(scope=make_scope("so-y-te", criteria=CRITERIA)),
}
KNOWN = {unit: KnownUnit(name=NAMES[unit], scope=sheet.scope) for unit, sheet in SHEETS.items()}


def book(*, part: Part = Part.SELF, cells: dict[str, Any] | None = None, folder: Path) -> Path:
    """A book of two units, with other values in some cells."""
    units = (UnitOfBook(name=NAMES[unit], sheet=sheet, steps=sheet.scope.owed) for unit, sheet in SHEETS.items())
    path = folder / "bang.xlsx"
    path.write_bytes(book_workbook(units, cycle=CYCLE, part=part))
    if cells:
        made = load_workbook(path)
        for name, value in cells.items():
            made[ROWS_SHEET][name] = value
        made.save(path)
    return path


def at(name: str, row: int, *, part: Part = Part.SELF) -> str:
    return f"{chr(ord('A') + list(columns_of(part)).index(name))}{row}"


def read(path: Path) -> ReadBook:
    return read_book(path, KNOWN, cycle=CYCLE)


def told(found: ReadBook) -> list[tuple[str, str, str]]:
    return [(unit, one.code, one.cell.partition("!")[2]) for unit, faults in found.faults.items() for one in faults]


def refused(path: Path, *, cycle: str = CYCLE) -> list[str]:
    with pytest.raises(SheetError) as error:
        read_book(path, KNOWN, cycle=cycle)
    assert all(fault.text("vi") and fault.text("en") for fault in error.value.faults)
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize("part", [Part.SELF, Part.APPRAISED])
def test_a_book_that_nobody_touched_says_nothing(part: Part, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = book(part=part, folder=tmp_path)
    found = read_book(path, KNOWN, cycle=CYCLE, progress=lambda done, total: steps.append((done, total)))
    assert (found.part, dict(found.rows), told(found)) == (part, {}, [])
    assert dict(found.counted) == {"so-noi-vu": 6, "so-y-te": 6}
    assert steps[-1] == (12, 12)
    table = load_workbook(path)[ROWS_SHEET]
    assert (table.freeze_panes, table.auto_filter.ref.endswith("13")) == ("D2", True)
    assert not [cell for row in table.iter_rows() for cell in row if cell.data_type == "f"]


def test_what_was_typed_is_read_by_unit_and_leaf_however_it_was_sorted(tmp_path: Path) -> None:
    path = book(folder=tmp_path, cells={at("points", 11): "9,5", at("errors", 4): 2, at("explanation", 4): "Theo báo cáo"})
    made = load_workbook(path)
    table = made[ROWS_SHEET]
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=2)]
    table.delete_rows(2, len(rows))
    for row in sorted(rows[1:], key=lambda row: str(row[3]), reverse=True):  # another order, and one row left out
        table.append(row)
    made.save(path)
    found = read(path)
    assert {unit: {node: row.said.given for node, row in rows.items()} for unit, rows in found.rows.items()} == {
        "so-y-te": {"1.10": Given(points=Decimal("9.5"))},
        "so-noi-vu": {"1.3": Given(errors=2)},
    }
    assert found.rows["so-noi-vu"]["1.3"].said.explanation == "Theo báo cáo"
    assert dict(found.counted) == {"so-noi-vu": 5, "so-y-te": 6}


FAULTY: dict[str, tuple[dict[str, Any], list[tuple[str, str, str]]]] = {
    "a formula": ({at("points", 11): "=1+2"}, [("so-y-te", "sheet-formula", at("points", 11))]),
    "a day": ({at("points", 11): date(2023, 5, 9)}, [("so-y-te", "sheet-date", at("points", 11))]),
    "a text": ({at("points", 11): "chín"}, [("so-y-te", "sheet-number", at("points", 11))]),
    "two meanings": ({at("points", 11): "1.234"}, [("so-y-te", "sheet-ambiguous", at("points", 11))]),
    "out of range": ({at("points", 11): 11}, [("so-y-te", "sheet-score", at("points", 11))]),
    "too large a share": ({at("done", 9): 3, at("of", 9): 2}, [("so-y-te", "sheet-score", at("done", 9))]),
    "an invisible character": ({at("explanation", 11): "a\u200bb"}, [("so-y-te", "hidden-character", at("explanation", 11))]),
    "an unknown unit": ({at("unit", 11): "so-y-tee"}, [("so-y-tee", "book-unit-unknown", at("unit", 11))]),
    "an unknown leaf": ({at("key", 11): "1.11"}, [("so-y-te", "sheet-row-unknown", at("key", 11))]),
    "a row twice": ({at("unit", 11): "so-noi-vu", at("unit_name", 11): "Sở Nội vụ"}, [("so-noi-vu", "book-row-twice", at("key", 11))]),
    "sorted apart": ({at("title", 11): "Khác"}, [("so-y-te", "sheet-row-moved", at("title", 11))]),
    "another's name": ({at("unit_name", 11): "Sở Khác"}, [("so-y-te", "sheet-row-moved", at("unit_name", 11))]),
    "no stamp": ({at("stamp", 11): None}, [("so-y-te", "book-stamp", at("stamp", 11))]),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_stands_with_its_unit_and_cell(name: str, tmp_path: Path) -> None:
    cells, expected = FAULTY[name]
    found = read(book(folder=tmp_path, cells=cells))
    assert told(found) == expected
    assert sum(found.refused.values()) == len(expected)
    assert all(one.text("vi") and one.text("en") for faults in found.faults.values() for one in faults)


def test_a_leaf_that_a_unit_is_exempt_from_takes_nothing(tmp_path: Path) -> None:
    exempt = make_scope("so-y-te", "3", criteria=CRITERIA)
    path = book(folder=tmp_path)
    found = read_book(path, {**KNOWN, "so-y-te": KnownUnit(name="Sở Y tế", scope=exempt)}, cycle=CYCLE)
    assert [(unit, code) for unit, code, _ in told(found)] == [("so-y-te", "sheet-row-closed")]


def test_names_come_in_composed(tmp_path: Path) -> None:
    path = book(folder=tmp_path, cells={at("explanation", 11): "Đã làm"})
    made = load_workbook(path)
    for table in made:
        for cell in (cell for row in table.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.value, cell.data_type = unicodedata.normalize("NFD", str(cell.value)), "s"
    made.save(path)
    found = read(path)
    assert told(found) == []
    assert found.rows["so-y-te"]["1.10"].said.explanation == "Đã làm"


def test_a_book_that_counts_days_from_1904_is_read_alike(tmp_path: Path) -> None:
    path = book(folder=tmp_path, cells={at("points", 11): date(2023, 5, 9)})
    made = load_workbook(path)
    made.epoch = CALENDAR_MAC_1904
    made.save(path)
    assert [code for _, code, _ in told(read(path))] == ["sheet-date"]


def test_what_is_no_such_book_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(folder=tmp_path)
    assert refused(path, cycle="8") == ["sheet-of-another"]
    made = load_workbook(path)
    made[ROWS_SHEET].merge_cells("C3:C4")
    made.save(path)
    assert refused(path) == ["sheet-merged"]
    made = load_workbook(book(folder=tmp_path))
    made[ROWS_SHEET].delete_cols(list(columns_of(Part.SELF)).index("stamp") + 1)
    made.save(path)
    assert refused(path) == ["sheet-no-table"]
    made = load_workbook(book(folder=tmp_path))
    del made[ABOUT_SHEET]
    made.save(path)
    assert set(refused(path)) == {"sheet-of-another"}
    with zipfile.ZipFile(book(folder=tmp_path), "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    assert refused(path) == ["macros"]
    path.write_bytes(b"PK\x03\x04 nothing")
    assert refused(path) == ["not-a-table"]
    monkeypatch.setattr(scores_book_columns, "MOST_BOOK_ROWS", 5)
    assert refused(book(folder=tmp_path)) == ["too-big"]
    monkeypatch.setattr(table_reading, "MOST_UNPACKED_BYTES", 1000)
    assert refused(book(folder=tmp_path)) == ["too-big"]


def test_it_is_written_as_rows_and_not_held_whole() -> None:
    seen: list[str] = []

    def units() -> Any:
        for unit, sheet in SHEETS.items():
            seen.append(unit)
            yield UnitOfBook(name=NAMES[unit], sheet=sheet, steps=sheet.scope.owed[:1])

    made = load_workbook(BytesIO(book_workbook(units(), cycle=CYCLE, part=Part.SELF)))
    assert [row[0].value for row in made[ROWS_SHEET].iter_rows(min_row=2)] == seen == ["so-noi-vu", "so-y-te"]
