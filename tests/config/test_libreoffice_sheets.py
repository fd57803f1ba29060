"""A unit's sheet opened and saved again in LibreOffice: no bit of meaning changes, and what was typed there is told by its cell."""

from __future__ import annotations

import subprocess
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from config.criteria_files import find_criteria, read_criteria
from config.faults import SheetError
from config.scores_book_reading import KnownUnit, read_book
from config.scores_book_writing import UnitOfBook, book_workbook
from config.scores_reading import read_sheet, read_stamp
from config.scores_writing import sheet_workbook
from evaluation.scores.filling import explain, score_self
from evaluation.scores.made_up import made_up_judgement, made_up_score
from evaluation.scores.methods import Given
from evaluation.scores.rows import fill_in, rows_of
from evaluation.scores.sheets import Part, Sheet
from tests.config.test_scores_sheets import ACT, SCOPE, full_sheet
from tests.evaluation.scores.small_sets import make_scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import RequiresSystem

INSTALL = "apt-get install --no-install-recommends libreoffice-calc-nogui"
CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
STAMP = "a1b2c3"
#: Texts that a spreadsheet likes to make something else of: numbers, dates, formulas, blanks at the ends, several lines, quotes.
TEXTS = (
    "01/02/2023",
    "12-5",
    "1e5",
    "007",
    "=A1",
    "+84",
    "'trích",
    "9,5",
    "TRUE",
    "dòng một\ndòng hai",
    "“nháy” & <thẻ>",
    "50%",
    "1:30",
)
#: What an officer typed there, by name: cells, and what is told.
TYPED: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a comma typed as text": ({"J6": "9,5", "F4": "1.234,5", "G4": 2469}, []),
    "a number": ({"J6": 9.375, "I5": 3}, []),
    "a day": ({"J6": date(2023, 5, 9)}, [("sheet-date", "J6")]),
    "a moment": ({"J6": datetime(2023, 5, 9, 7, 30)}, [("sheet-date", "J6")]),  # noqa: DTZ001  a cell has no zone
    "a formula": ({"J6": "=3+6.5"}, [("sheet-formula", "J6")]),
    "a formula gone wrong": ({"J6": "=3+6,5"}, [("cell-error", "J6")]),
    "a sum": ({"J6": "=SUM(F4:G4)"}, [("sheet-formula", "J6")]),
    "a share": ({"H4": "95,5%"}, [("sheet-number", "H4")]),
    "a text": ({"J6": "chín điểm", "E3": "Đủ"}, [("sheet-number", "E3"), ("sheet-number", "J6")]),
    "too much": ({"J6": "10,06"}, [("sheet-score", "J6")]),
    "one point, two meanings": ({"F4": 1, "G4": "1.234"}, [("sheet-ambiguous", "G4")]),
}


def sheets() -> dict[str, Sheet]:
    """The sheets that go out: one with everything in it, and one of each shipped set, scored, explained and appraised."""
    found = {"full": full_sheet()}
    for key, group in (("nghe-an-3323-so", "so-ban-nganh"), ("vi-du-xa", "ubnd-xa")):
        scope = make_scope("so-noi-vu", criteria=read_criteria(find_criteria(key)).criteria, group=group)
        sheet = Sheet(scope=scope)
        for number, step in enumerate(scope.owed):
            said = made_up_score(step.node, seed=key)
            if said is not None:
                sheet = score_self(sheet, step.node.key, said[0], act=ACT)
                sheet = explain(sheet, step.node.key, TEXTS[number % len(TEXTS)], act=ACT)
                points, remark = made_up_judgement(step.node, sheet.entry(step.node.key).self_score, seed=key)
                entry = replace(sheet.entry(step.node.key), appraised=points, remark=remark or TEXTS[-1 - number % len(TEXTS)])
                sheet = replace(sheet, entries={**sheet.entries, step.node.key: entry})
        found[key] = sheet
    return found


