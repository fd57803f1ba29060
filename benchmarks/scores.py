"""
Sheets of 200 units × 100 leaves: what one change writes, and the workbooks of all units read back one after the other.

One change is one leaf typed into a sheet in which every other leaf is scored already: statements that write, rows written, milliseconds.
The workbooks are filled in away from the system and taken in as `dondoc score import` does; memory is what Python holds at most while one
is read (tracemalloc), and what the process holds when the first and when the last was taken in.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
import tracemalloc
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from datetime import time as time_of_day
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from sqlalchemy import event, select

from benchmarks.index import LEAVES, criteria
from benchmarks.machine import each_database
from benchmarks.tables import begin, head, row
from benchmarks.years import synthetic_year
from config.calendar_files import shipped_calendar
from config.criteria_files import ReadCriteria
from config.scores_book_columns import ROWS_SHEET, columns_of
from config.scores_book_writing import book_workbook
from config.scores_columns import COLUMNS
from config.scores_reading import read_sheet, read_stamp
from config.scores_writing import sheet_workbook
from evaluation.actions import Remark
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import Decision
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Part
from flows.tick import tick
from store.actors import Actor
from store.commands.authorities import found_authority, import_roster
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.commands.launching import Launch, launch
from store.commands.scores.books import BookTaker, Take
from store.commands.scores.scoring import Typed, save_leaf
from store.commands.scores.workbooks import stamp_of, take_workbook
from store.migrating import migrate
from store.queries.books import Wanted, units_of_book
from store.queries.scores import sheet_at
from store.schema import OBLIGATION
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.session import Store

UNITS, TYPED, PROGRESS = 201, 49, 50
CALENDAR = shipped_calendar()
NOW = CALENDAR.instant(date(2025, 1, 2), time_of_day(7, 0))
OPEN = CALENDAR.instant(date(2025, 1, 7), time_of_day(7, 30))
_MB = 1024 * 1024
_KB_A_MB = 1024
_WRITES = ("INSERT", "UPDATE", "DELETE")


def build(store: Store) -> list[int]:
    """Launch a year in which every unit owes a sheet of so many leaves, open it, and return the self-assessments."""
    yaml, roster = synthetic_year(UNITS, 1)
    yaml = yaml.replace("kind: duty", "kind: self_assessment\n    items_from: criteria")
    migrate(store)
    made = replace(criteria(), key="thu")
    with store.transaction(now=NOW) as transaction:
        authority = found_authority(transaction, key="thu", name="thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        cycle = launch(store, transaction, Launch(authority="thu", plan_yaml=yaml, year=2025, calendar=CALENDAR)).cycle
        decided = Decision(number="1/QĐ", dated=date(2025, 1, 1))
        take_in(transaction, authority, ReadCriteria(criteria=made, findings=findings_of(made), misfits=()), decision=decided, accept="thử")
        pin(store, transaction, cycle, group="don-vi", name=made.key, remark=Remark())
    with working_in(Room(store=store, holder="benchmark")):
        asyncio.run(tick.fn(OPEN))
    with store.reading() as connection:
        return list(connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.cycle_id == cycle).order_by(OBLIGATION.c.id)).scalars())


@contextmanager
def writes(store: Store) -> Iterator[list[tuple[str, int]]]:
    """Yield what is written meanwhile: the table of each statement, and how many rows it wrote."""
    seen: list[tuple[str, int]] = []

    def note(_connection: object, cursor: Any, statement: str, *_rest: object) -> None:  # noqa: ANN401  a driver's cursor
        words = statement.split()
        if words[0].upper() in _WRITES:
            seen.append((words[1 if words[0].upper() == "UPDATE" else 2], cursor.rowcount))

    event.listen(store.engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "after_cursor_execute", note)


def one_change(store: Store, obligation: int) -> tuple[list[tuple[str, int]], float]:
    """Return what one leaf typed into a full sheet writes, and the milliseconds that it takes (median)."""
    nodes = [leaf.key for field in criteria().fields for leaf in field.children]
    for node in nodes:
        _type(store, obligation, node, points="0.5", seen=0)
    took: list[float] = []
    written: list[tuple[str, int]] = []
    for number in range(TYPED):
        start = time.perf_counter()
        with writes(store) as seen:
            _type(store, obligation, nodes[0], points=f"0.{number + 51}", seen=number + 1)
        took.append(1000 * (time.perf_counter() - start))
        written = seen
    return written, median(took)


def _type(store: Store, obligation: int, node: str, *, points: str, seen: int) -> None:
    with store.transaction(now=OPEN) as transaction:
        save_leaf(
            store, transaction, obligation, Typed(node=node, given=Given(points=Decimal(points)), explanation="theo báo cáo", seen=seen)
        )


def filled(store: Store, obligation: int, path: Path) -> None:
    """Write a unit's workbook, every leaf scored and explained."""
    with store.reading() as connection:
        found = sheet_at(store, connection, obligation, now=OPEN)
    if found is None:
        sys.exit("an obligation without a sheet")
    book = load_workbook(BytesIO(sheet_workbook(found[2].sheet, stamp=stamp_of(found[2]))))
    table = book.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(table[1], start=1)}
    keys = {leaf.key for field in criteria().fields for leaf in field.children}
    for line in range(2, table.max_row + 1):
        if str(table.cell(line, columns[COLUMNS["key"]]).value) in keys:
            table.cell(line, columns[COLUMNS["points"]]).value = "0,75"
            table.cell(line, columns[COLUMNS["explanation"]]).value = "Theo báo cáo năm"
    book.save(path)


