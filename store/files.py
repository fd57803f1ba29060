"""
Evidence files: kept by content (SHA-256) in a folder, or wherever else fsspec reaches.

A file is written under a temporary name while it is hashed, looked at, made durable and only then given its name; what is refused leaves
nothing behind. None of this happens inside a write transaction.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import uuid4

import fsspec  # type: ignore[import-untyped]  # it brings no types
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]  # likewise

from store.file_kinds import KINDS, sniff
from store.file_names import clean_name
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fsspec import AbstractFileSystem

CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"


class FileTooLargeError(RefusalError):
    """A file is larger than this installation takes."""


class NoSuchFileError(LookupError):
    """No file of that content is kept."""

    def __init__(self, sha256: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no file {sha256[:64]} is kept; `dondoc verify` lists what is missing")


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file that is kept: its content's name, its size and kind, and what its giver called it."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where evidence files are kept, and which are taken."""

    filesystem: AbstractFileSystem
    root: str
    most_bytes: int
    kinds: frozenset[str]

    def keep(self, chunks: Iterable[bytes], *, name: str) -> KeptFile:
        """
        Keep a file and return what it is called; keeping the same content again changes nothing.

        Raises:
            FileNameError, FileTooLargeError, FileKindError, ArchiveError: it is not taken; nothing is left of it.

        """
        called = clean_name(name)
        self.filesystem.makedirs(f"{self.root}/{_INCOMING}", exist_ok=True)
        incoming = f"{self.root}/{_INCOMING}/{uuid4().hex}"
        try:
            sha256, size = self._write(chunks, incoming)
            with self._open(incoming) as written:
                kind = sniff(written, name=called, size=size, allowed=self.kinds)
            self._name(incoming, sha256)
        finally:
            if self.filesystem.exists(incoming):
                self.filesystem.rm_file(incoming)
        return KeptFile(sha256=sha256, size=size, media_type=kind.media_type, name=called)

    def put(self, chunks: Iterable[bytes], *, sha256: str) -> bool:
        """Bring a file back whose digest is known, and return whether its content is that; if not, nothing is left of it."""
        self.path(sha256)
        self.filesystem.makedirs(f"{self.root}/{_INCOMING}", exist_ok=True)
        incoming = f"{self.root}/{_INCOMING}/{uuid4().hex}"
        try:
            digest, _ = self._write(chunks, incoming)
            if digest == sha256:
                self._name(incoming, sha256)
        finally:
            if self.filesystem.exists(incoming):
                self.filesystem.rm_file(incoming)
        return digest == sha256

    def read(self, sha256: str) -> BinaryIO:
        """Return a kept file opened for reading, which whoever asks closes; NoSuchFileError if there is none."""
        try:
            return self._open(self.path(sha256))
        except FileNotFoundError:
            raise NoSuchFileError(sha256) from None

    def is_sound(self, sha256: str) -> bool:
        """Return whether a kept file is there and still has the content that it is called by."""
        try:
            with self.read(sha256) as kept:
                return digest_of(kept) == sha256
        except (NoSuchFileError, OSError):
            return False

    def path(self, sha256: str) -> str:
        """Return where a file is; NoSuchFileError if that is no digest."""
        if _DIGEST.fullmatch(sha256) is None:
            raise NoSuchFileError(sha256)
        return f"{self.root}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _open(self, path: str) -> BinaryIO:
        return cast("BinaryIO", self.filesystem.open(path, "rb"))

    def _write(self, chunks: Iterable[bytes], path: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self.filesystem.open(path, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > self.most_bytes:
                    raise FileTooLargeError(*too_large(self.most_bytes))
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            self._sync(out)
        return digest.hexdigest(), size

    def _sync(self, out: Any) -> None:  # noqa: ANN401  a file of whatever file system
        if isinstance(self.filesystem, LocalFileSystem):
            os.fsync(out.fileno())

    def _name(self, incoming: str, sha256: str) -> None:
        """Give a finished file its name; the same content takes the place of itself."""
        target = self.path(sha256)
        folder = target.rpartition("/")[0]
        self.filesystem.makedirs(folder, exist_ok=True)
        if isinstance(self.filesystem, LocalFileSystem):
            Path(incoming).replace(target)
            _sync_folder(folder)
        else:
            self.filesystem.mv(incoming, target)


def open_files(url: str, *, most_bytes: int, kinds: str) -> Files:
    """
    Return where evidence files are kept: a folder, or an fsspec URL; `kinds` with commas.

    Raises:
        ValueError: a kind is not known.

    """
    wanted = frozenset(kind.strip() for kind in kinds.split(",") if kind.strip())
    if unknown := sorted(wanted - KINDS.keys()):
        msg = f"DONDOC_FILE_KINDS: {', '.join(unknown)} not known; known are {', '.join(KINDS)}"
        raise ValueError(msg)
    filesystem, root = fsspec.url_to_fs(url)
    return Files(filesystem=filesystem, root=str(root).rstrip("/"), most_bytes=most_bytes, kinds=wanted)


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream's bytes, a piece at a time."""
    while chunk := stream.read(CHUNK):
        yield chunk


def digest_of(stream: BinaryIO) -> str:
    """Return the SHA-256 of a stream's bytes."""
    digest = hashlib.sha256()
    for chunk in chunks_of(stream):
        digest.update(chunk)
    return digest.hexdigest()


def too_large(most: int) -> tuple[str, str]:
    """Return what is said, in Vietnamese and English, of a file that is larger than this installation takes."""
    vi, en = size_words(most)
    return (
        f"tệp quá lớn; nhiều nhất {vi}; hãy giảm dung lượng hoặc chia nhỏ",
        f"the file is too large; at most {en} is taken; make it smaller or split it",
    )


def size_words(size: int) -> tuple[str, str]:
    """Return a size as people say it, in Vietnamese and English: in MB (2²⁰ bytes), or in bytes below a tenth of one."""
    megabytes = f"{size / 1024 / 1024:.1f}".removesuffix(".0")
    if megabytes == "0":
        return f"{size} byte", f"{size} bytes"
    return f"{megabytes.replace('.', ',')} MB", f"{megabytes} MB"


def _sync_folder(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
