"""
Backups: a copy of a whole database in one file, and its return into an empty place.

SQLite is copied by its online backup, PostgreSQL by `pg_dump`, both while work goes on. A restored backup mails nobody: it starts with the
outbox of every authority held (design §6.7), because what waited when it was made may have left since.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, make_url, select, update

from config.settings import child_environment
from store.actors import Actor
from store.commands.accounts import end_all_ways_in
from store.journal import Entry
from store.migrating import NewerDatabaseError, migrate, version_of
from store.schema import AUTHORITY
from store.session import Store, open_store, read_only_uri

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import URL

SQLITE_HEAD = b"SQLite format 3\x00"
POSTGRES_HEAD = b"PGDMP"


class BackupError(Exception):
    """A backup cannot be made or restored: why, and what to do."""

    def __init__(self, en: str, vi: str) -> None:
        """Keep the words in both languages."""
        self._vi = vi
        super().__init__(en)

    def text(self, language: str = "vi") -> str:
        """Return the words in `vi` or `en`."""
        return self._vi if language == "vi" else str(self)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a backup or a restore did."""

    authorities: int
    version: str  #: of the database
    size: int  #: of the file, in bytes


def backup(store: Store, target: Path, *, now: datetime, actor: Actor | None = None) -> Kept:
    """
    Copy the database to a new file, with an entry in each authority's journal that the copy has, too.

    A database that this user may only read is copied without an entry.

    Raises:
        BackupError: the file exists, its folder does not or takes no file, or PostgreSQL's `pg_dump` is missing or fails; no file is left.

    """
    if target.exists():
        en, vi = f"{target} exists; a backup never takes another's place", f"đã có tệp {target}; bản sao lưu không ghi đè tệp nào"
        raise BackupError(en, vi)
    _refuse_folder(target.absolute().parent)
    url = store.engine.url
    dump = "" if url.get_backend_name() == "sqlite" else _program("pg_dump")
    authorities = _journal(store, "backup", now=now, actor=actor) if store.writable else _count(store)
    partial = target.with_name(target.name + ".partial")
    try:
        if dump:
            _run([dump, "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}"], url)
        else:
            _copy(store.file, partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return Kept(authorities=authorities, version=version_of(store) or "", size=target.stat().st_size)


def _refuse_folder(folder: Path) -> None:
    """Refuse a folder that is not there, or that takes no file."""
    if not folder.is_dir():
        en, vi = (
            f"there is no folder {folder}; make it, or name another",
            f"không có thư mục {folder}; hãy tạo thư mục hoặc nêu thư mục khác",
        )
        raise BackupError(en, vi)
    if not os.access(folder, os.W_OK | os.X_OK):
        en, vi = f"the folder {folder} takes no file from this user", f"không được phép ghi vào thư mục {folder}"
        raise BackupError(en, vi)


def restore(source: Path, url: str, *, now: datetime, actor: Actor | None = None) -> Kept:
    """
    Bring a backup back into an empty place, at the newest version, with the outbox of every authority held.

    Raises:
        BackupError: the file is no backup or a damaged one, the place is not empty or of another kind, or `pg_restore` is missing or fails.
        NewerDatabaseError: a newer dondoc made the backup.

    """
    place = make_url(url)
    kind = _kind(source)
    if place.get_backend_name() != kind:
        other = place.get_backend_name()
        en, vi = (
            f"{source} is a backup of {kind}; it cannot be restored into {other}",
            f"{source} là bản sao lưu của {kind}, không phục hồi vào {other} được",
        )
        raise BackupError(en, vi)
    _refuse_full(place)
    if kind == "sqlite":
        return _restore_sqlite(source, place, now=now, actor=actor)
    program = _program("pg_restore")
    _run([program, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(source)], place)
    return _hold(url, source, now=now, actor=actor)


def _restore_sqlite(source: Path, place: URL, *, now: datetime, actor: Actor | None) -> Kept:
    """Restore beside the place and move there when all is well: a restore that fails leaves the place empty."""
    target = Path(place.database or "")
    partial = target.with_name(target.name + ".partial")
    try:
        _copy(source, partial)
        kept = _hold(place.set(database=str(partial)).render_as_string(hide_password=False), source, now=now, actor=actor)
        partial.rename(target)
    finally:
        for name in ("", "-wal", "-shm"):
            partial.with_name(partial.name + name).unlink(missing_ok=True)
    return kept


def _hold(url: str, source: Path, *, now: datetime, actor: Actor | None) -> Kept:
    """Bring what was restored to the newest version, hold every outbox, and say so in every journal."""
    store = open_store(url)
    try:
        with store.transaction(now=now, actor=actor) as transaction:  # before all else: what follows may fail
            transaction.connection.execute(update(AUTHORITY).values(outbox_held=True))
        version = migrate(store)
        with store.transaction(now=now, actor=actor) as transaction:
            end_all_ways_in(transaction)
        authorities = _journal(store, "restore", now=now, actor=actor)
    finally:
        store.close()
    return Kept(authorities=authorities, version=version, size=source.stat().st_size)


def _journal(store: Store, action: str, *, now: datetime, actor: Actor | None) -> int:
    with store.transaction(now=now, actor=actor) as transaction:
        authorities = transaction.connection.execute(select(AUTHORITY.c.id).order_by(AUTHORITY.c.id)).scalars().all()
        transaction.entries += [Entry(authority=authority, action=action) for authority in authorities]
    return len(authorities)


def _count(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(AUTHORITY)).scalar_one())


