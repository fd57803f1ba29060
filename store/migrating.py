"""
Migrating: a database is brought to the newest version, in one transaction, on SQLite and PostgreSQL alike.

The versions are Alembic's, in `store/migrations/versions`; a database knows its own in the table `alembic_version`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from store.schema import METADATA
from store.session import Store, open_store

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
#: PostgreSQL's advisory lock under which one process at a time migrates a database.
_ONE_AT_A_TIME = 0x646F6E646F63


class NewerDatabaseError(Exception):
    """A database is of a version that this dondoc does not know; a newer dondoc has written it."""

    def __init__(self, version: str) -> None:
        """Keep the version found."""
        self.version = version
        super().__init__(f"the database is at version {version}, which this dondoc does not know; install the newer dondoc that wrote it")


def migrate(store_or_url: Store | str) -> str:
    """
    Bring a database to the newest version, which is returned; one that is there already is left alone.

    Raises:
        NewerDatabaseError: a newer dondoc has written it; nothing was changed.

    """
    if isinstance(store_or_url, Store):
        return _migrate(store_or_url)
    store = open_store(store_or_url)
    try:
        return _migrate(store)
    finally:
        store.close()


def _migrate(store: Store) -> str:
    head = newest_version()
    if version_of(store) == head:
        return head
    with store.engine.connect().execution_options(dondoc_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        _refuse_newer(_version(connection))
        command.upgrade(_config(connection), "head")
    return head


def is_current(store: Store) -> bool:
    """Return whether a database is at the newest version."""
    return version_of(store) == newest_version()


def version_of(store: Store) -> str | None:
    """Return the version that a database says it has; None if it has none yet."""
    with store.reading() as connection:
        return _version(connection)


def newest_version() -> str:
    """Return the newest version that this dondoc knows."""
    return str(_versions().get_current_head())


def differences(store: Store) -> list[object]:
    """Return in what a database's tables differ from those that the code expects, as Alembic says it; none if in nothing."""
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


def _refuse_newer(version: str | None) -> None:
    if version is not None and version not in {script.revision for script in _versions().walk_revisions()}:
        raise NewerDatabaseError(version)


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _versions() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
