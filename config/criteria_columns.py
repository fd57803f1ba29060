"""Criteria columns: what the columns, sheets and words of a criteria set's workbook are called, in Vietnamese and English."""

from __future__ import annotations

import re

from config.table_columns import folded
from evaluation.criteria.sets import Method
from evaluation.criteria.words import METHODS

#: Field → the headers it may stand under; the second, where there is one, is written on export.
NODE_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã", "số", "stt", "tt"),
    "parent": ("parent", "thuộc", "mã cha"),
    "title": ("title", "tên", "nội dung", "lĩnh vực/tiêu chí/tiêu chí thành phần", "tiêu chí"),
    "maximum": ("maximum", "điểm tối đa", "điểm"),
    "method": ("method", "cách chấm", "phương pháp"),
    "threshold": ("threshold", "ngưỡng %", "ngưỡng"),
    "each": ("each", "trừ mỗi lỗi"),
    "floor": ("floor", "điểm sàn", "không dưới"),
    "origin": ("origin", "nguồn số liệu"),
    "groups": ("groups", "nhóm áp dụng", "nhóm"),
    "evidence": ("evidence", "tài liệu kiểm chứng", "minh chứng"),
    "evidence_required": ("evidence_required", "bắt buộc kiểm chứng", "bắt buộc"),
    "criteria": ("criteria", "số tiêu chí"),
    "sub_criteria": ("sub_criteria", "số tiêu chí thành phần"),
    "example": ("example", "ví dụ"),
}
LEVEL_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã"),
    "words": ("words", "mức", "nội dung"),
    "points": ("points", "điểm"),
}
LEAD_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã"),
    "party": ("party", "chủ trì", "đơn vị chủ trì", "mã đơn vị"),
    "from": ("from", "từ ngày"),
    "to": ("to", "đến hết ngày", "đến ngày"),
}
COLUMNS = {"criteria": NODE_COLUMNS, "levels": LEVEL_COLUMNS, "leads": LEAD_COLUMNS}
REQUIRED = {"criteria": ("key", "title"), "levels": ("key", "words", "points"), "leads": ("key", "party")}
#: What a sheet may be called; the first is written on export.
SHEETS: dict[str, tuple[str, ...]] = {
    "about": ("Bộ tiêu chí", "thông tin", "thông tin chung", "about", "criteria set"),
    "criteria": ("Tiêu chí", "criteria", "danh mục"),
    "levels": ("Mức điểm", "levels"),
    "leads": ("Chủ trì", "leads"),
}
#: Of the sheet of two columns: what, and its value. A field of the decision or of the counts is named with a dot.
ABOUT: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã"),
    "title": ("title", "tên"),
    "title_en": ("title_en", "tên tiếng Anh"),
    "year": ("year", "năm đánh giá", "năm"),
    "decision.number": ("decision.number", "số quyết định"),
    "decision.date": ("decision.date", "ngày quyết định"),
    "decision.issuer": ("decision.issuer", "cơ quan ban hành"),
    "groups": ("groups", "nhóm áp dụng"),
    "total": ("total", "tổng điểm"),
    "counts.fields": ("counts.fields", "số lĩnh vực"),
    "counts.criteria": ("counts.criteria", "số tiêu chí"),
    "counts.sub_criteria": ("counts.sub_criteria", "số tiêu chí thành phần"),
    "source": ("source", "nguồn"),
    "note": ("note", "ghi chú"),
}
YES, NO = "có", "không"
YES_WORDS = frozenset({"co", "yes", "true", "x", "1"})
NO_WORDS = frozenset({"khong", "no", "false", "0"})
_METHODS = {folded(word): method.value for method in Method for word in (method.value, *METHODS[method])}


def meant_method(text: str) -> str:
    """Return a method as the format writes it: `theo mức` is `levels`."""
    return _METHODS.get(folded(text), text)


def meant_list(text: str) -> list[str]:
    """Return the words of a list that stand in one cell."""
    return [word.strip() for word in re.split(r"[,;]", text) if word.strip()]


def written(columns: dict[str, tuple[str, ...]], field: str) -> str:
    """Return the header that a field is exported under."""
    return columns[field][1]
