"""Backups: nothing is lost, nothing is overwritten, and a restored backup mails nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from evaluation.actions import Remark
from store.backups import BackupError, backup, restore
from store.commands import moves
from store.migrating import NewerDatabaseError, is_current, newest_version
from store.schema import AUTHORITY, JOURNAL, METADATA
from store.session import Store, open_store
from store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import PostgresServer, SmallYear


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(date(2025, 1, 20))
    any_year.tick(now)
    return now


@pytest.fixture
def empty_place(any_store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a backup of the store can go."""
    if any_store.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create()
    yield url
    server.drop(url)


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a store holds but for the hold and the journal's end."""
    tables = [table for table in METADATA.sorted_tables if table.name not in {"authority", "journal", "journal_head"}]
    with store.reading() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))] for table in tables}


def test_a_restored_backup_is_the_same_year_and_mails_nobody(any_year: SmallYear, now: datetime, empty_place: str, tmp_path: Path) -> None:
    kept = backup(any_year.store, tmp_path / "dondoc.backup", now=now)
    assert kept.authorities == 1
    assert kept.size == (tmp_path / "dondoc.backup").stat().st_size > 1000
    restore(tmp_path / "dondoc.backup", empty_place, now=now)
    restored = open_store(empty_place)
    try:
        assert is_current(restored)
        assert rows_of(restored) == rows_of(any_year.store)
        with restored.reading() as connection:
            assert connection.execute(select(AUTHORITY.c.outbox_held)).scalars().all() == [True]
            actions = connection.execute(select(JOURNAL.c.action).order_by(JOURNAL.c.number.desc()).limit(2)).scalars().all()
        assert actions == ["restore", "backup"]
        assert verify(restored) == []
    finally:
        restored.close()
    assert any_year.scalar("select count(*) from authority where outbox_held") == 0


def test_a_backup_is_whole_while_others_write(any_year: SmallYear, now: datetime, empty_place: str, tmp_path: Path) -> None:
    def urge_often() -> None:
        for ident in any_year.ids("plan") * 5:
            with any_year.store.transaction(now=now) as transaction:
                moves.urge(any_year.store, transaction, ident, by="phone", remark=Remark(reason="nhắc"))

    writer = Thread(target=urge_often)
    writer.start()
    backup(any_year.store, tmp_path / "dondoc.backup", now=now)
    writer.join()
    restore(tmp_path / "dondoc.backup", empty_place, now=now)
    restored = open_store(empty_place)
    try:
        assert verify(restored) == []
    finally:
        restored.close()


def test_neither_overwrites_anything(any_year: SmallYear, now: datetime, tmp_path: Path) -> None:
    target = tmp_path / "dondoc.backup"
    backup(any_year.store, target, now=now)
    before = target.read_bytes()
    with pytest.raises(BackupError, match="exists"):
        backup(any_year.store, target, now=now)
    assert target.read_bytes() == before
    with pytest.raises(BackupError, match="not empty"):
        restore(target, any_year.store.engine.url.render_as_string(hide_password=False), now=now)
    assert verify(any_year.store) == []
    assert any_year.scalar("select count(*) from authority where outbox_held") == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "not a backup", id="empty"),
        pytest.param(b"PK\x03\x04 something else", "not a backup", id="another kind of file"),
        pytest.param(b"SQLite format 3\x00" + b"\xff" * 4000, "cannot be read|damaged", id="damaged"),
    ],
)
def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes, why: str, small_year: SmallYear) -> None:
    (tmp_path / "no.backup").write_bytes(content)
    with pytest.raises(BackupError, match=why):
        restore(tmp_path / "no.backup", f"sqlite:///{tmp_path / 'new.db'}", now=small_year.slot(date(2025, 1, 20)))
    assert sorted(path.name for path in tmp_path.glob("new*")) == []


def test_a_torn_page_is_seen(small_year: SmallYear, tmp_path: Path) -> None:
    now = small_year.slot(date(2025, 1, 20))
    backup(small_year.store, tmp_path / "good.backup", now=now)
    content = bytearray((tmp_path / "good.backup").read_bytes())
    content[8192:12288] = b"\x99" * 4096
    (tmp_path / "torn.backup").write_bytes(content)
    with pytest.raises(BackupError):
        restore(tmp_path / "torn.backup", f"sqlite:///{tmp_path / 'new.db'}", now=now)
    assert not (tmp_path / "new.db").exists()


def test_a_backup_of_a_newer_dondoc_is_refused(any_year: SmallYear, now: datetime, empty_place: str, tmp_path: Path) -> None:
    with any_year.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup(any_year.store, tmp_path / "dondoc.backup", now=now)
    with any_year.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": newest_version()})
    with pytest.raises(NewerDatabaseError):
        restore(tmp_path / "dondoc.backup", empty_place, now=now)


def test_a_backup_of_the_other_database_is_refused(small_year: SmallYear, tmp_path: Path) -> None:
    now = small_year.slot(date(2025, 1, 20))
    backup(small_year.store, tmp_path / "dondoc.backup", now=now)
    with pytest.raises(BackupError, match="backup of sqlite"):
        restore(tmp_path / "dondoc.backup", "postgresql+psycopg://127.0.0.1/nothing", now=now)


@pytest.mark.postgres
def test_without_pg_dump_it_says_how_to_get_it(postgres_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        backup(postgres_store, tmp_path / "dondoc.backup", now=datetime(2025, 1, 2, 5, tzinfo=UTC))
    assert list(tmp_path.glob("dondoc*")) == []
