"""Report sheet columns: what the columns of a report form's workbook are called, and how each of its cells is known when it comes back."""

from __future__ import annotations

#: Field → Vietnamese and English header, in their order.
HEADS: dict[str, tuple[str, str]] = {
    "section": ("Mục", "Part"),
    "title": ("Nội dung", "Field"),
    "value": ("Giá trị", "Value"),
    "unit": ("Đơn vị tính", "Unit of measure"),
    "code": ("Mã (không sửa)", "Key (leave as it is)"),
}
ABOUT_SHEET = "Thông tin"
#: Of the sheet of two columns: whose report it is, and which version of it was written.
ABOUT: dict[str, str] = {"obligation": "Nghĩa vụ", "form": "Biểu mẫu", "version": "Bản"}
#: Empty rows that a table has beyond those that are filled.
SPARE_ROWS = 3


def code_of(field: str, row: str = "", column: str = "") -> str:
    """Return by what a cell is known: its field; in a table also its row and column."""
    return f"{field}/{row}/{column}" if column else field
