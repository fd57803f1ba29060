"""Evidence files kept by content: once, whole or not at all, wherever fsspec reaches."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from store.file_kinds import FileKindError
from store.file_names import FileNameError
from store.files import CHUNK, Files, FileTooLargeError, NoSuchFileError, chunks_of, open_files

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "Báo cáo quý I\n".encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture(params=["folder", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    url = str(tmp_path / "files") if request.param == "folder" else f"memory://{uuid4().hex}"
    return open_files(url, most_bytes=1000, kinds="txt, pdf")


def everything(files: Files) -> list[str]:
    return sorted(path for path in files.filesystem.find(files.root) if files.filesystem.exists(files.root))


def test_a_file_is_kept_by_its_content(files: Files) -> None:
    kept = files.keep([TEXT[:5], TEXT[5:]], name="báo cáo.txt")
    assert (kept.sha256, kept.size, kept.media_type, kept.name) == (DIGEST, len(TEXT), "text/plain; charset=utf-8", "báo cáo.txt")
    with files.read(DIGEST) as content:
        assert b"".join(chunks_of(content)) == TEXT
    assert everything(files) == [files.path(DIGEST)]
    assert files.is_sound(DIGEST)


def test_the_same_content_is_kept_once_under_any_name(files: Files) -> None:
    assert files.keep([TEXT], name="a.txt").sha256 == files.keep([TEXT], name="b.txt").sha256
    assert len(everything(files)) == 1


@pytest.mark.parametrize(
    ("chunks", "name", "error"),
    [
        pytest.param([b"a" * 600, b"a" * 600], "a.txt", FileTooLargeError, id="too large"),
        pytest.param([b"\x00"], "a.txt", FileKindError, id="of another kind"),
        pytest.param([TEXT], "../a.txt", FileNameError, id="called by a path"),
    ],
)
def test_what_is_refused_leaves_nothing(files: Files, chunks: list[bytes], name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        files.keep(chunks, name=name)
    assert everything(files) == []


def test_what_breaks_off_leaves_nothing(files: Files) -> None:
    def breaking() -> Iterator[bytes]:
        yield TEXT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.keep(breaking(), name="a.txt")
    assert everything(files) == []


def test_a_file_too_large_is_not_read_to_its_end(files: Files) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"a" * 400

    with pytest.raises(FileTooLargeError):
        files.keep(endless(), name="a.txt")
    assert read == 3


def test_a_size_at_the_limit_is_taken(files: Files) -> None:
    assert files.keep([b"a" * 1000], name="a.txt").size == 1000


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "/..", DIGEST[:-1] + "\n"])
def test_only_a_digest_leads_to_a_file(files: Files, digest: str) -> None:
    with pytest.raises(NoSuchFileError):
        files.path(digest)
    with pytest.raises(NoSuchFileError):
        files.read(digest)


def test_a_file_that_is_gone_or_changed_is_seen(tmp_path: Path) -> None:
    files = open_files(str(tmp_path), most_bytes=1000, kinds="txt")
    files.keep([TEXT], name="a.txt")
    path = Path(files.path(DIGEST))
    path.write_bytes(TEXT + b"!")
    assert not files.is_sound(DIGEST)
    files.keep([TEXT], name="a.txt")
    assert files.is_sound(DIGEST), "sent again, it is whole again"
    path.unlink()
    assert not files.is_sound(DIGEST)


def test_many_at_once_keep_the_same_file(tmp_path: Path) -> None:
    files = open_files(str(tmp_path), most_bytes=10 * CHUNK, kinds="txt")
    content = b"a" * (2 * CHUNK)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: files.keep([content], name=f"{number}.txt"), range(16)))
    assert len({one.sha256 for one in kept}) == 1
    assert files.is_sound(kept[0].sha256)
    assert len(everything(files)) == 1


def test_an_unknown_kind_is_no_setting(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"doc.*known are pdf"):
        open_files(str(tmp_path), most_bytes=1, kinds="pdf,doc")
