"""
Index and ranking of 10,000 units × 100 leaves, against the same sums in bare SQL in the same run.

Bare: one pass that adds up the points of each unit and of its fields, and ranks the units by what they come to. Ours: the same rows read,
held against range and set, summed exactly, indexes of units and fields, places, ties, gaps and means. The ratio is the figure.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from datetime import time as time_of_day
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from benchmarks.machine import each_database
from benchmarks.tables import begin, row
from benchmarks.years import synthetic_year
from config.calendar_files import shipped_calendar
from evaluation.criteria.sets import CriteriaSet, Node, Scoring
from evaluation.scores.exemptions import Scope
from evaluation.scores.ranking import rank_units
from evaluation.scores.settings import ResultRules
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.migrating import migrate
from store.queries.results import standings
from store.results import MeasuredUnit
from store.schema import SCORE
from store.session import open_store

if TYPE_CHECKING:
    from store.session import Store

UNITS, FIELDS, LEAVES = 10_000, 8, 100
CALENDAR = shipped_calendar()
NOW = CALENDAR.instant(date(2025, 1, 2), time_of_day(7, 0))
SLICE = 200  #: units that are written at once
_POINTS = "CAST(COALESCE(final, appraised, self_score) AS NUMERIC)"
_SUMS = ", ".join(f"SUM(CASE WHEN node LIKE '{field}.%' THEN {_POINTS} ELSE 0 END) AS f{field}" for field in range(1, FIELDS + 1))
BARE = f"""
WITH unit AS (SELECT party_id, SUM({_POINTS}) AS points, {_SUMS} FROM score WHERE cycle_id = :cycle GROUP BY party_id)
SELECT unit.*, RANK() OVER (ORDER BY points DESC) AS place FROM unit
"""


def criteria() -> CriteriaSet:
    """Return a set of so many leaves of one point each, spread over the fields."""
    scoring = Scoring()
    fields = tuple(
        Node(
            key=str(field),
            title=f"Lĩnh vực {field}",
            children=tuple(
                Node(key=f"{field}.{number}", title=f"Mục {number}", maximum=Decimal(1), scoring=scoring)
                for number in range(1, LEAVES + 1)
                if number % FIELDS == field % FIELDS
            ),
        )
        for field in range(1, FIELDS + 1)
    )
    return CriteriaSet(key="thu/1", title="Thử", fields=fields)


def build(store: Store, made: CriteriaSet) -> tuple[int, list[MeasuredUnit]]:
    """Launch a year, score every leaf of every unit, and return the cycle and its units."""
    yaml, roster = synthetic_year(UNITS, 1)
    migrate(store)
    with store.transaction(now=NOW) as transaction:
        authority = found_authority(transaction, key="thu", name="thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        cycle = launch(store, transaction, Launch(authority="thu", plan_yaml=yaml, year=2025, calendar=CALENDAR)).cycle
        connection = transaction.connection
        parties = connection.execute(text('SELECT id, key FROM party WHERE "group" = :g ORDER BY id'), {"g": "don-vi"}).all()
        nodes = [leaf.key for field in made.fields for leaf in field.children]
        empty: dict[str, object] = {"authority_id": authority, "cycle_id": cycle, "version": 1, "answers": False}
        empty |= dict.fromkeys(("explanation", "ruling", "ruling_why", "remark", "returned"), "")
        for start in range(0, len(parties), SLICE):
            rows = [
                {**empty, "party_id": party.id, "node": node, "self_score": "1", "appraised": _points(party.id, place)}
                for party in parties[start : start + SLICE]
                for place, node in enumerate(nodes)
            ]
            connection.execute(insert(SCORE), rows)
    units = [
        MeasuredUnit(party=party.id, name=party.key, special=False, scope=Scope(cycle="c", unit=party.key, criteria=made, group="don-vi"))
        for party in parties
    ]
    return cycle, units


def _points(unit: int, place: int) -> str:
    """Return points below one that differ from unit to unit."""
    return f"0.{(unit * 7919 + place * 104_729 + unit * place) % 999 + 1:03}"


def ours(store: Store, cycle: int, units: list[MeasuredUnit]) -> float:
    """Return how long index and ranking take."""
    rules = ResultRules()
    start = time.perf_counter()
    with store.reading() as connection:
        found = standings(connection, cycle, units, rules=rules)
        tables = rank_units((one.totals.contender(key, group="don-vi") for key, one in found.items()), rules=rules.ranking)
    took = time.perf_counter() - start
    if sum(len(table.lines) for table in tables) != UNITS:
        sys.exit("not every unit was ranked")
    return took


def bare(store: Store, cycle: int) -> float:
    """Return how long the same sums take in bare SQL."""
    start = time.perf_counter()
    with store.reading() as connection:
        rows = connection.execute(text(BARE), {"cycle": cycle}).all()
    took = time.perf_counter() - start
    if len(rows) != UNITS:
        sys.exit("not every unit was summed")
    return took


def measure(name: str, url: str) -> None:
    """Print a line of the table for a database."""
    store = open_store(url, durable=False)
    try:
        cycle, units = build(store, criteria())
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        plain = min(bare(store, cycle) for _ in range(2))
        made = min(ours(store, cycle, units) for _ in range(2))
    finally:
        store.close()
    row(name, f"{made:.2f} s", f"{plain:.2f} s", f"{made / plain:.2f}")


def main() -> None:
    """Print the table."""
    begin("database", "index and ranking", "the same sums in bare SQL", "ratio (bound 3)", about=f"{UNITS} units × {LEAVES} leaves")
    for name, url in each_database():
        measure(name, url)


if __name__ == "__main__":
    main()
