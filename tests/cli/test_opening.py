"""The database is made on first use, and that is said; a database that cannot be used is one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.errors import ExitCode
from cli.opening import open_migrated_store
from config.settings import settings
from store.migrating import is_current
from store.migrating import newest_version as newest_of_alembic
from store.queries.version import found_version, newest_version

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Dondoc


def test_the_first_use_makes_the_database_and_says_so(dondoc: Dondoc) -> None:
    first, second = dondoc("status"), dondoc("status")
    assert "Đã tạo cơ sở dữ liệu" in first.err
    assert second.err == ""
    store = open_migrated_store()
    assert is_current(store)
    store.close()


def test_the_quick_answer_is_alembics(dondoc: Dondoc) -> None:
    store = open_migrated_store()
    with store.reading() as connection:
        assert found_version(connection) == newest_version() == newest_of_alembic()
    store.close()


def test_a_database_out_of_reach_is_one_message(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    done = dondoc("status")
    assert done.code == ExitCode.UNAVAILABLE
    assert done.err.startswith("Lỗi: không dùng được cơ sở dữ liệu (")


def test_a_file_that_is_no_database_is_one_message(dondoc: Dondoc) -> None:
    (dondoc.home / "dondoc.db").write_text("this is no database, only a text that is long enough to be read as one" * 20, encoding="utf-8")
    assert dondoc("status").code == ExitCode.UNAVAILABLE


def test_a_wrong_setting_is_one_message(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_WEB_PORT", "eighty")
    settings.cache_clear()
    done = dondoc("status")
    assert done.code == ExitCode.UNAVAILABLE
    assert "DONDOC" in done.err
