"""Fault nouns: what things are called in a fault, in English and Vietnamese, and which word was probably meant."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: How many words are listed when none is near; more are no help.
MOST_LISTED = 24
#: Above this many known words only those that begin alike are compared: a roster holds thousands of keys.
MOST_COMPARED = 300
#: Longest piece of a value that a fault quotes.
LONGEST_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Both:
    """The same words in English and in Vietnamese."""

    en: str
    vi: str


def shown(value: object) -> str:
    """Return a value as a fault quotes it: one line, not too long, nothing unprintable."""
    text = " ".join(str(value).split()).encode("utf-8", "backslashreplace").decode()
    text = "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known word that was probably meant, or the empty text."""
    candidates = list(known)
    if len(candidates) > MOST_COMPARED:
        candidates = [k for k in candidates if k[:2] == word[:2] and abs(len(k) - len(word)) <= 2][:MOST_COMPARED]  # noqa: PLR2004
    folded = {candidate.casefold(): candidate for candidate in candidates}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def suggestion(word: str, known: Collection[str]) -> Both:
    """Return “did you mean …”, else the words to choose from."""
    near = nearest(word, known)
    if near:
        return Both(en=f"did you mean “{near}”?", vi=f"có phải là “{near}”?")
    if not known:
        return Both(en="there is none to choose from: leave it out", vi="hiện không có giá trị nào để chọn: hãy bỏ đi")
    listed = ", ".join(list(known)[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    return Both(en=f"write one of: {listed}", vi=f"chọn một trong các giá trị: {listed}")


#: What the words of a plan or roster are called.
NOUNS: dict[str, Both] = {
    "answer": Both(en="answer", vi="lựa chọn"),
    "anchor": Both(en="anchor", vi="mốc tính"),
    "audience": Both(en="audience", vi="đối tượng nhận"),
    "check": Both(en="check", vi="phép kiểm tra"),
    "column": Both(en="column", vi="cột"),
    "contact": Both(en="contact", vi="đầu mối"),
    "criteria": Both(en="criteria set", vi="bộ tiêu chí"),
    "criterion": Both(en="criterion", vi="mục của bộ tiêu chí"),
    "document": Both(en="document", vi="văn bản"),
    "field": Both(en="field", vi="mục"),
    "form": Both(en="report form", vi="biểu mẫu báo cáo"),
    "group": Both(en="group", vi="nhóm"),
    "item": Both(en="item", vi="sản phẩm"),
    "kind": Both(en="kind", vi="loại"),
    "ladder": Both(en="ladder", vi="thang nhắc"),
    "language": Both(en="language", vi="ngôn ngữ"),
    "level": Both(en="level", vi="cấp"),
    "message": Both(en="message", vi="loại thư"),
    "paper": Both(en="paper", vi="loại văn bản"),
    "method": Both(en="method", vi="cách chấm"),
    "month": Both(en="month word", vi="tháng tính"),
    "party": Both(en="party", vi="đơn vị, tổ chức, cá nhân"),
    "period": Both(en="period", vi="kỳ"),
    "plan": Both(en="plan", vi="kế hoạch"),
    "role": Both(en="role", vi="vai trò"),
    "roll": Both(en="roll", vi="cách dời ngày"),
    "roster": Both(en="roster", vi="danh sách đơn vị"),
    "rung": Both(en="rung", vi="bậc nhắc"),
    "section": Both(en="section", vi="phần"),
    "question": Both(en="question", vi="câu hỏi"),
    "question-set": Both(en="question set", vi="bộ câu hỏi"),
    "respondents": Both(en="group of respondents", vi="nhóm đối tượng"),
    "scale": Both(en="scale", vi="thang trả lời"),
    "survey": Both(en="survey", vi="bộ câu hỏi điều tra"),
    "stage": Both(en="stage", vi="công đoạn"),
    "submission": Both(en="submission", vi="lần nộp"),
    "term": Both(en="number of the form", vi="mục số của biểu mẫu"),
    "unit": Both(en="unit of days", vi="đơn vị ngày"),
    "until": Both(en="condition", vi="điều kiện chờ"),
    "per": Both(en="depth", vi="mức chi tiết"),
    "weak": Both(en="word for whose weak criteria", vi="phạm vi tiêu chí điểm thấp"),
    "value": Both(en="value", vi="giá trị"),
}

#: What each type of value is called.
TYPES: dict[str, Both] = {
    "array": Both(en="a list, for example [a, b]", vi="một danh sách, ví dụ [a, b]"),
    "boolean": Both(en="true or false", vi="true hoặc false"),
    "number": Both(en="a number", vi="một số"),
    "integer": Both(en="a whole number", vi="một số nguyên"),
    "object": Both(en="a mapping, for example {key: value}", vi="một nhóm khóa: giá trị, ví dụ {key: value}"),
    "string": Both(en="a text (in quotes if it looks like a number)", vi="một đoạn chữ (đặt trong dấu ngoặc kép nếu giống số)"),
}
