"""
What `verify` asks of inspections: the draws can be repeated, texts and decisions are those of the journal, links are whole.

Each finding is one sentence that names the row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.inspections.drawing import draw
from evaluation.obligations import FINAL
from store.commands.inspections.drawing import draw_facts
from store.commands.inspections.holding import Hours
from store.findings import FOLLOWING, REINSPECTION, REMEDY, read_findings
from store.schema import FINDING, INSPECTION, INSPECTION_DRAW, JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from store.findings import FindingFacts

_TOLD = ("draw-inspections", "write-minutes", "conclude-inspection", "claim-remedy", "reinspect", "close-finding")
#: What the journal says was done: (action, whose) → payloads in order.
Said = dict[tuple[str, object], list[dict[str, Any]]]


def inspection_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield every way in which the inspections of a cycle do not hold."""
    if connection.execute(select(INSPECTION.c.obligation_id).where(INSPECTION.c.cycle_id == cycle).limit(1)).first() is None:
        said: Said = {}
    else:
        said = _said(connection, cycle)
    yield from _draws(connection, cycle)
    yield from _texts(connection, cycle, said=said)
    for found in read_findings(connection, FINDING.c.cycle_id == cycle):
        yield from _of_finding(found, said=said)


def _said(connection: Connection, cycle: int) -> Said:
    query = select(JOURNAL.c.action, JOURNAL.c.obligation_id, JOURNAL.c.payload)
    rows = connection.execute(query.where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action.in_(_TOLD)).order_by(JOURNAL.c.number))
    said: Said = defaultdict(list)
    for row in rows:
        payload = orjson.loads(row.payload)
        said[row.action, payload.get("finding", row.obligation_id)].append(payload)
    return said


def _draws(connection: Connection, cycle: int) -> Iterator[str]:
    query = select(JOURNAL.c.payload).where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action == "draw-inspections")
    told = {payload["draw"]: payload for payload in map(orjson.loads, connection.execute(query).scalars())}
    for row in connection.execute(select(INSPECTION_DRAW).where(INSPECTION_DRAW.c.cycle_id == cycle)):
        pool, result = orjson.loads(row.pool), orjson.loads(row.result)
        if list(draw(pool, seed=row.seed, wanted=row.wanted)) != result:
            yield f"draw {row.id} of inspections does not come to what its seed and pool give"
        journaled = told.get(row.id, {})
        facts = draw_facts(seed=row.seed, pool=pool, result=result, secret="content" in journaled)
        if {name: journaled.get(name) for name in facts} != facts:
            yield f"draw {row.id} of inspections differs from its journal"


def _texts(connection: Connection, cycle: int, *, said: Said) -> Iterator[str]:
    for row in connection.execute(select(INSPECTION).where(INSPECTION.c.cycle_id == cycle).order_by(INSPECTION.c.obligation_id)):
        minutes = said.get(("write-minutes", row.obligation_id), [])
        hours = Hours(began=row.began, ended=row.ended).told
        held = None if row.held_on is None else (row.held_on.isoformat(), row.minutes, _digest(row.minutes_text), hours)
        if held != ((*_told(minutes[-1], "held_on"), _hours(minutes[-1])) if minutes else None):
            yield f"the minutes of inspection {row.obligation_id} differ from its journal"
        conclusions = said.get(("conclude-inspection", row.obligation_id), [])
        issued = None if row.concluded_on is None else (row.concluded_on.isoformat(), row.conclusions, _digest(row.conclusions_text))
        if issued != (_told(conclusions[-1], "on") if conclusions else None):
            yield f"the conclusions of inspection {row.obligation_id} differ from its journal"
        texts = connection.execute(
            select(FINDING.c.text).where(FINDING.c.inspection_id == row.obligation_id, FINDING.c.added_by.is_(None)).order_by(FINDING.c.id)
        ).scalars()
        if conclusions and [_digest(text) for text in texts] != conclusions[-1]["found"]:
            yield f"the findings of inspection {row.obligation_id} differ from its journal"


def _hours(payload: dict[str, Any]) -> dict[str, str]:
    return {name: payload[name] for name in ("began", "ended") if name in payload}


def _told(payload: dict[str, Any], on: str) -> tuple[Any, ...]:
    return payload[on], payload["document"], payload["content"]


def _of_finding(found: FindingFacts, *, said: Said) -> Iterator[str]:
    closed = said.get(("close-finding", found.key), [])
    if (found.closed_why, found.closed_basis) != ((closed[-1]["reason"], closed[-1]["basis"]) if closed else ("", "")):
        yield f"finding {found.key} is closed otherwise than its journal says"
    for kind, action, word in ((REMEDY, "claim-remedy", "claim"), (REINSPECTION, "reinspect", "outcome")):
        journaled = said.get((action, found.key), [])
        last = next((step for step in reversed(found.of(kind)) if step.said), None)
        if (last.said if last else None, _digest(last.note) if last else None) != (
            (journaled[-1][word], journaled[-1]["content"]) if journaled else (None, None)
        ):
            yield f"the {kind} of finding {found.key} says otherwise than its journal"
    owed = [step.obligation.id for step in found.of(REMEDY) if step.obligation.state not in FINAL]
    if len(owed) > 1:
        yield f"finding {found.key} has more than one remedy that is owed: {', '.join(map(str, owed))}"
    if found.closed_at is not None and any(step.obligation.state not in FINAL for kind in FOLLOWING for step in found.of(kind)):
        yield f"finding {found.key} is closed, and something of it is still owed"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
