"""How official papers write dates and lists (NĐ 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_LAST_WITH_ZERO = 2  #: months 1 and 2 are written 01 and 02, the others as they are
_BREAKS = str.maketrans("\t\x0b\x0c", "   ")  #: a word processor's line and page breaks come as the last two
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def long_date(on: date) -> str:
    """Return `ngày 05 tháng 01 năm 2023`: days below 10 and the months 1 and 2 with a leading 0."""
    return f"ngày {on.day:02} {month_words(on.month)} năm {on.year}"


def undated(*, month: int, year: int) -> str:
    """Return the line of a draft: room for the day, which the document office writes in."""
    return f"ngày       {month_words(month) if month else 'tháng      '} năm {year or '        '}"


def month_words(month: int) -> str:
    """Return `tháng 01`, `tháng 3`."""
    return f"tháng {month:02}" if month <= _LAST_WITH_ZERO else f"tháng {month}"


def short_date(on: date | None) -> str:
    """Return `05/01/2023`; empty where there is no date."""
    return "" if on is None else f"{on:%d/%m/%Y}"


def clean(words: str) -> str:
    """Return words in NFC without what no document can hold; what parts them becomes a space."""
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", words).translate(_BREAKS))
