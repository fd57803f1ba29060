"""Scores book columns: what sheets and columns of the workbook of many units are called, and which of them are read back in which part."""

from __future__ import annotations

from config import scores_columns
from evaluation.scores.sheets import PARTS, Part

#: The sheet of rows, and the one that says of which cycle and which part it is.
ROWS_SHEET, ABOUT_SHEET = "Các phiếu", scores_columns.ABOUT_SHEET
ABOUT: dict[str, str] = {"format": "Phiên bản tệp", "cycle": "Kỳ đánh giá", "part": "Nội dung nhập"}
FORMAT = "1"
#: What ties a row to its leaf: nobody changes it.
_WHICH = {
    "unit": "Mã đơn vị",
    "unit_name": "Đơn vị",
    **{name: scores_columns.COLUMNS[name] for name in ("key", "title", "maximum", "method")},
}
_STANDS = {"state": scores_columns.COLUMNS["state"], "returned": "Yêu cầu bổ sung", "stamp": "Bản (không sửa)"}
#: What is read back.
FILLED: dict[Part, tuple[str, ...]] = {
    Part.SELF: (*scores_columns.GIVEN, "explanation"),
    Part.APPRAISED: ("appraised", "remark"),
}
_SHOWN: dict[Part, tuple[str, ...]] = {
    Part.SELF: ("self", "evidence", "remark"),
    Part.APPRAISED: ("self", "explanation", "evidence"),
}
#: How a book says which part it is.
PART_WORDS: dict[Part, str] = {part: PARTS[part][0] for part in FILLED}
#: Rows of a book: three hundred units with two hundred leaves each.
MOST_BOOK_ROWS = 60_000


def columns_of(part: Part) -> dict[str, str]:
    """Return the columns of a book, field → header, in their order: which leaf, what to fill in, what stands beside it."""
    names = (*FILLED[part], *_SHOWN[part])
    return {**_WHICH, **{name: scores_columns.COLUMNS[name] for name in names}, **_STANDS}


def needed_in(part: Part) -> frozenset[str]:
    """Return the columns without which a book cannot be read."""
    return frozenset({"unit", "unit_name", "key", "title", "stamp", *FILLED[part]})
