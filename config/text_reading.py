"""Text reading: the bytes of a file as text in Unicode NFC, or a fault that says which encoding it looks like."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

from config.faults import Place

if TYPE_CHECKING:
    from pathlib import Path

    from config.faults import FaultList

#: A file longer than this is no plan and no roster.
MOST_BYTES = 20_000_000

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
#: What Windows-1258 writes Vietnamese with: a vowel followed by a combining tone mark, or a letter of its own.
_VIETNAMESE = re.compile("[aeiouyâêôăơưAEIOUYÂÊÔĂƠƯ][\u0300\u0301\u0303\u0309\u0323]|[đưĐƯ]")
#: Categories that nobody types on purpose: controls, formats (zero-width, bidirectional), halves of surrogate pairs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})


def read_text(path: Path, faults: FaultList) -> str | None:
    """Return the file's text without a byte order mark, or None and a fault."""
    try:
        content = path.read_bytes()
    except OSError as error:
        faults.add("unreadable", Place(), why=error.strerror or type(error).__name__)
        return None
    if len(content) > MOST_BYTES:
        faults.add("too-big", Place(), what=f"{len(content)} bytes")
        return None
    return decode(content, faults)


def decode(content: bytes, faults: FaultList) -> str | None:
    """Return UTF-8 bytes as text, or None and a fault that names the encoding they look like."""
    looks_like = _wide_encoding(content)
    if looks_like:
        faults.add("encoding", Place(), encoding=looks_like)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        place = Place(line=content.count(b"\n", 0, error.start) + 1, column=error.start - line_start + 1)
        faults.add("encoding", place, encoding=_narrow_encoding(content))
        return None


def _wide_encoding(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    start = content[:2000]
    return "UTF-16" if start and start.count(0) > len(start) // 5 else ""


def _narrow_encoding(content: bytes) -> str:
    """Return which of the one-byte encodings the bytes look like; a guess, for the fault's words alone."""
    as_vietnamese = content.decode("cp1258", "replace")
    return "Windows-1258 (cp1258)" if _VIETNAMESE.search(as_vietnamese) else "Windows-1252 (Latin-1)"


def normal(text: str) -> str:
    """Return the text in Unicode NFC, on one line, with single spaces: NFC and NFD names become the same record."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def hidden_character(text: str) -> str:
    """Return the first character that cannot be seen, as `U+200B ZERO WIDTH SPACE`, or the empty text."""
    for character in () if text.isprintable() else text:
        if unicodedata.category(character) in _HIDDEN:
            return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    return ""
