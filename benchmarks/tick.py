"""
A tick that fires 10,000 due rungs, against Core `executemany` of the identical final rows in slices of the same size.

Both run in one process, one after the other, on copies of one database; the ratio is the figure, the seconds are the machine's.
"""

from __future__ import annotations

import asyncio
import gc
import re
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, event, insert, select, update

from benchmarks.machine import postgres_database
from benchmarks.tables import begin, row
from config.calendar_files import shipped_calendar
from config.loader import load_roster, parse_plan
from evaluation.scaling import scaled_roster
from flows.tick import tick
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.migrating import migrate
from store.queries.due import due_work
from store.schema import JOURNAL, NOTICE, OBLIGATION, RUNG
from store.session import open_store
from store.years import load_year
from tasks.room import STEP_SIZE, Room, working_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store

DATA = Path(__file__).parents[1] / "tests" / "data"
UNITS = 10_000
CALENDAR = shipped_calendar()
START = CALENDAR.instant(date(2025, 1, 2), time_of_day(7, 0))
OPENS = CALENDAR.instant(date(2025, 1, 6), time_of_day(7, 30))
FIRES = CALENDAR.instant(date(2025, 2, 13), time_of_day(7, 30))
IDLE_TIMES = 200


def build(url: str) -> None:
    """Launch a year in which 10,000 reminders fall due on 13 February 2025, and open it."""
    text = (DATA / "small-plan.yaml").read_text(encoding="utf-8")
    text = re.sub(r"due: \{by: Y-01-31\}", "due: {by: Y-02-20}", text)
    text = re.sub(r"(?s)  - key: report.*?(?=  - key: plan)", "", text)
    text = re.sub(r"(?s)  - key: after-lock.*", "", text)
    plan = parse_plan(text, file="benchmark")
    roster = scaled_roster(load_roster(DATA / "small-roster.yaml"), plan=plan, units=UNITS)
    store = open_store(url)
    migrate(store)
    with store.transaction(now=START) as transaction:
        authority = found_authority(transaction, key="thu", name="thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        launch(store, transaction, Launch(authority="thu", plan_yaml=text, year=2025, calendar=CALENDAR))
    run_tick(store, OPENS)
    store.close()


def run_tick(store: Store, now: datetime) -> float:
    """Run one tick and return its seconds."""
    with working_in(Room(store=store, holder="benchmark")):
        start = time.perf_counter()
        asyncio.run(tick.fn(now))
        return time.perf_counter() - start


def warm(store: Store) -> None:
    """Read plan, calendar and people once, as an engine that has ticked before has them."""
    with store.reading() as connection:
        work = due_work(connection, now=FIRES)
        load_year(store, connection, work[0].cycle, now=FIRES)
    gc.freeze()


def final_rows(store: Store) -> dict[Any, list[dict[str, Any]]]:
    """Return every row that the tick wrote."""
    with store.reading() as connection:
        fired = select(RUNG.c.obligation_id).where(RUNG.c.at == FIRES)
        return {
            OBLIGATION: [dict(row._mapping) for row in connection.execute(select(OBLIGATION).where(OBLIGATION.c.id.in_(fired)))],
            **{
                table: [dict(row._mapping) for row in connection.execute(select(table).where(table.c.at == FIRES))]
                for table in (RUNG, NOTICE, JOURNAL)
            },
        }


def write_rows(store: Store, rows: dict[Any, list[dict[str, Any]]]) -> float:
    """Write the same rows with `executemany`, a transaction a slice, and return the seconds."""
    names = ("state", "suspended", "released", "rounds", "moves", "days_late", "term", "next_at")
    move = update(OBLIGATION).where(OBLIGATION.c.id == bindparam("b_id")).values({name: bindparam(f"v_{name}") for name in names})
    updates = [{"b_id": row["id"], **{f"v_{name}": row[name] for name in names}} for row in rows[OBLIGATION]]
    start = time.perf_counter()
    for first in range(0, len(updates), STEP_SIZE):
        here = slice(first, first + STEP_SIZE)
        with store.engine.connect().execution_options(dondoc_write=True) as connection, connection.begin():
            connection.execute(move, updates[here])
            for table in (RUNG, NOTICE, JOURNAL):
                connection.execute(insert(table), rows[table][here])
    return time.perf_counter() - start


def longest_write(store: Store) -> list[float]:
    """Return a list that will hold the seconds of each write transaction from now on."""
    spans: list[float] = []
    begun: dict[int, float] = {}

    @event.listens_for(store.engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("dondoc_write"):
            begun[id(connection)] = time.perf_counter()

    @event.listens_for(store.engine, "commit")
    def _commit(connection: Connection) -> None:
        if id(connection) in begun:
            spans.append(time.perf_counter() - begun.pop(id(connection)))

    return spans


def idle_seconds(store: Store) -> float:
    """Return the median seconds of the tick's question when nothing is due."""
    spans = []
    for _ in range(IDLE_TIMES):
        start = time.perf_counter()
        with store.reading() as connection:
            assert due_work(connection, now=FIRES) == []
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


def sqlite_copies() -> Iterator[tuple[str, str]]:
    """Yield two equal SQLite databases, made ready for the tick."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.db", Path(folder) / "other.db"
        build(f"sqlite:///{one}")
        shutil.copy(one, other)
        yield f"sqlite:///{one}", f"sqlite:///{other}"


def postgres_copies() -> Iterator[tuple[str, str]]:
    """Yield two equal PostgreSQL databases, made ready for the tick; nothing where no server answers."""
    with postgres_database() as one, postgres_database() as other:
        if one and other:
            build(one)
            build(other)
            yield one, other


def measure(name: str, ours: str, plain: str) -> None:
    """Print one line of the table."""
    store, baseline = open_store(ours), open_store(plain)
    warm(store)
    spans = longest_write(store)
    ticked = run_tick(store, FIRES)
    rows = final_rows(store)
    written = write_rows(baseline, rows)
    idle = idle_seconds(store)
    row(
        name,
        len(rows[RUNG]),
        f"{ticked:.2f} s",
        f"{written:.2f} s",
        f"{ticked / written:.2f}",
        f"{max(spans):.2f} s",
        f"{idle * 1000:.1f} ms",
    )
    store.close()
    baseline.close()


def main() -> None:
    """Print the table."""
    begin("database", "rungs", "tick", "executemany", "ratio (bound 3)", "longest write (bound 1 s)", "idle tick (bound 5 ms)")
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        for ours, plain in sqlite_copies():
            measure("SQLite", ours, plain)
        for ours, plain in postgres_copies():
            measure("PostgreSQL", ours, plain)


if __name__ == "__main__":
    main()
