"""Sheets: tables as .xlsx, in which nothing that people wrote is a formula."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from documents.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

_WIDEST = 60


def sheet_of(
    heads: Sequence[str], rows: Iterable[Sequence[str | int | float | date | None]], *, beside: tuple[str, Mapping[str, str]] = ("", {})
) -> bytes:
    """Return a table as a workbook, its first row fixed, dates as dates, words as words; `beside` names a second sheet, of facts."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  a new workbook has one
    for row in (heads, *rows):
        sheet.append([clean(one) if isinstance(one, str) else one for one in row])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":  # words that begin with = are no formula
                cell.data_type = "s"
    for column, head in enumerate(heads, start=1):
        cell, letter = sheet.cell(row=1, column=column), get_column_letter(column)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
        longest = max((len(str(one.value or "")) for one in sheet[letter]), default=len(head))
        sheet.column_dimensions[letter].width = min(longest + 2, _WIDEST)
    sheet.freeze_panes = "A2"
    title, facts = beside
    if title:
        about = book.create_sheet(title)
        for fact in facts.items():
            about.append(fact)
    written = BytesIO()
    book.save(written)
    return written.getvalue()
