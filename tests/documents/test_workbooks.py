"""Sheets: what people wrote stands in them as words, whatever they wrote."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from documents.workbooks import sheet_of


def test_what_a_sheet_cannot_hold_is_left_out_and_nothing_is_a_formula() -> None:
    book = load_workbook(BytesIO(sheet_of(["=1+1", "Nội dung"], [["=2+2", "dòng một\x0bdòng hai\x01"], [3, None]])))
    (sheet,) = book.worksheets
    assert [[cell.value for cell in row] for row in sheet] == [["=1+1", "Nội dung"], ["=2+2", "dòng một dòng hai"], [3, None]]
    assert {cell.data_type for row in sheet for cell in row if isinstance(cell.value, str)} == {"s"}
