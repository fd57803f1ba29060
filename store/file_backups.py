"""Backups of evidence files: one tar beside the database's backup, each file under its digest, checked on its way back."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.backups import BackupError
from store.files import NoSuchFileError, chunks_of
from store.schema import EVIDENCE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.files import Files
    from store.session import Store


def beside(backup: Path) -> Path:
    """Return where the evidence files of a database's backup are."""
    return backup.with_name(backup.name + ".files.tar")


def back_up_files(store: Store, files: Files, target: Path) -> int:
    """
    Copy every evidence file that the database knows to a new tar file and return how many.

    Made after the database's own backup it holds all that this one names: files are added, never taken away.

    Raises:
        BackupError: the tar file exists, or an evidence file is missing; none is left.

    """
    if target.exists():
        en, vi = f"{target} exists; a backup never takes another's place", f"{target} đã có; bản sao lưu không ghi đè bản khác"
        raise BackupError(en, vi)
    with store.reading() as connection:
        known = connection.execute(select(EVIDENCE_FILE.c.sha256, EVIDENCE_FILE.c.size).order_by(EVIDENCE_FILE.c.sha256)).all()
    partial = target.with_name(target.name + ".partial")
    try:
        with tarfile.open(partial, "w") as tar:
            for row in known:
                member = tarfile.TarInfo(row.sha256)
                member.size = row.size
                with files.read(row.sha256) as content:
                    tar.addfile(member, content)
        partial.rename(target)
    except (NoSuchFileError, OSError) as error:
        en, vi = f"the evidence files cannot be backed up: {error}", f"không sao lưu được tài liệu kiểm chứng: {error}"
        raise BackupError(en, vi) from error
    finally:
        partial.unlink(missing_ok=True)
    return len(known)


def restore_files(files: Files, source: Path) -> int:
    """
    Bring the evidence files of a backup back and return how many; those that are there already are written anew.

    Raises:
        BackupError: the tar file is damaged, or one of its files has not the content that its name says.

    """
    count = 0
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or not files.put(chunks_of(content), sha256=member.name):  # type: ignore[arg-type]
                    shown = member.name[:80]
                    en = f"{source}: “{shown}” is not what its name says; take another backup"
                    vi = f"{source}: nội dung của “{shown}” không đúng như tên của nó; hãy dùng bản sao lưu khác"
                    raise BackupError(en, vi)
                count += 1
    except (tarfile.TarError, NoSuchFileError) as error:
        en, vi = f"{source} cannot be read: {error}", f"không đọc được {source}: {error}"
        raise BackupError(en, vi) from error
    return count


def file_faults(store: Store, files: Files) -> Iterator[str]:
    """Yield a sentence for each evidence file that is missing, or no longer has the content that it is called by."""
    with store.reading() as connection:
        known = connection.execute(select(EVIDENCE_FILE.c.sha256).order_by(EVIDENCE_FILE.c.sha256)).scalars().all()
    for sha256 in known:
        if not files.is_sound(sha256):
            yield f"evidence file {sha256} is missing or was changed"
