"""
What every test may use: Hypothesis profiles, the databases, and honest skips.

A test that needs a program of the system says so, and says how to get it:

    @pytest.mark.requires_system("soffice", install="apt-get install libreoffice-writer")

or, in a fixture, calls `requires_system(...)` with the same arguments. The need is a program's name, or a check that
answers yes or no. Such a skip is counted on the last line of the summary; where CI is "true" it is a failure.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.lives import read_by_id
from store.migrating import migrate
from store.schema import AUTHORITY, JOURNAL, METADATA, OBLIGATION, STAGE
from store.session import open_store
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from datetime import datetime

    from sqlalchemy import URL, Connection, Dialect

    from evaluation.obligations import Obligation
    from evaluation.rosters import Roster
    from evaluation.workdays import Calendar
    from flows.tick import Ticked
    from store.actors import Actor
    from store.session import Store
    from store.years import Year


MISSING = "missing on this system: "

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("ci")  # `--hypothesis-profile` comes later and wins
# Rich tracebacks with every local variable take twenty seconds a failure.
_console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[structlog.processors.add_log_level, _console])


#: Folders whose files take longest, and so are begun first: none is left alone on one worker at the end.
LONGEST_FIRST = ("e2e", "flows", "browser", "api", "cli", "store")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files, for `--no-loadscope-reorder`; within a file nothing moves."""
    places = {Path(__file__).parent / folder: place for place, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: next((places[folder] for folder in item.path.parents if folder in places), len(places)))


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requests", type=int, default=1000, help="how many requests the soak sends to each address of the API")


# --- system packages -------------------------------------------------------------------------------------------------


class RequiresSystem(Protocol):
    """Skips the test that asks (fails it in CI) unless the system has what it needs."""

    def __call__(self, need: str | Callable[[], bool], *, install: str) -> None: ...


def _require_system(need: str | Callable[[], bool], *, install: str) -> None:
    found = shutil.which(need) is not None if isinstance(need, str) else need()
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{MISSING}{install}", pytrace=False)
    pytest.skip(f"{MISSING}{install}")


@pytest.fixture(scope="session")
def requires_system() -> RequiresSystem:
    return _require_system


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("requires_system"):
        _require_system(*mark.args, **mark.kwargs)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    yield
    reasons = (str(report.longrepr[2]) for report in terminalreporter.getreports("skipped") if isinstance(report.longrepr, tuple))
    missing = Counter(reason.partition(MISSING)[2] for reason in reasons if MISSING in reason)
    cures = [f"{install} ({count})" for install, count in sorted(missing.items())]
    terminalreporter.write_line("; ".join([f"skipped for lack of a system package: {missing.total()}", *cures]))


# --- compiled statements ---------------------------------------------------------------------------------------------

_COMPILED: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}


@event.listens_for(Engine, "engine_connect")
def _share_compiled(connection: Connection) -> None:
    """
    Let all stores of a kind of database share what SQLAlchemy compiled.

    It keeps that by engine and by dialect; every test opens an engine of its own, and would compile each statement again.
    """
    first, compiled = _COMPILED.setdefault(type(connection.dialect), (connection.dialect, LRUCache(2_000)))
    connection.dialect = first
    connection.execution_options(compiled_cache=compiled)


# --- databases -------------------------------------------------------------------------------------------------------

DATA = Path(__file__).with_name("data")
SMALL_PLAN = DATA / "small-plan.yaml"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def store(tmp_path: Path, _sqlite_template: Path) -> Iterator[Store]:
    """An empty SQLite store."""
    shutil.copy(_sqlite_template, tmp_path / "dondoc.db")
    store = open_store(f"sqlite:///{tmp_path / 'dondoc.db'}", durable=False)
    yield store
    store.close()


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A PostgreSQL server on which the suite makes databases of its own, and drops them."""

    url: URL

    def create(self, *, template: str = "template1") -> str:
        """Make a database and return its URL."""
        name = f"dondoc_test_{uuid4().hex[:12]}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._say(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # nothing here outlives the suite
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database that `create` made, whoever is still connected."""
        name = make_url(url).database or ""
        assert name.startswith("dondoc_test_")
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


def _find_postgres() -> PostgresServer | None:
    """The server that DONDOC_TEST_POSTGRES_URL names, else one on this machine that lets us in as one who may do anything."""
    named = os.environ.get("DONDOC_TEST_POSTGRES_URL")
    users = ("postgres", os.environ.get("USER") or "root")
    tried = [named] if named else [f"postgresql://{user}@127.0.0.1:5432/postgres" for user in users]
    for url in tried:
        server = PostgresServer(url=make_url(url).set(drivername="postgresql+psycopg"))
        engine = create_engine(server.url, poolclass=NullPool, connect_args={"connect_timeout": 3})
        try:
            with engine.connect() as connection:
                if connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar():
                    return server
        except OperationalError:
            continue
    return None


@pytest.fixture(scope="session")
def postgres_server(requires_system: RequiresSystem) -> PostgresServer:
    """The PostgreSQL server, or an honest skip."""
    server = _find_postgres()
    requires_system(lambda: server is not None, install="apt-get install postgresql, or set DONDOC_TEST_POSTGRES_URL")
    assert server is not None
    return server


