"""Fault words: what a parameter or a body can be wrong in, in Vietnamese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from notifications.letters import Language
from notifications.phrases import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_OBJECT_VI = "phải là một đối tượng JSON, trong dấu ngoặc nhọn, gửi với Content-Type: application/json"
NO_OBJECT_EN = "must be a JSON object, in braces, sent as Content-Type: application/json"
#: What a parameter can be wrong in; `{…}` are filled from the check.
FAULTS: dict[str, tuple[str, str]] = {
    "address": ("phải là địa chỉ thư, như ten@coquan.gov.vn", "must be an address such as name@domain"),
    "string_pattern_mismatch": (
        "chỉ gồm chữ thường không dấu, số và gạch nối, như xa-31813",
        "small letters, digits and hyphens only: xa-31813",
    ),
    "literal_error": ("phải là một trong: {expected}", "must be one of: {expected}"),
    "makeup_on_a_working_day": ("ngày làm bù phải là thứ bảy hoặc chủ nhật", "a make-up day must be a Saturday or Sunday"),
    "new_rung": ("bậc mới cần đủ số ngày, thư và người được báo", "a new rung needs its days, its mail and whom it tells"),
    "day_of_another_year": ("mọi ngày phải thuộc năm `year`", "every day must be of the year `year`"),
    "day_twice": ("mỗi ngày chỉ được nêu một lần", "each day may be given only once"),
    "missing": ("còn thiếu", "is missing"),
    "string_too_short": ("không được để trống", "must not be empty"),
    "too_long": ("nhiều nhất {max_length} mục", "at most {max_length} of them"),
    "date_from_datetime_parsing": ("phải là ngày, như 2026-04-15", "must be a date such as 2026-04-15"),
    "date_parsing": ("phải là ngày, như 2026-04-15", "must be a date such as 2026-04-15"),
    "extra_forbidden": ("không có tham số này", "there is no such parameter"),
    "int_parsing": ("phải là số nguyên", "must be a whole number"),
    "bool_parsing": ("phải là true hoặc false", "must be true or false"),
    "enum": ("phải là một trong: {expected}", "must be one of: {expected}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be at least {ge}"),
    "less_than_equal": ("không được quá {le}", "must be at most {le}"),
    "string_type": ("phải là chữ, trong dấu ngoặc kép", "must be text, in quotation marks"),
    "int_type": ("phải là số nguyên", "must be a whole number"),
    "int_from_float": ("phải là số nguyên", "must be a whole number"),
    "int_parsing_size": ("số quá lớn", "the number is too large"),
    "bool_type": ("phải là true hoặc false", "must be true or false"),
    "list_type": ("phải là một danh sách, trong dấu ngoặc vuông", "must be a list, in square brackets"),
    "dict_type": (NO_OBJECT_VI, NO_OBJECT_EN),
    "model_type": (NO_OBJECT_VI, NO_OBJECT_EN),
    "model_attributes_type": (NO_OBJECT_VI, NO_OBJECT_EN),
    "too_short": ("cần ít nhất {min_length} mục", "needs at least {min_length}"),
    "date_type": ("phải là ngày, như 2026-04-15", "must be a date such as 2026-04-15"),
    "date_from_datetime_inexact": ("phải là ngày không kèm giờ, như 2026-04-15", "must be a date without a time, such as 2026-04-15"),
    "null_character": ("có ký tự rỗng (mã 0); hãy bỏ ký tự này", "holds a null character; leave it out"),
    "half_a_character": ("có ký tự hỏng (nửa của một cặp UTF-16)", "holds half of a character (a lone surrogate)"),
    "string_unicode": ("có ký tự hỏng; phải là Unicode đúng", "holds a broken character; it must be sound Unicode"),
    "json_invalid": ("không phải JSON đúng: có lỗi ở vị trí này", "is no JSON: it breaks off at this place"),
    "note_needed": ("đôn đốc bằng điện thoại hoặc văn bản phải có `note`", "urging by phone or letter needs a `note`"),
    "one_of_both": ("nêu `plan` hoặc `yaml`, không cả hai", "give either `plan` or `yaml`, not both"),
    "given_twice": ("chỉ được nêu một lần", "may be given only once"),
    "beyond_the_end": ("vượt quá mục cuối cùng của nhật ký (số {last})", "is beyond the last entry of the journal (number {last})"),
    "nobody_called_that": ("không có “{given}”; có phải: {near}?", "there is no “{given}”; did you mean: {near}?"),
    "nobody_called_so": ("không có “{given}”; chọn một tên trong danh sách", "there is no “{given}”; choose a name of the list"),
    "nobody_there": ("không có “{given}” trong phạm vi anh/chị được xem", "there is no “{given}” that you may see"),
    "string_too_long": ("dài quá {max_length} ký tự", "is longer than {max_length} characters"),
}
OTHER_FAULT = ("giá trị không hợp lệ", "is not valid")


def fault_words(kind: str, facts: Mapping[str, Any], *, language: Language) -> str:
    """Return what is wrong, in a language."""
    said = dict(facts)
    if language is Language.VI and isinstance(said.get("expected"), str):
        said["expected"] = said["expected"].replace(" or ", " hoặc ")
    return pick(FAULTS.get(kind, OTHER_FAULT), language=language).format(**said)


def unreadable_words(error: Exception) -> dict[str, str]:
    """Return why a body could not be read, as far as that is known."""
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return {"why_vi": f"; byte thứ {cause.start + 1} không phải UTF-8", "why_en": f"; byte {cause.start + 1} is no UTF-8"}
    if isinstance(cause, RecursionError):
        return {"why_vi": "; nội dung này lồng nhau quá sâu", "why_en": "; this one is"}
    return {"why_vi": "", "why_en": ""}


def sound_text(given: str) -> str:
    """Return a text that every database can keep and be asked for: no null character, no half of a character. PydanticCustomError."""
    if "\x00" in given:
        kind = "null_character"
        raise PydanticCustomError(kind, "holds a null character")
    try:
        given.encode()
    except UnicodeEncodeError:
        kind = "half_a_character"
        raise PydanticCustomError(kind, "holds half of a character") from None
    return given
