"""Requests held against the journal: each is there as it was asked, with what was raised for it, and cancelled only by an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from store.commands.asking import ASK, CANCEL, content_digest
from store.schema import JOURNAL, OBLIGATION, REPORT_REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def request_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield how the requests of a cycle differ from its journal."""
    asked, cancelled = _entries(connection, cycle)
    owed = _owed(connection, cycle)
    rows = connection.execute(select(REPORT_REQUEST).where(REPORT_REQUEST.c.cycle_id == cycle).order_by(REPORT_REQUEST.c.id)).all()
    for row in rows:
        entry = asked.pop(row.id, None)
        if entry is None:
            yield f"request {row.id} is not in the journal"
            continue
        if entry["content"] != content_digest(row):
            yield f"request {row.id} says something else than when it was asked"
        if lost := set(entry["obligations"]) - owed.get((row.stage_id, row.key), set()):
            yield f"request {row.id}: obligations {', '.join(map(str, sorted(lost)))} do not answer it"
        if (row.cancelled_at is not None) != (row.id in cancelled):
            yield f"request {row.id} is {'' if row.cancelled_at else 'not '}cancelled, its journal says otherwise"
    for ident in sorted(asked):
        yield f"request {ident} is in the journal and nowhere else"


def _entries(connection: Connection, cycle: int) -> tuple[dict[int, dict[str, Any]], set[int]]:
    query = select(JOURNAL.c.action, JOURNAL.c.payload).where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action.in_([ASK, CANCEL]))
    asked: dict[int, dict[str, Any]] = {}
    cancelled: set[int] = set()
    for action, payload in connection.execute(query):
        said = orjson.loads(payload)
        if action == ASK:
            asked[said["request"]] = said
        else:
            cancelled.add(said["request"])
    return asked, cancelled


def _owed(connection: Connection, cycle: int) -> dict[tuple[int, str], set[int]]:
    stages = select(REPORT_REQUEST.c.stage_id).where(REPORT_REQUEST.c.cycle_id == cycle)
    query = select(OBLIGATION.c.stage_id, OBLIGATION.c.subject, OBLIGATION.c.id).where(OBLIGATION.c.stage_id.in_(stages))
    found: dict[tuple[int, str], set[int]] = {}
    for stage, subject, ident in connection.execute(query):
        found.setdefault((stage, subject), set()).add(ident)
    return found
