"""Scores columns: what sheets and columns of a unit's workbook are called, and which of them hold numbers."""

from __future__ import annotations

#: The sheet of rows, and the one that says whose it is.
ROWS_SHEET, ABOUT_SHEET = "Phiếu chấm điểm", "Thông tin"
#: Field → header. The key is the row's stable id; rows may stand in any order.
COLUMNS: dict[str, str] = {
    "key": "Mã",
    "title": "Nội dung",
    "maximum": "Điểm tối đa",
    "method": "Cách chấm",
    "level": "Mức",
    "done": "Số đạt",
    "of": "Tổng số",
    "rate": "Tỷ lệ %",
    "errors": "Số lỗi",
    "points": "Điểm",
    "self": "Điểm tự chấm",
    "explanation": "Giải trình",
    "evidence": "Tài liệu kiểm chứng",
    "appraised": "Điểm thẩm định",
    "remark": "Ý kiến thẩm định",
    "final": "Điểm chính thức",
    "state": "Trạng thái",
}
#: Written for people to read and not read back.
FOR_PEOPLE = frozenset({"maximum", "method", "self", "state"})
GIVEN = ("level", "done", "of", "rate", "errors", "points")
WHOLE_NUMBERS = frozenset({"level", "errors"})
NUMBERS = frozenset({*GIVEN, "appraised", "final"})
TEXTS = ("explanation", "evidence", "remark")
#: Of the sheet of two columns.
ABOUT: dict[str, str] = {
    "format": "Phiên bản tệp",
    "cycle": "Kỳ đánh giá",
    "unit": "Mã đơn vị",
    "name": "Tên đơn vị",
    "criteria": "Bộ tiêu chí",
    "stamp": "Bản của phiếu",
}
FORMAT = "1"
#: A cell of a spreadsheet holds no more characters.
LONGEST_CELL = 32_767
WIDTHS = {"title": 60, "explanation": 50, "evidence": 40, "remark": 40}
