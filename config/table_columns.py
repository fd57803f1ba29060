"""Table columns: what the columns and words of a roster's table are called, in Vietnamese and English, with or without accents."""

from __future__ import annotations

import re
import unicodedata

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")

#: Field → the headers it may stand under.
PARTY_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã", "khóa", "mã đơn vị"),
    "kind": ("kind", "loại", "loại hình"),
    "name": ("name", "tên", "tên đơn vị", "đơn vị", "tên cơ quan, đơn vị"),
    "level": ("level", "cấp"),
    "group": ("group", "nhóm", "nhóm xếp hạng"),
    "superior": ("superior", "cấp trên", "mã cấp trên", "đơn vị cấp trên", "trực thuộc"),
    "mailbox": ("mailbox", "hộp thư", "hộp thư công vụ", "thư điện tử", "email"),
    "valid_from": ("valid_from", "có hiệu lực từ", "hiệu lực từ", "từ ngày", "ngày thành lập"),
    "valid_to": ("valid_to", "hiệu lực đến", "có hiệu lực đến", "đến ngày", "đến hết ngày"),
    "exempt": ("exempt", "miễn chấm", "lý do miễn chấm", "không áp dụng"),
    "successors": ("successors", "đơn vị kế thừa", "kế thừa", "mã đơn vị kế thừa"),
    "code": ("code", "mã thống kê", "mã tổng cục thống kê", "mã tctk"),
    "source": ("source", "nguồn"),
}
CONTACT_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã", "mã đầu mối"),
    "party": ("party", "đơn vị", "mã đơn vị"),
    "role": ("role", "vai trò", "chức trách"),
    "name": ("name", "tên", "họ tên", "họ và tên"),
    "address": ("address", "địa chỉ", "thư điện tử", "địa chỉ thư điện tử", "email"),
    "from": ("from", "từ ngày", "valid_from"),
    "to": ("to", "đến ngày", "đến hết ngày", "valid_to"),
    "deputy": ("deputy", "người thay", "mã người thay"),
    "deputy_from": ("deputy_from", "thay từ ngày", "thay từ"),
    "deputy_to": ("deputy_to", "thay đến ngày", "thay đến"),
    "phone": ("phone", "điện thoại", "số điện thoại"),
    "language": ("language", "ngôn ngữ"),
    "fields": ("fields", "lĩnh vực", "lĩnh vực chủ trì", "mã lĩnh vực"),
}
GROUP_COLUMNS: dict[str, tuple[str, ...]] = {"key": ("key", "mã", "mã nhóm"), "name": ("name", "tên", "tên nhóm")}
#: Columns that tables of this kind carry and that mean nothing here.
PASSED_OVER = ("stt", "tt", "số tt", "số thứ tự", "no", "ghi chú", "note", "notes")

PARTY_SHEETS = ("parties", "units", "đơn vị", "danh sách", "danh sách đơn vị", "cơ quan, đơn vị")
CONTACT_SHEETS = ("contacts", "đầu mối", "liên hệ", "danh bạ", "công chức đầu mối")
GROUP_SHEETS = ("groups", "nhóm", "nhóm xếp hạng")
#: Two columns: what, and its value.
ROSTER_SHEETS = ("roster", "thông tin", "thông tin chung")
ROSTER_FIELDS: dict[str, tuple[str, ...]] = {
    "key": ("key", "mã"),
    "title": ("title", "tên", "tên danh sách"),
    "domain": ("domain", "tên miền"),
    "posts": ("posts", "chức danh", "chức danh mặc định"),
}

_KINDS = {"don vi": "unit", "co quan": "unit", "to chuc": "body", "tap the": "body", "ca nhan": "person"}
_ROLES = {
    "cong chuc dau moi": "officer",
    "dau moi": "officer",
    "nguoi dung dau": "head",
    "thu truong": "head",
    "cap pho": "deputy_head",
    "thanh vien": "member",
    "nguoi tham dinh": "appraiser",
    "to giup viec": "appraiser",
    "chu tri linh vuc": "field_lead",
    "nguoi kiem tra": "inspector",
    "nguoi dieu tra": "survey_runner",
    "nguoi giam sat": "auditor",
    "quan tri he thong": "administrator",
}
_LEVELS = {"tinh": "province", "so": "department", "huyen": "district", "xa": "commune", "phong": "division", "nganh doc": "vertical"}
_LANGUAGES = {"tieng viet": "vi", "tieng anh": "en"}
_WORDS = {"kind": _KINDS, "role": _ROLES, "posts": _ROLES, "level": _LEVELS, "language": _LANGUAGES}
_DAYS = frozenset({"valid_from", "valid_to", "from", "to", "deputy_from", "deputy_to"})
LISTS = frozenset({"successors", "posts", "fields"})


def folded(text: str) -> str:
    """Return the text without case, accents and punctuation, to compare headers and words by."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def slug(text: str) -> str:
    """Return the text as a key: `Sở, ban, ngành` becomes `so-ban-nganh`."""
    return folded(text).replace(" ", "-")


def field_under(header: str, columns: dict[str, tuple[str, ...]]) -> str:
    """Return the field that a header names, or the empty text."""
    wanted = folded(header)
    return next((field for field, headers in columns.items() if wanted in map(folded, headers)), "")


def meant(field: str, text: str) -> str | list[str]:
    """Return a cell's text as the roster format writes it: `Người đứng đầu` as `head`, `30/6/2025` as `2025-06-30`."""
    if field in LISTS:
        words = [word.strip() for word in re.split(r"[,;]", text)]
        return [_WORDS.get(field, {}).get(folded(word), word) for word in words if word]
    if field in _DAYS:
        return _day(text.removesuffix(" 00:00:00"))
    meanings = _WORDS.get(field)
    return meanings.get(folded(text), text) if meanings else text


def _day(text: str) -> str:
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first is None:
        return text
    day, month, year = day_first.groups()
    return f"{year}-{month:>02}-{day:>02}"


#: The same, to compare by.
PASSED_OVER_FOLDED = frozenset(map(folded, PASSED_OVER))
