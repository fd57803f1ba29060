"""
Archives (zip, and the office files that are zips): measured before anything is unpacked, and looked through for macros.

Sizes are those that the archive declares; Python's zipfile reads no entry further than that, and checks its sum.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ENTRIES = 10_000
MOST_BYTES = 256 * 1024 * 1024  #: unpacked, with what is nested
MOST_RATIO = 200  #: unpacked to packed
RATIO_FROM = 8 * 1024 * 1024  #: below this, unpacked, no ratio does harm
MOST_DEPTH = 1  #: an office file may hold another, which holds none
_READ_AT_MOST = 1024 * 1024

_ZIP = b"PK\x03\x04"
_OTHER_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00", b"BZh")
_ENCRYPTED = 0x1
#: Names, in small letters, that only files with macros or other programs have.
_PROGRAMS = ("vbaproject", "vbadata.xml", "/macrosheets/", "/activex/", "/dialogsheets/")
_ODF_PROGRAMS = ("basic/", "scripts/")
_MACROS_IN_TYPES = b"macroenabled"
_OOXML_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_ODF = {b"application/vnd.oasis.opendocument.text": "odt", b"application/vnd.oasis.opendocument.spreadsheet": "ods"}


class ArchiveError(RefusalError):
    """An archive, or an office file, cannot be taken: why, and what to do."""


@dataclass(kw_only=True)
class _Budget:
    """What may still be unpacked of one file, with all that is nested in it."""

    packed: int
    entries: int = 0
    unpacked: int = 0

    def spend(self, info: zipfile.ZipInfo) -> None:
        """Count an entry; ArchiveError once it is too much."""
        self.entries += 1
        self.unpacked += info.file_size
        blown_up = self.unpacked > RATIO_FROM and self.unpacked > MOST_RATIO * max(1, self.packed)
        if self.entries > MOST_ENTRIES or self.unpacked > MOST_BYTES or blown_up:
            vi = "tệp nén bung ra quá lớn so với bình thường (nghi bom nén); không nhận"
            en = "the archive would unpack to far more than is usual (a zip bomb?); it is not taken"
            raise ArchiveError(vi, en)


def kind_of_archive(stream: BinaryIO, *, size: int) -> str:
    """
    Return what an archive is by its content: `docx`, `xlsx`, `odt`, `ods`, or `zip`.

    Raises:
        ArchiveError: it is damaged, encrypted, would unpack to too much, nests archives too deep, or holds macros or programs.

    """
    try:
        return _look_through(stream, budget=_Budget(packed=size), depth=0)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, zlib.error) as error:
        vi, en = "tệp nén hỏng, không đọc được; hãy lưu lại rồi gửi lại", "the archive is damaged; save it again and send it again"
        raise ArchiveError(vi, en) from error


def _look_through(stream: BinaryIO, *, budget: _Budget, depth: int) -> str:
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.flag_bits & _ENCRYPTED:
                vi, en = (
                    "tệp có mật khẩu, không kiểm tra được; hãy bỏ mật khẩu",
                    "the file is encrypted and cannot be checked; remove the password",
                )
                raise ArchiveError(vi, en)
            budget.spend(info)
        kind = _kind(archive)
        _refuse_programs(archive, kind=kind)
        for nested in _nested(archive, kind=kind, depth=depth):
            _look_through(nested, budget=budget, depth=depth + 1)
    return kind


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        kind = _ODF.get(_head(archive, "mimetype").strip())
        if kind is not None:
            return kind
    if "[Content_Types].xml" in names:
        declared = _head(archive, "[Content_Types].xml").lower()
        kind = next((name for main, name in _OOXML_MAIN.items() if main in declared), None)
        if _MACROS_IN_TYPES in declared:
            raise _with_macros()
        if kind is not None:
            return kind
    return "zip"


def _head(archive: zipfile.ZipFile, name: str, most: int = _READ_AT_MOST) -> bytes:
    with archive.open(name) as entry:
        return entry.read(most)


def _refuse_programs(archive: zipfile.ZipFile, *, kind: str) -> None:
    for name in archive.namelist():
        plain = "/" + name.replace("\\", "/").lower().lstrip("/")
        if any(mark in plain for mark in _PROGRAMS):
            raise _with_macros()
        if kind in _ODF.values() and plain[1:].startswith(_ODF_PROGRAMS):
            raise _with_macros()


def _with_macros() -> ArchiveError:
    vi = "tệp có macro hoặc chương trình nhúng; hãy lưu thành docx, xlsx hoặc pdf không có macro"
    return ArchiveError(vi, "the file holds macros or programs; save it as docx, xlsx or pdf without them")


def _nested(archive: zipfile.ZipFile, *, kind: str, depth: int) -> Iterator[BinaryIO]:
    """Yield the archives in an archive, as far as an office file may hold another."""
    for info in archive.infolist():
        if info.is_dir() or not info.file_size:
            continue
        head = _head(archive, info.filename, most=8)
        if not head.startswith((_ZIP, *_OTHER_ARCHIVES)):
            continue
        if depth >= MOST_DEPTH or kind == "zip" or not head.startswith(_ZIP):
            vi, en = "tệp nén chứa tệp nén khác; hãy gửi từng tệp", "the archive holds other archives; send the files one by one"
            raise ArchiveError(vi, en)
        yield BytesIO(_head(archive, info.filename, most=MOST_BYTES))
