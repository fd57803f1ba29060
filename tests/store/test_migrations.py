"""The database's versions: the newest one is what the code expects, on both databases, by every name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect, text

from store.migrating import NewerDatabaseError, differences, is_current, migrate, newest_version, version_of
from store.schema import METADATA
from store.session import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database in which nothing has ever been made."""
    if request.param == "sqlite":
        store = open_store(f"sqlite:///{tmp_path / 'bare.db'}", durable=False)
        yield store
        store.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create()
    store = open_store(url)
    yield store
    store.close()
    server.drop(url)


def names_in_code() -> set[str]:
    kinds = (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
    named = {str(one.name) for table in METADATA.tables.values() for one in table.constraints if isinstance(one, kinds)}
    return named | {str(index.name) for table in METADATA.tables.values() for index in table.indexes}


def names_in_database(store: Store) -> set[str]:
    found: set[str] = set()
    with store.reading() as connection:
        inspector = inspect(connection)
        for table in METADATA.tables:
            uniques = inspector.get_unique_constraints(table)
            for rows in (uniques, inspector.get_foreign_keys(table), inspector.get_check_constraints(table), inspector.get_indexes(table)):
                found.update(str(row["name"]) for row in rows if row["name"])
        if connection.dialect.name == "sqlite":  # the inspector does not see the name of a reference that came with its column
            written = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'table'")).scalars()
            found.update(name for sql in written for name in re.findall(r"CONSTRAINT (fk_\w+) REFERENCES", sql))
    return found


def test_newest_version_equals_the_code(bare: Store) -> None:
    assert version_of(bare) is None
    assert not is_current(bare)
    assert migrate(bare) == newest_version()
    assert is_current(bare)
    assert differences(bare) == []


def test_every_constraint_bears_its_name(bare: Store) -> None:
    migrate(bare)
    assert names_in_database(bare) == names_in_code()


def test_a_second_migration_changes_nothing(any_store: Store) -> None:
    assert is_current(any_store)
    assert migrate(any_store) == newest_version()
    assert differences(any_store) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("ALTER TABLE rung ADD COLUMN extra INTEGER", id="a column more"),
        pytest.param("DROP INDEX ix_obligation_due", id="an index less"),
        pytest.param("DROP TABLE attempt", id="a table less"),
    ],
)
def test_a_difference_is_seen(bare: Store, change: str) -> None:
    migrate(bare)
    with bare.engine.begin() as connection:
        connection.execute(text(change))
    assert len(differences(bare)) >= 1


def test_a_database_of_a_newer_dondoc_is_left_alone(bare: Store) -> None:
    migrate(bare)
    with bare.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="9999"):
        migrate(bare)
    assert version_of(bare) == "9999"


def test_a_failing_migration_leaves_nothing_behind(bare: Store) -> None:
    with bare.engine.begin() as connection:
        connection.execute(text("CREATE TABLE stage (id INTEGER)"))
    with pytest.raises(Exception, match="stage"):
        migrate(bare)
    with bare.reading() as connection:
        assert set(inspect(connection).get_table_names()) - {"alembic_version"} == {"stage"}