def _kind(source: Path) -> str:
    """Return which database a backup is of, by its first bytes."""
    if not source.is_file():
        en, vi = f"there is no file {source}", f"không có tệp {source}"
        raise BackupError(en, vi)
    with source.open("rb") as opened:
        head = opened.read(len(SQLITE_HEAD))
    if head == SQLITE_HEAD:
        return "sqlite"
    if head.startswith(POSTGRES_HEAD):
        return "postgresql"
    en, vi = (
        f"{source} is not a backup: it is neither SQLite's nor pg_dump's",
        f"{source} không phải bản sao lưu: không phải của SQLite, cũng không phải của pg_dump",
    )
    raise BackupError(en, vi)


def _refuse_full(place: URL) -> None:
    if place.get_backend_name() == "sqlite":
        full = Path(place.database or "").exists()
    else:
        store = open_store(place.render_as_string(hide_password=False))
        try:
            with store.reading() as connection:
                full = bool(inspect(connection).get_table_names())
        finally:
            store.close()
    if full:
        en, vi = (
            f"{place.database} is not empty; restore into a new place and let the settings name it",
            f"{place.database} không trống; hãy phục hồi vào nơi mới và khai báo nơi ấy trong thiết lập",
        )
        raise BackupError(en, vi)


def _copy(source: Path, target: Path) -> None:
    """Copy one SQLite file to another while others write to it; refuse a damaged one."""
    try:
        with closing(sqlite3.connect(read_only_uri(source), uri=True)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new, pages=4096)
            sound = new.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        en, vi = f"{source} cannot be read: {error}", f"không đọc được {source}: {error}"
        raise BackupError(en, vi) from error
    if sound != "ok":
        en, vi = f"{source} is damaged: {sound}", f"{source} bị hỏng: {sound}"
        raise BackupError(en, vi)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        install = "apt-get install postgresql-client"
        en, vi = (
            f"PostgreSQL is copied with its own {name}, which is not on this machine: {install}",
            f"PostgreSQL được sao chép bằng {name} của chính nó, máy này chưa có: {install}",
        )
        raise BackupError(en, vi)
    return found


def _run(command: list[str], url: URL) -> None:
    """Run a program of PostgreSQL on a database; the password travels in the environment, where no list of processes shows it."""
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    environment = child_environment(**({"PGPASSWORD": str(url.password)} if url.password else {}))
    done = subprocess.run([*command, f"--dbname={plain}"], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        name, why = Path(command[0]).name, done.stderr.strip()
        en, vi = f"{name} failed: {why}", f"{name} không chạy được: {why}"
        raise BackupError(en, vi)


__all__ = ["BackupError", "Kept", "NewerDatabaseError", "backup", "restore"]