def typed(cells: Mapping[str, Any]) -> bytes:
    """A workbook in which somebody typed."""
    book = load_workbook(BytesIO(sheet_workbook(Sheet(scope=SCOPE), stamp=STAMP)))
    table = book["Phiếu chấm điểm"]
    for name, value in cells.items():
        table[name] = value
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def decomposed() -> bytes:
    """A workbook whose names and titles were written decomposed, as some systems do."""
    book = load_workbook(BytesIO(sheet_workbook(full_sheet(), name="Sở Nội vụ", stamp=STAMP)))
    for table in book:
        for cell in (cell for row in table.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.value = unicodedata.normalize("NFD", str(cell.value))
            cell.data_type = "s"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def books() -> dict[str, bytes]:
    """The sheet with everything in it as that of two units in one workbook, once for each part."""
    units = {unit: replace(full_sheet(), scope=replace(SCOPE, unit=unit)) for unit in ("so-noi-vu", "so-y-te")}
    made = [UnitOfBook(name=unit, sheet=sheet, steps=sheet.scope.owed) for unit, sheet in units.items()]
    return {part.value: book_workbook(iter(made), cycle="7", part=part) for part in (Part.SELF, Part.APPRAISED)}


@pytest.fixture(name="again", scope="module")
def _again(tmp_path_factory: pytest.TempPathFactory, requires_system: RequiresSystem) -> Path:
    """The folder of every workbook, each opened and saved by LibreOffice, in one go."""
    requires_system("soffice", install=INSTALL)
    requires_system(CALC.exists, install=INSTALL)
    out: Path = tmp_path_factory.mktemp("sheets")
    back = out / "again"
    for name, sheet in sheets().items():
        (out / f"{name}.xlsx").write_bytes(sheet_workbook(sheet, name="Sở Nội vụ", stamp=STAMP))
    for name, (cells, _) in TYPED.items():
        (out / f"{name}.xlsx").write_bytes(typed(cells))
    (out / "decomposed.xlsx").write_bytes(decomposed())
    for name, book in books().items():
        (out / f"book-{name}.xlsx").write_bytes(book)
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(back)]
    subprocess.run([*command, *map(str, sorted(out.glob("*.xlsx")))], check=True, capture_output=True, timeout=150)
    return back


@pytest.mark.parametrize("name", ["full", "nghe-an-3323-so", "vi-du-xa"])
def test_not_one_bit_of_meaning_changes(again: Path, name: str) -> None:
    sheet = sheets()[name]
    rows = read_sheet(again / f"{name}.xlsx", sheet.scope)
    assert rows == rows_of(sheet)
    assert reduce(lambda one, part: fill_in(one, rows, part=part, act=ACT), Part, sheet) == sheet
    assert read_stamp(again / f"{name}.xlsx") == STAMP


def test_names_come_in_composed(again: Path) -> None:
    assert read_sheet(again / "decomposed.xlsx", SCOPE) == rows_of(full_sheet())


@pytest.mark.parametrize("part", [Part.SELF, Part.APPRAISED])
def test_a_book_of_many_units_says_nothing_else(again: Path, part: Part) -> None:
    known = {unit: KnownUnit(name=unit, scope=replace(SCOPE, unit=unit)) for unit in ("so-noi-vu", "so-y-te")}
    found = read_book(again / f"book-{part.value}.xlsx", known, cycle="7")
    assert (found.part, dict(found.rows), dict(found.faults)) == (part, {}, {})
    assert dict(found.counted) == dict.fromkeys(known, 6)


@pytest.mark.parametrize("name", TYPED)
def test_what_was_typed_there_is_taken_or_told_by_its_cell(again: Path, name: str) -> None:
    path, told = again / f"{name}.xlsx", TYPED[name][1]
    if told:
        with pytest.raises(SheetError) as error:
            read_sheet(path, SCOPE)
        assert [(fault.code, fault.cell.removeprefix("Phiếu chấm điểm!")) for fault in error.value.faults] == told
        assert all(fault.text("vi") and fault.text("en") for fault in error.value.faults)
        return
    filled = fill_in(Sheet(scope=SCOPE), read_sheet(path, SCOPE), act=ACT)
    scored = {node: entry.given for node, entry in filled.entries.items() if entry.given is not None}
    if name == "a number":
        assert scored == {"1.3": Given(errors=3), "1.10": Given(points=Decimal("9.375"))}
    else:
        assert scored == {"1.10": Given(points=Decimal("9.5")), "1.2": Given(done=Decimal("1234.5"), of=Decimal(2469))}
