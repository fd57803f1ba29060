"""A report form's workbook: out and in again without a change, what was typed is read, and every fault stands at its cell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from config.faults import SheetError
from config.report_sheet_reading import ReadReport, read_report
from documents.report_workbooks import form_workbook
from evaluation.reports.forms import MEASURE_COLUMNS, Column, Field, FieldKind, ReportForm, RowsOf, Section
from store.reports import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation.reports.forms import Answers


def field(key: str, kind: FieldKind, **changes: Any) -> Field:
    return Field(**{"key": key, "kind": kind, "title": f"Mục {key}", "title_en": f"Field {key}", **changes})


ROWS = (Column(key="ten", title="Tên", title_en="Name"), Column(key="so", title="Số", title_en="Number", kind=FieldKind.NUMBER))
FORM = ReportForm(
    key="thu",
    title="Thử",
    title_en="Trial",
    source="none",
    sections=(
        Section(
            key="a",
            title="Phần A",
            title_en="Part A",
            fields=(
                field("dem", FieldKind.NUMBER, unit="hồ sơ"),
                field("loi", FieldKind.TEXT),
                field("chon", FieldKind.CHOICE, choices=(("Có", "Yes"), ("Không", "No"))),
                field("bang", FieldKind.TABLE, columns=ROWS),
                field("don-vi", FieldKind.TABLE, columns=ROWS[1:], rows=RowsOf.UNITS),
                field("giai-phap", FieldKind.MEASURES, columns=MEASURE_COLUMNS),
                field("tep", FieldKind.FILE),
            ),
        ),
    ),
)
MEASURE = {"measure": "31", "criterion": "1.2", "text": "Rà soát", "due_on": "2025-06-30", "said": "40", "state": "open"}
ANSWERS: Answers = {
    "dem": "1.234,50",
    "loi": "=1+1 không phải công thức\ndòng hai",
    "chon": "Có",
    "bang": [{"ten": "Một", "so": "1.000"}, {"ten": "Hai"}],
    "don-vi": [{"unit": "Xã Một", "so": "7"}],
    "giai-phap": [{**MEASURE, "percent": "50"}],
}


def book(folder: Path, answers: Answers = ANSWERS, *, lang: int = 0, **cells: Any) -> Path:
    """The workbook of a draft, with other values where a cell is known by its key."""
    draft = Draft(obligation=7, form=FORM, form_digest="", answers=answers, carried=(), version=3, saved_by=None, saved_at=None)
    path = folder / "bao-cao.xlsx"
    path.write_bytes(form_workbook(draft, either=lambda vi, en: (vi, en)[lang]))
    made = load_workbook(path)
    table = made.worksheets[0]
    for code, value in cells.items():
        table.cell(row_of(path, code), 3).value = value
    made.save(path)
    return path


def row_of(path: Path, code: str) -> int:
    rows = load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
    return next(number for number, row in enumerate(rows, start=2) if row[4] == code)


def read(path: Path, answers: Answers = ANSWERS) -> ReadReport:
    return read_report(path, FORM, answers, obligation=7)


def refused(path: Path, **asked: Any) -> list[tuple[str, str]]:
    with pytest.raises(SheetError) as error:
        read_report(path, FORM, ANSWERS, **{"obligation": 7, **asked})
    assert all(fault.text("vi") and fault.text("en") for fault in error.value.faults)
    return [(fault.code, fault.cell.partition("!")[2]) for fault in error.value.faults]


@pytest.mark.parametrize("lang", [0, 1])
@pytest.mark.parametrize("answers", [ANSWERS, {}])
def test_a_form_that_nobody_touched_changes_nothing(tmp_path: Path, lang: int, answers: Answers) -> None:
    assert read(book(tmp_path, answers, lang=lang), answers) == ReadReport(changed={}, version=3)


def test_what_was_typed_is_read_and_the_rest_stays(tmp_path: Path) -> None:
    typed: dict[str, Any] = {
        "dem": 2469,
        "chon": "no",
        "bang/2/so": "12,5",
        "bang/4/ten": "Bốn",
        "don-vi/1/so": None,
        "giai-phap/31/percent": 80,
    }
    assert read(book(tmp_path, **typed)).changed == {
        "dem": "2.469",
        "chon": "Không",
        "bang": [{"ten": "Một", "so": "1.000"}, {"ten": "Hai", "so": "12,5"}, {"ten": "Bốn"}],
        "don-vi": [{"unit": "Xã Một"}],
        "giai-phap": [{**MEASURE, "percent": "80"}],
    }


def test_a_row_that_is_left_out_keeps_what_stood_in_it(tmp_path: Path) -> None:
    path = book(tmp_path, dem=5)
    made = load_workbook(path)
    for code in ("bang/1/ten", "loi"):
        made.worksheets[0].delete_rows(row_of(path, code))
        made.save(path)
    assert read(path).changed == {"dem": "5"}


FAULTY: dict[str, tuple[str, Any, str]] = {
    "a formula": ("dem", "=1+2", "sheet-formula"),
    "a day": ("dem", date(2025, 5, 9), "sheet-date"),
    "a text": ("bang/1/so", "nhiều", "sheet-number"),
    "two meanings": ("dem", "1.234", "sheet-ambiguous"),
    "no choice": ("chon", "Có lẽ", "report-choice"),
    "too long": ("loi", "x" * 20_001, "book-unit-refused"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_stands_at_its_cell(tmp_path: Path, name: str) -> None:
    code, value, fault = FAULTY[name]
    path = book(tmp_path, **{code: value})
    assert refused(path) == [(fault, f"C{row_of(path, code)}")]


def test_another_reports_workbook_and_rows_that_are_none_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path)
    assert refused(path, obligation=8) == [("sheet-of-another", "A1")]
    made = load_workbook(path)
    table = made.worksheets[0]
    table["E2"], table["E4"] = "dam", table["E3"].value
    table.merge_cells("A5:A6")
    made.save(path)
    assert {code for code, _ in refused(path)} == {"report-row-unknown", "sheet-row-twice", "sheet-merged"}