def taken(store: Store, obligation: int, path: Path) -> int:
    """Take a unit's workbook in, and return how many leaves it changed."""
    with store.reading() as connection:
        found = sheet_at(store, connection, obligation, now=OPEN)
    if found is None:
        sys.exit("an obligation without a sheet")
    rows, stamp = read_sheet(path, found[2].sheet.scope), read_stamp(path)
    with store.transaction(now=OPEN) as transaction:
        return len(take_workbook(store, transaction, obligation, rows, stamp=stamp))


def booked(store: Store, cycle: int, folder: Path) -> tuple[float, float, float, float, int]:
    """Return megabytes of the one workbook of all units, the most held to write and to read it, the seconds to take it, and its leaves."""
    path, wanted = folder / "all.xlsx", Wanted(cycle=cycle, part=Part.SELF)
    tracemalloc.start()
    with store.reading() as connection:
        path.write_bytes(book_workbook(units_of_book(store, connection, wanted, viewer=None, now=OPEN), cycle=str(cycle), part=wanted.part))
    to_write = tracemalloc.get_traced_memory()[1] / _MB
    tracemalloc.stop()
    _fill_book(path)
    tracemalloc.start()
    taker = BookTaker(store=store, cycle=cycle, now=OPEN, actor=Actor())
    taker.read(path)
    to_read = tracemalloc.get_traced_memory()[1] / _MB
    tracemalloc.stop()
    start = time.perf_counter()
    outcomes, written = taker.read(path).act(Take.ALL)
    took = time.perf_counter() - start
    if not written:
        sys.exit(f"nothing was taken in: {next(one.faults[0] for one in outcomes if one.is_refused)}")
    return path.stat().st_size / _MB, to_write, to_read, took, sum(one.changed for one in outcomes)


def _fill_book(path: Path) -> None:
    """Type another score into every row of a book, as a spreadsheet program does."""
    book = load_workbook(path)
    table, column = book[ROWS_SHEET], list(columns_of(Part.SELF)).index("points") + 1
    for line in range(2, table.max_row + 1):
        table.cell(line, column).value = "0,25"
    book.save(path)


def rss() -> float:
    """Return the megabytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_A_MB


def imported(store: Store, obligations: list[int], folder: Path) -> tuple[float, float, float, float]:
    """Return seconds a workbook, the most that Python held for one, and what the process held after the first and after the last."""
    paths = {obligation: folder / f"{obligation}.xlsx" for obligation in obligations}
    for obligation, path in paths.items():
        filled(store, obligation, path)
    (first, path), *others = paths.items()
    tracemalloc.start()
    changed = taken(store, first, path)
    peak = tracemalloc.get_traced_memory()[1] / _MB
    tracemalloc.stop()
    after_first, start = rss(), time.perf_counter()
    for number, (obligation, path) in enumerate(others, start=2):
        changed += taken(store, obligation, path)
        if number % PROGRESS == 0:
            print(f"{number}/{len(paths)} workbooks, {changed} leaves", file=sys.stderr)
    took = (time.perf_counter() - start) / len(others)
    if changed != LEAVES * len(paths):
        sys.exit(f"{changed} leaves were taken in, not {LEAVES * len(paths)}")
    return took, peak, after_first, rss()


def measure(name: str, url: str) -> tuple[object, ...]:
    """Print what a database says of sheets one by one, and return the cells that tell of all of them in one workbook."""
    store = open_store(url)
    try:
        obligations = build(store)
        seen, typed = one_change(store, obligations[0])
        with tempfile.TemporaryDirectory() as folder:
            took, peak, first, last = imported(store, obligations[1:], Path(folder))
            size, to_write, to_read, whole, changed = booked(store, 1, Path(folder))
    finally:
        store.close()
    tables = ", ".join(f"{table} {rows}" for table, rows in seen)
    single = (f"{1000 * took:.0f} ms", f"{peak:.1f} MB", f"{first:.0f} → {last:.0f} MB")
    row(name, f"{typed:.1f} ms", len(seen), sum(rows for _, rows in seen), tables, *single)
    ratios = (f"{to_read / size:.1f}", f"{to_read / peak:.1f}", f"{whole / (took * len(obligations)):.2f}")
    return (name, changed, f"{size:.1f} MB", f"{to_write:.1f} MB", f"{to_read:.1f} MB", *ratios)


def main() -> None:
    """Print the two tables."""
    single = ("one change", "statements that write", "rows", "which", "a workbook", "most held for one", "process, first → last")
    begin("database", *single, about=f"{UNITS} units × {LEAVES} leaves, one typed by hand, the others by workbook")
    books = [measure(name, url) for name, url in each_database()]
    print("all of them in one workbook")
    held = ("held to write", "held to read", "× the file", "× one unit's", "time, × the others'")
    head("database", "leaves changed", "file", *held)
    for cells in books:
        row(*cells)


if __name__ == "__main__":
    main()
