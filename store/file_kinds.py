"""Kinds of evidence files: told by their content, which the ending of the name must agree with."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import puremagic

from store.archives import kind_of_archive
from store.file_names import suffix_of
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Collection

_HEAD = 4096
_CHUNK = 1024 * 1024
_ZIP = b"PK\x03\x04"
_ALLOWED_CONTROLS = frozenset("\t\n\r\f")


class FileKindError(RefusalError):
    """A file is of a kind that is not taken, or not of the kind that its name says: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """A kind of file."""

    key: str
    media_type: str
    suffixes: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, FileKind] = {
    kind.key: kind
    for kind in (
        FileKind(key="pdf", media_type="application/pdf", suffixes=("pdf",)),
        FileKind(key="docx", media_type=f"{_OOXML}wordprocessingml.document", suffixes=("docx",)),
        FileKind(key="xlsx", media_type=f"{_OOXML}spreadsheetml.sheet", suffixes=("xlsx",)),
        FileKind(key="odt", media_type="application/vnd.oasis.opendocument.text", suffixes=("odt",)),
        FileKind(key="ods", media_type="application/vnd.oasis.opendocument.spreadsheet", suffixes=("ods",)),
        FileKind(key="png", media_type="image/png", suffixes=("png",)),
        FileKind(key="jpg", media_type="image/jpeg", suffixes=("jpg", "jpeg")),
        FileKind(key="txt", media_type="text/plain; charset=utf-8", suffixes=("txt",)),
        FileKind(key="csv", media_type="text/csv; charset=utf-8", suffixes=("csv",)),
        FileKind(key="zip", media_type="application/zip", suffixes=("zip",)),
    )
}
_BY_MAGIC = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_TEXTS = frozenset({"txt", "csv"})


def sniff(stream: BinaryIO, *, name: str, size: int, allowed: Collection[str]) -> FileKind:
    """
    Return the kind of a file by its content.

    Raises:
        FileKindError: the kind is not among those allowed, cannot be told, or the name's ending says another.
        ArchiveError: an office file or archive is damaged, too large when unpacked, or holds macros.

    """
    ending = suffix_of(name)
    if not size:
        vi, en = "tệp rỗng (0 byte); hãy chọn lại tệp", "the file is empty (0 bytes); choose it again"
        raise FileKindError(vi, en)
    found = _found(stream, size=size, ending=ending)
    if found not in allowed:
        raise _not_taken(stream, found, ending=ending, allowed=allowed)
    kind = KINDS[found]
    if ending not in kind.suffixes:
        vi = f"tên tệp có đuôi “.{ending}” nhưng nội dung là {kind.key}; hãy đặt đuôi .{kind.suffixes[0]}"
        raise FileKindError(vi, f"the name ends in “.{ending}” but the content is {kind.key}; let it end in .{kind.suffixes[0]}")
    return kind


def _found(stream: BinaryIO, *, size: int, ending: str) -> str:
    """Return the key of the kind found, or the empty text."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if head.startswith(_ZIP):
        stream.seek(0)
        return kind_of_archive(stream, size=size)
    by_magic = next((_BY_MAGIC[one.mime_type] for one in _magic(head) if one.mime_type in _BY_MAGIC), "")
    if by_magic or ending not in _TEXTS:
        return by_magic
    return ending if _is_text(stream) else ""


def _magic(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # nothing known begins like this, or there is nothing
        return []


def _is_text(stream: BinaryIO) -> bool:
    """Return whether every byte is of UTF-8 text without control characters."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            if _has_controls(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS for character in set(text))


def _not_taken(stream: BinaryIO, found: str, *, ending: str, allowed: Collection[str]) -> FileKindError:
    stream.seek(0)
    taken = ", ".join(key for key in KINDS if key in allowed)
    if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        vi = f"tệp Office kiểu cũ hoặc có mật khẩu; hãy lưu lại thành một trong: {taken}"
        return FileKindError(vi, f"an old or encrypted office file; save it as one of: {taken}")
    if not found and ending in KINDS and _is_text(stream):
        vi = f"nội dung là văn bản thường, tên là .{ending}; hãy đặt đuôi .txt, hoặc xuất tệp {ending} thật"
        return FileKindError(vi, f"the content is plain text, the name ends in .{ending}; let it end in .txt, or export a real {ending}")
    what = found or "?"
    vi = f"loại tệp không nhận ({what}); nhận: {taken}; tệp chữ phải là UTF-8"
    return FileKindError(vi, f"this kind of file ({what}) is not taken; taken are: {taken}; text must be UTF-8")
