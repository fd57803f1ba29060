"""Improvement held against the journal: weak criteria as they were taken in, measures and progress as they were said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from store.commands.improvement.measures import PLAN, measure_digest
from store.commands.improvement.progress import REPORT
from store.commands.improvement.weak import CORRECT, IMPORT, row_facts
from store.schema import JOURNAL, MEASURE, MEASURE_PROGRESS, WEAK_CRITERION
from store.unit_work import text_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def improvement_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield how weak criteria, measures and their progress differ from the cycle's journal."""
    said = _said(connection, cycle)
    yield from _weak(connection, cycle, said[IMPORT], corrected=said[CORRECT])
    yield from _measures(connection, cycle, said)


def _said(connection: Connection, cycle: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {IMPORT: [], CORRECT: [], PLAN: [], REPORT: []}
    query = select(JOURNAL.c.action, JOURNAL.c.payload).where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action.in_(found))
    for action, payload in connection.execute(query.order_by(JOURNAL.c.number)):
        found[action].append(orjson.loads(payload))
    return found


def _weak(connection: Connection, cycle: int, said: list[dict[str, Any]], *, corrected: list[dict[str, Any]]) -> Iterator[str]:
    journaled = [[entry["version"], *row] for entry in said for row in entry["rows"]]
    for change in (change for entry in corrected for change in entry["rows"]):
        if change["was"] in journaled:
            journaled[journaled.index(change["was"])] = change["now"]
        else:
            yield f"cycle {cycle}: a weak criterion was corrected that was not taken in so"
    rows = connection.execute(select(WEAK_CRITERION).where(WEAK_CRITERION.c.cycle_id == cycle).order_by(WEAK_CRITERION.c.id)).all()
    for row in rows:
        facts = [row.version_id, *row_facts(dict(row._mapping))]
        if facts in journaled:
            journaled.remove(facts)
        else:
            yield f"weak criterion {row.id} was not taken in as it is"
    if journaled:
        yield f"cycle {cycle}: {len(journaled)} weak criteria are in the journal and nowhere else"


def _measures(connection: Connection, cycle: int, said: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    planned = {entry["measure"]: entry for entry in said[PLAN]}
    for row in connection.execute(select(MEASURE).where(MEASURE.c.cycle_id == cycle).order_by(MEASURE.c.id)):
        entry = planned.pop(row.id, None)
        if entry is None or (entry["obligation"], entry["content"]) != (row.obligation_id, measure_digest(row.text, row.answers)):
            yield f"measure {row.id} was not planned as it is"
    for ident in sorted(planned):
        yield f"measure {ident} is in the journal and nowhere else"
    told = {(measure, number): entry for entry in said[REPORT] for measure, number in entry["progress"]}
    query = select(MEASURE_PROGRESS).join(MEASURE, MEASURE.c.id == MEASURE_PROGRESS.c.measure_id).where(MEASURE.c.cycle_id == cycle)
    for row in connection.execute(query.order_by(MEASURE_PROGRESS.c.id)):
        entry = told.pop((row.measure_id, row.number), None)
        if entry is None or (entry["percent"], entry["content"]) != (row.percent, text_digest(row.remark)):
            yield f"measure {row.measure_id}: progress {row.number} was not reported as it is"
    for measure, number in sorted(told):
        yield f"measure {measure}: progress {number} is in the journal and nowhere else"
