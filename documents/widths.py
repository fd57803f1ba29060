"""Widths: tables whose columns come from the facts get columns as wide as their words need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.shared import Emu

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_WIDTHS = re.compile(r"\d{1,3}(,\d{1,3})*")


def set_widths(document: Document) -> None:
    """Give each table that says its columns' widths in its alternative text these widths, and take the text away."""
    for table in document.tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption"))  # noqa: SLF001  python-docx knows no alternative text
        said = "" if caption is None else caption.get(qn("w:val"), "")
        if caption is not None and _WIDTHS.fullmatch(said):
            table._tbl.tblPr.remove(caption)  # noqa: SLF001  likewise
            _set(table, [int(one) for one in said.split(",")])


def _set(table: Table, shares: list[int]) -> None:
    whole = sum(int(column.width or 0) for column in table.columns)
    if len(shares) != len(table.columns) or not whole:
        return
    widths = [Emu(whole * share // sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = width
