"""
What every test may use: Hypothesis profiles, the databases, and honest skips.

A test that needs a program of the system says so, and says how to get it:

    @pytest.mark.requires_system("soffice", install="apt-get install libreoffice-writer")

or, in a fixture, calls `requires_system(...)` with the same arguments. The need is a program's name, or a check that
answers yes or no. Such a skip is counted on the last line of the summary; where CI is "true" it is a failure.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import settings
from sqlalchemy import select, text

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from flows.tick import tick
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.lives import by_ids, read_obligations
from store.schema import METADATA, OBLIGATION, STAGE
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from datetime import datetime

    from evaluation.obligations import Obligation
    from evaluation.workdays import Calendar
    from flows.tick import Ticked
    from store.session import Store


MISSING = "missing on this system: "

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("ci")  # `--hypothesis-profile` comes later and wins


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


# --- databases -------------------------------------------------------------------------------------------------------

DATA = Path(__file__).with_name("data")
SMALL_PLAN = DATA / "small-plan.yaml"


def _migrated(url: str) -> Store:
    store = open_store(url, durable=False)
    METADATA.create_all(store.engine)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store."""
    store = _migrated(f"sqlite:///{tmp_path / 'dondoc.db'}")
    yield store
    store.close()


@dataclass(frozen=True, kw_only=True)
class SmallYear:
    """A launched small plan, and what a test does with it."""

    store: Store
    cycle: int
    calendar: Calendar

    def slot(self, on: date) -> datetime:
        """The instant at which a day's mail leaves."""
        return self.calendar.instant(on, time(7, 30))

    def tick(self, now: datetime, *, step_size: int = 2000) -> Ticked:
        """One tick, plain."""
        with working_in(Room(store=self.store, holder="test", step_size=step_size)):
            return asyncio.run(tick.fn(now))

    def ids(self, stage: str) -> list[int]:
        """The obligations of a stage."""
        with self.store.reading() as connection:
            query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(STAGE.c.key == stage)
            return list(connection.execute(query.order_by(OBLIGATION.c.id)).scalars())

    def obligation(self, ident: int) -> Obligation:
        """One obligation with its history."""
        with self.store.reading() as connection:
            return read_obligations(connection, by_ids([ident]), history=True)[0]

    def scalar(self, sql: str) -> Any:
        """What a plain query says."""
        with self.store.reading() as connection:
            return connection.execute(text(sql)).scalar_one()


def launch_small(store: Store, *, now: datetime, calendar: Calendar, yaml: str | None = None) -> SmallYear:
    """Found a sandbox authority with the small roster and launch the small plan."""
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=load_roster(DATA / "small-roster.yaml"))
        order = Launch(authority="thu", plan_yaml=yaml or SMALL_PLAN.read_text(encoding="utf-8"), year=2025, calendar=calendar)
        launched = launch(store, transaction, order)
    return SmallYear(store=store, cycle=launched.cycle, calendar=calendar)


@pytest.fixture
def small_year(store: Store) -> SmallYear:
    """The small plan of 2025, launched on 2 January 2025 at 09:00 local."""
    calendar = shipped_calendar()
    return launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar)
