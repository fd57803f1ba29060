"""
The two doors to the database: `reading` and `transaction`.

A transaction is the only place that commits. As its last statements it locks the journal head of each authority it wrote
for, numbers and hashes the entries gathered meanwhile, and inserts them: facts, journal and notices stand or fall together.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import Engine, create_engine, event, make_url

from store.actors import Actor
from store.columns import NaiveInstantError
from store.journal import Entry, seal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 60
_PRAGMAS = ("foreign_keys=ON", "cache_size=-65536")


@dataclass(kw_only=True)
class Transaction:
    """A write in progress: its connection, its one `now` (business time, UTC), who acts, and the entries gathered so far."""

    connection: Connection
    now: datetime
    actor: Actor
    entries: list[Entry] = field(default_factory=list)
    locked: dict[Any, Any] = field(default_factory=dict)  #: what was read under a lock, and nobody else can change until the end


@dataclass(frozen=True, kw_only=True)
class Store:
    """One database; `kept` holds what never changes once read (plan versions, calendars, people by version)."""

    engine: Engine
    kept: dict[Any, Any] = field(default_factory=dict)
    writable: bool = True  #: False: this user may only read the file

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read-only view of one moment, whatever others commit meanwhile; nothing is ever committed from it."""
        with self.engine.connect() as connection, connection.begin():
            _read_only(connection)
            try:
                yield connection
            finally:
                _read_write(connection)

    @contextmanager
    def transaction(self, *, now: datetime, actor: Actor | None = None) -> Iterator[Transaction]:
        """
        Open a write: committed with its journal if the block ends well, rolled back whole if it raises.

        Raises:
            NaiveInstantError: `now` has no time zone.

        """
        if now.tzinfo is None:
            raise NaiveInstantError(now)
        now = now.astimezone(UTC)
        with self._forgetting(), self.engine.connect().execution_options(dondoc_write=True) as connection, connection.begin():
            transaction = Transaction(connection=connection, now=now, actor=actor or Actor())
            yield transaction
            seal(connection, transaction.entries, at=now, actor=transaction.actor)

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        """Forget what was read in a write that fails: its ids may come again and mean something else."""
        before = dict(self.kept)
        try:
            yield
        except BaseException:
            self.kept.clear()
            self.kept.update(before)
            raise

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        named = self.engine.url.database or ""
        return Path(url2pathname(urlsplit(named).path)) if named.startswith("file:") else Path(named)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _read_only(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        connection.exec_driver_sql("PRAGMA query_only = ON")


def _read_write(connection: Connection) -> None:
    if connection.dialect.name != "postgresql" and not connection.invalidated:
        connection.exec_driver_sql("PRAGMA query_only = OFF")


def open_store(url: str, *, durable: bool = True) -> Store:
    """
    Return the store at a database URL (`sqlite:///file`, `postgresql+psycopg://…`).

    `durable=False` is for scratch databases: SQLite then waits for no disk. A SQLite file that this user may not write to is opened for
    reading alone.
    """
    if not url.startswith("sqlite"):
        return Store(engine=create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20))
    file = Path(make_url(url).database or "")
    if is_writable(file):
        return Store(engine=_sqlite(url, pragmas=("journal_mode=WAL", f"synchronous={'FULL' if durable else 'OFF'}", *_PRAGMAS)))
    return Store(engine=_sqlite(f"sqlite:///{read_only_uri(file)}&uri=true", pragmas=_PRAGMAS), writable=False)


def is_writable(file: Path) -> bool:
    """Return whether this user may write to a SQLite file; one that is not there yet counts as such."""
    as_who = os.access in os.supports_effective_ids
    return not file.is_file() or all(os.access(path, os.W_OK, effective_ids=as_who) for path in (file, file.absolute().parent))


def read_only_uri(file: Path) -> str:
    """
    Return SQLite's URI of a file to be read alone.

    Where no writer's log lies beside it the file is taken as it stands (`immutable`): SQLite would else make a log, which needs the folder.
    """
    log = file.with_name(file.name + "-wal")
    alone = not is_writable(file) and not (log.exists() and log.stat().st_size)
    return f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"


def _sqlite(url: str, *, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below says BEGIN, not the driver
        for pragma in pragmas:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("dondoc_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