@pytest.fixture(scope="session")
def _postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated database, made once, emptied before each test: making one takes a second."""
    url = postgres_server.create()
    migrate(url)
    yield url
    postgres_server.drop(url)


def _empty(connection: Connection) -> None:
    """Delete every row and begin to number anew; TRUNCATE would make the files of all tables anew, which takes fifty times as long."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # the order of the tables is of no matter
    connection.execute(text("; ".join(f'DELETE FROM "{table}"' for table in METADATA.tables)))  # noqa: S608
    used = text("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL")
    for sequence in connection.execute(used).scalars().all():
        connection.execute(text("SELECT setval(:sequence, 1, false)"), {"sequence": sequence})


@pytest.fixture
def postgres_store(_postgres_url: str) -> Iterator[Store]:
    """An empty PostgreSQL store, in a database of this suite's own."""
    store = open_store(_postgres_url)
    with store.engine.begin() as connection:
        _empty(connection)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, on each database in turn."""
    found: Store = request.getfixturevalue("store" if request.param == "sqlite" else "postgres_store")
    return found


@dataclass(frozen=True, kw_only=True)
class SmallYear:
    """A launched small plan, and what a test does with it."""

    store: Store
    cycle: int
    calendar: Calendar

    def slot(self, on: date) -> datetime:
        """The instant at which a day's mail leaves."""
        return self.calendar.instant(on, time(7, 30))

    def loaded(self, now: datetime) -> Year:
        """The cycle as decisions see it at an instant."""
        with self.store.reading() as connection:
            return load_year(self.store, connection, self.cycle, now=now)

    def tick(self, now: datetime, *, step_size: int = 2000) -> Ticked:
        """One tick, plain."""
        from flows.tick import tick  # brings Prefect, which takes seconds
        from tasks.room import Room, working_in

        with working_in(Room(store=self.store, holder="test", step_size=step_size)):
            return asyncio.run(tick.fn(now))

    def move(self, act: Callable[..., Obligation], ident: int, *, now: datetime, actor: Actor | None = None, **facts: Any) -> Obligation:
        """One person's move on an obligation."""
        with self.store.transaction(now=now, actor=actor) as transaction:
            return act(self.store, transaction, ident, **facts)

    def deliver(self, stage: str, *, now: datetime) -> None:
        """Prepare, submit and accept everything of a stage."""
        for ident in self.ids(stage):
            for act in (moves.prepare, moves.submit, moves.accept):
                self.move(act, ident, now=now)

    def actions(self) -> list[str]:
        """What the journal says was done, in order."""
        with self.store.reading() as connection:
            return list(connection.execute(select(JOURNAL.c.action).order_by(JOURNAL.c.number)).scalars())

    def ids(self, stage: str) -> list[int]:
        """The obligations of a stage."""
        with self.store.reading() as connection:
            query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(STAGE.c.key == stage)
            return list(connection.execute(query.order_by(OBLIGATION.c.id)).scalars())

    def obligation(self, ident: int) -> Obligation:
        """One obligation with its history."""
        with self.store.reading() as connection:
            return read_by_id(connection, [ident], history=True)[0]

    def scalar(self, sql: str) -> Any:
        """What a plain query says."""
        with self.store.reading() as connection:
            return connection.execute(text(sql)).scalar_one()


@cache
def small_roster() -> Roster:
    """The small roster."""
    return load_roster(DATA / "small-roster.yaml")


def launch_small(store: Store, *, now: datetime, calendar: Calendar, yaml: str | None = None) -> SmallYear:
    """Found a sandbox authority with the small roster and launch the small plan."""
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=small_roster())
        order = Launch(authority="thu", plan_yaml=yaml or SMALL_PLAN.read_text(encoding="utf-8"), year=2025, calendar=calendar)
        launched = launch(store, transaction, order)
    return SmallYear(store=store, cycle=launched.cycle, calendar=calendar)


def _small_year(store: Store) -> SmallYear:
    calendar = shipped_calendar()
    return launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar)


@pytest.fixture(scope="session")
def _launched_template(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> tuple[Path, int]:
    """A SQLite file with the small year in it, launched once and copied for each test, and its cycle."""
    path = tmp_path_factory.mktemp("launched") / "template.db"
    shutil.copy(_sqlite_template, path)
    store = open_store(f"sqlite:///{path}", durable=False)
    year = _small_year(store)
    store.close()
    return path, year.cycle


@pytest.fixture
def small_year(store: Store, _launched_template: tuple[Path, int]) -> SmallYear:
    """The small plan of 2025, launched on 2 January 2025 at 09:00 local."""
    with store.reading() as connection:
        if connection.execute(select(func.count()).select_from(AUTHORITY)).scalar_one():
            return _small_year(store)  # beside what the test has put there
    path, cycle = _launched_template
    with closing(sqlite3.connect(path)) as template, closing(sqlite3.connect(store.file)) as own:
        template.backup(own)
    return SmallYear(store=store, cycle=cycle, calendar=shipped_calendar())


@pytest.fixture
def any_year(request: pytest.FixtureRequest, any_store: Store) -> SmallYear:
    """The small year, on each database in turn."""
    if any_store.engine.dialect.name == "postgresql":
        return _small_year(any_store)
    launched: SmallYear = request.getfixturevalue("small_year")
    return launched
