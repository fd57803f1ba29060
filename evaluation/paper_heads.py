"""
Heads of papers: what an authority's name and its parties' names say of the head, the place, the sign and the signature.

These are suggestions: what the people of the document office write in their place stands, for this paper and the next ones of its issuer.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from evaluation.paper_facts import Head, Signature

if TYPE_CHECKING:
    from evaluation.due_rules import Period

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PEOPLES_COMMITTEE = re.compile(r"^(UBND|[ỦU][yỷ] ban nhân dân)\s+", re.IGNORECASE)
_OF_PLACE = re.compile(r"(?:tỉnh|thành phố|TP\.?|quận|huyện|thị xã|xã|phường|đặc khu)\s+(.+)$", re.IGNORECASE)
#: How the name of an area begins whose People's Committee is meant; what is longer first.
_AREAS = ("Thành phố", "Đặc khu", "Thị trấn", "Thị xã", "Phường", "Huyện", "Quận", "Xã")
_TITLES = {"sở": "GIÁM ĐỐC", "phòng": "TRƯỞNG PHÒNG", "văn phòng": "CHÁNH VĂN PHÒNG", "ban": "TRƯỞNG BAN", "thanh tra": "CHÁNH THANH TRA"}
_POSTS = ("giám đốc", "chủ tịch", "trưởng", "chánh", "thủ trưởng", "người đứng đầu", "phó", "lãnh đạo", "cán bộ", "công chức")
_QUARTERS = ("I", "II", "III", "IV")


def head_of_standing_body(name: str, *, authority: str) -> Head:
    """Return the head of what the standing body issues: `UBND TỈNH VĨNH LONG` above `SỞ NỘI VỤ`, sign `SNV-CCHC`."""
    plain = _BRACKETS.sub("", name).strip()
    return Head(
        superior=_short(authority).upper(),
        issuer=plain.upper(),
        name=plain,
        place=place_of(authority),
        symbol=f"{initials(plain)}-CCHC",
    )


def head_of_committee(authority: str, *, drafted_by: str) -> Head:
    """Return the head of what the People's Committee issues: `ỦY BAN NHÂN DÂN` above `TỈNH VĨNH LONG`, sign `UBND-SNV`."""
    rest = _PEOPLES_COMMITTEE.sub("", _short(authority))
    return Head(
        issuer=f"ỦY BAN NHÂN DÂN\n{rest.upper()}".strip(),
        name=f"Ủy ban nhân dân {rest}".strip(),
        place=place_of(authority),
        symbol=f"UBND-{initials(drafted_by)}",
    )


def signature_of_standing_body(name: str, *, head: str = "") -> Signature:
    """Return who signs for the standing body; the name of its head where it is a person's."""
    lower = name.casefold()
    title = next((title for begin, title in _TITLES.items() if lower.startswith(begin)), "THỦ TRƯỞNG CƠ QUAN")
    return Signature(title=title, name=person(head))


def signature_of_committee(*, head: str = "") -> Signature:
    """Return who signs for the People's Committee."""
    return Signature(lines=("TM. ỦY BAN NHÂN DÂN",), title="CHỦ TỊCH", name=person(head))


def person(name: str) -> str:
    """Return a contact's name where it is a person's; empty where it is that of a post."""
    return "" if name.casefold().startswith(_POSTS) else name


def addressed(name: str) -> str:
    """Return how a unit is written to: an area by its People's Committee, `UBND phường An Hội` of `Phường An Hội`; others as named."""
    plain = unicodedata.normalize("NFC", name).strip()
    area = next((area for area in _AREAS if plain.startswith(f"{area} ")), "")
    return f"UBND {area[0].lower()}{plain[1:]}" if area else plain


def place_of(authority: str) -> str:
    """Return where an authority's papers are issued: `Vĩnh Long` of `UBND tỉnh Vĩnh Long (từ 01/7/2025)`."""
    short = _short(authority)
    found = _OF_PLACE.search(short)
    return found[1] if found else _PEOPLES_COMMITTEE.sub("", short)


def initials(name: str) -> str:
    """Return the initials of a name without marks, but for Đ: `SNV` of `Sở Nội vụ`, `STNMT` of `Sở Tài nguyên và Môi trường`."""
    words = [word for word in re.findall(r"\w+", _BRACKETS.sub("", name)) if word.casefold() not in {"và", "của"}]
    return "".join(_bare(word[0]).upper() for word in words)


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _short(authority: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFC", authority)).strip()


def period_words(period: Period) -> str:
    """Return a period as papers name it: `Quý I năm 2026`, `6 tháng đầu năm 2026`, `tháng 3 năm 2026`, `năm 2026`."""
    part = period.key.partition("-")[2]
    number = int(part[1:]) if part else 0
    match part[:1]:
        case "Q":
            return f"Quý {_QUARTERS[number - 1]} năm {period.year}"
        case "H":
            return f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {period.year}"
        case "M":
            return f"tháng {number} năm {period.year}"
        case _:
            return f"năm {period.year}"
