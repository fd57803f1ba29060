"""Typing in: whether what was typed fits the form at all, so that it can be kept; whether it is right is asked elsewhere."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from evaluation.reports.forms import MEASURE, PERCENT, REMARK, UNIT, FieldKind, RowsOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation.reports.forms import Answer, Field, ReportForm

LONGEST_ANSWER = 20_000
MOST_ROWS = 500
LONGEST_CELL = 2_000


class UnfitAnswerError(ValueError):
    """An answer does not fit its field: which, why, and what to do."""

    def __init__(self, field: str, vi: str, en: str) -> None:
        """Keep the field and both languages."""
        self.field, self.vi, self.en = field, vi, en
        super().__init__(en)


def fitting(form: ReportForm, given: Mapping[str, object]) -> dict[str, Answer]:
    """
    Return what was typed as it is kept: texts in NFC, tables without their empty rows, nothing for an empty answer.

    Of a measure only what is typed is kept, not what is shown beside it.

    Raises:
        UnfitAnswerError: a field that the form does not have, a text for a table, a column that the table does not have, too much.

    """
    known = {field.key: field for field in form.fields}
    kept: dict[str, Answer] = {}
    for key, value in given.items():
        if key not in known or known[key].kind is FieldKind.FILE:
            raise UnfitAnswerError(key, f"biểu mẫu không có mục “{key}” để điền", f"the form has no field “{key}” to be filled in")
        is_table = known[key].kind in {FieldKind.TABLE, FieldKind.MEASURES}
        answer = _rows(known[key], value) if is_table else _text(key, value, most=LONGEST_ANSWER)
        if answer:
            kept[key] = answer
    return kept


def _text(key: str, value: object, *, most: int) -> str:
    if not isinstance(value, str):
        raise UnfitAnswerError(key, f"mục “{key}” nhận chữ hoặc số viết dạng chữ", f"“{key}” takes a text, a number written as one")
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    if "\x00" in text:
        raise UnfitAnswerError(key, f"mục “{key}” có ký tự rỗng (NUL); hãy gõ lại", f"“{key}” has a null character; type it again")
    if len(text) > most:
        vi = f"mục “{key}” dài {len(text)} ký tự, nhiều nhất {most}; hãy đưa phần còn lại vào tệp"
        raise UnfitAnswerError(key, vi, f"“{key}” has {len(text)} characters, at most {most} are taken; put the rest into a file")
    return text


def _rows(field: Field, value: object) -> list[dict[str, str]]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, dict) for row in value):
        raise UnfitAnswerError(field.key, f"mục “{field.key}” là bảng: danh sách các hàng", f"“{field.key}” is a table: a list of rows")
    if len(value) > MOST_ROWS:
        vi, en = (
            f"bảng “{field.key}” có {len(value)} hàng, nhiều nhất {MOST_ROWS}",
            f"“{field.key}” has {len(value)} rows, at most {MOST_ROWS}",
        )
        raise UnfitAnswerError(field.key, vi, en)
    named = {UNIT} if field.rows is RowsOf.UNITS else {MEASURE} if field.kind is FieldKind.MEASURES else set()
    columns = {column.key for column in field.columns} | named
    rows = [_row(field, row, columns=columns) for row in value]
    return _measured(field, rows) if field.kind is FieldKind.MEASURES else [row for row in rows if set(row) - {UNIT}]


def _measured(field: Field, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return what is typed of measures, by the measure; what is only shown is left out."""
    typed = [{key: row[key] for key in (MEASURE, PERCENT, REMARK) if key in row} for row in rows]
    typed = [row for row in typed if set(row) - {MEASURE}]
    if not all(MEASURE in row for row in typed):
        vi, en = f"bảng “{field.key}”: mỗi hàng cần “{MEASURE}”", f"“{field.key}”: each row says its “{MEASURE}”"
        raise UnfitAnswerError(field.key, vi, en)
    return typed


def _row(field: Field, row: Mapping[str, object], *, columns: set[str]) -> dict[str, str]:
    for key in row:
        if key not in columns:
            raise UnfitAnswerError(field.key, f"bảng “{field.key}” không có cột “{key}”", f"the table “{field.key}” has no column “{key}”")
    cells = {key: _text(f"{field.key}.{key}", value, most=LONGEST_CELL) for key, value in row.items()}
    return {key: text for key, text in cells.items() if text}
