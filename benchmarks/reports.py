"""
The standing body's draft for 200 units, as facts and as .docx; and a quarter opened for 10,000 units against plain `executemany`.

The bounds: five seconds for the draft; for the opening the tick's own, three times `executemany` of the identical final rows, which here
hold the forms begun as well.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from benchmarks.tables import begin, head, row
from benchmarks.tick import CALENDAR, DATA, START, UNITS, longest_write, run_tick, warm
from config.loader import load_roster, parse_plan
from documents import drafting
from evaluation.papers import Purpose
from evaluation.reports.made_up import made_up_answers
from evaluation.scaling import scaled_roster
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.commands.reporting import save_answers
from store.migrating import migrate
from store.queries.report_facts import draft_paper, report_facts
from store.reports import draft_of, line_of
from store.schema import JOURNAL, NOTICE, OBLIGATION, REPORT_ANSWER, REPORT_FORM, RUNG
from store.session import Store, open_store
from tasks.room import STEP_SIZE

OPENS = CALENDAR.instant(date(2025, 3, 1), time_of_day(7, 30))
SENT = CALENDAR.instant(date(2025, 3, 12), time_of_day(9, 0))
DRAFTED_UNITS = 200
UP = (DATA / "chair-report-stage.yaml").read_text(encoding="utf-8")


def build(url: str, *, units: int) -> tuple[Store, int]:
    """Launch a year whose only work is a chain of reports with a form."""
    text = (DATA / "small-plan.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?s)  - key: plan\n.*", "", text)
    text = (
        text.replace("    deliverable: Báo cáo\n", "    report: {form: cchc-dinh-ky, feeds: report-up}\n    deliverable: Báo cáo\n", 1) + UP
    )
    roster = scaled_roster(load_roster(DATA / "small-roster.yaml"), plan=parse_plan(text, file="benchmark"), units=units)
    store = open_store(url)
    migrate(store)
    with store.transaction(now=START) as transaction:
        authority = found_authority(transaction, key="thu", name="thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        launched = launch(store, transaction, Launch(authority="thu", plan_yaml=text, year=2025, calendar=CALENDAR))
    return store, launched.cycle


def send_all(store: Store, cycle: int) -> None:
    """Let every unit send a report of made-up numbers."""
    with store.reading() as connection:
        query = select(OBLIGATION.c.id).join(REPORT_ANSWER, REPORT_ANSWER.c.obligation_id == OBLIGATION.c.id)
        ids = list(connection.execute(query.where(OBLIGATION.c.cycle_id == cycle)).scalars())
    with store.transaction(now=SENT) as transaction:
        line = line_of(store, transaction.connection, ids[0], now=SENT)
        for ident in ids:
            draft = draft_of(transaction.connection, ident, line=line)
            if draft is not None:
                answers = made_up_answers(draft.form, seed=str(ident), period="2025-Q1", begun=draft.answers)
                save_answers(store, transaction, ident, answers, seen=draft.version)
                moves.prepare(store, transaction, ident)
                moves.submit(store, transaction, ident)


def draft_seconds(folder: Path) -> tuple[float, float]:
    """Return the seconds of the facts of 200 units, and of the paper made of them."""
    store, cycle = build(f"sqlite:///{folder}/draft.db", units=DRAFTED_UNITS)
    run_tick(store, OPENS)
    send_all(store, cycle)
    start = time.perf_counter()
    with store.reading() as connection:
        facts = report_facts(store, connection, cycle, "2025-Q1", now=SENT)
        paper = draft_paper(store, connection, facts)
    read = time.perf_counter() - start
    drafting.draft(Purpose.REPORT, paper)
    store.close()
    return read, time.perf_counter() - start


def opening(folder: Path) -> tuple[int, float, float, float]:
    """Return how many forms a quarter's opening begins, its seconds, those of plain rows, and of the longest write."""
    store, _ = build(f"sqlite:///{folder}/one.db", units=UNITS)
    baseline, _ = build(f"sqlite:///{folder}/other.db", units=UNITS)
    warm(store)
    spans = longest_write(store)
    ticked = run_tick(store, OPENS)
    rows = final_rows(store)
    with baseline.transaction(now=OPENS) as transaction:
        with store.reading() as connection:
            kept = [dict(row._mapping) for row in connection.execute(select(REPORT_FORM))]
        transaction.connection.execute(insert(REPORT_FORM), kept)
    written = write_all(baseline, rows)
    store.close()
    baseline.close()
    return len(rows[REPORT_ANSWER]), ticked, written, max(spans)


def final_rows(store: Store) -> dict[Any, list[dict[str, Any]]]:
    """Return every row that the opening wrote."""
    with store.reading() as connection:
        begun = select(REPORT_ANSWER.c.obligation_id)
        moved = select(OBLIGATION).where(OBLIGATION.c.id.in_(begun))
        found = {OBLIGATION: [dict(row._mapping) for row in connection.execute(moved)]}
        found[REPORT_ANSWER] = [dict(row._mapping) for row in connection.execute(select(REPORT_ANSWER))]
        for table in (RUNG, NOTICE, JOURNAL):
            found[table] = [dict(row._mapping) for row in connection.execute(select(table).where(table.c.at == OPENS))]
    return found


def write_all(store: Store, rows: dict[Any, list[dict[str, Any]]]) -> float:
    """Write the same rows, all of them, with `executemany`, a transaction a slice, and return the seconds."""
    names = ("state", "moves", "term", "next_at")
    move = update(OBLIGATION).where(OBLIGATION.c.id == bindparam("b_id")).values({name: bindparam(f"v_{name}") for name in names})
    updates = [{"b_id": row["id"], **{f"v_{name}": row[name] for name in names}} for row in rows[OBLIGATION]]
    slices = -(-len(updates) // STEP_SIZE)
    written = 0
    start = time.perf_counter()
    for number in range(slices):
        with store.engine.connect().execution_options(dondoc_write=True) as connection, connection.begin():
            connection.execute(move, updates[number * STEP_SIZE : (number + 1) * STEP_SIZE])
            for table in (RUNG, NOTICE, JOURNAL, REPORT_ANSWER):
                here = rows[table][number * len(rows[table]) // slices : (number + 1) * len(rows[table]) // slices]
                if here:
                    written += len(here)
                    connection.execute(insert(table), here)
    seconds = time.perf_counter() - start
    assert written == sum(len(some) for table, some in rows.items() if table is not OBLIGATION), "every row is written"
    return seconds


def main() -> None:
    """Print the two tables."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        drafted = [draft_seconds(_room(folder, f"draft-{number}")) for number in range(times)]
        begin("units", "facts", "facts and .docx (bound 5 s)")
        facts, paper = (statistics.median(one) for one in zip(*drafted, strict=True))
        row(DRAFTED_UNITS, f"{facts:.2f} s", f"{paper:.2f} s")
        head("forms begun", "opening", "executemany", "ratio (bound 3)", "longest write (bound 1 s)")
        for number in range(times):
            forms, ticked, written, longest = opening(_room(folder, f"open-{number}"))
            row(forms, f"{ticked:.2f} s", f"{written:.2f} s", f"{ticked / written:.2f}", f"{longest:.2f} s")


def _room(folder: str, name: str) -> Path:
    room = Path(folder) / name
    room.mkdir()
    return room


if __name__ == "__main__":
    main()
