"""Predecessors in a year: the units whose self-assessment was passed on to a unit, and their sheets as they left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.transitions import Verb
from store.schema import JOURNAL, OBLIGATION, STAGE
from store.scores import read_sheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year


def predecessors_of(connection: Connection, cycle: int, party: int) -> tuple[int, ...]:
    """Return the units whose self-assessment came to a unit in a cycle, directly or through others, in the order of the hand-overs."""
    query = (
        select(OBLIGATION.c.party_id, JOURNAL.c.payload)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(JOURNAL, (JOURNAL.c.authority_id == OBLIGATION.c.authority_id) & (JOURNAL.c.obligation_id == OBLIGATION.c.id))
        .where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.state == State.TRANSFERRED.value, JOURNAL.c.action == Verb.TRANSFER.value)
        .where(STAGE.c.kind == StageKind.SELF_ASSESSMENT.value)
        .order_by(JOURNAL.c.number)
    )
    to: dict[int, int] = {}
    for row in connection.execute(query):
        heir = next((int(action["to"]) for action in orjson.loads(row.payload)["actions"] if action["do"] == "hand-over"), 0)
        to[row.party_id] = heir
    return tuple(old for old in to if _comes_to(old, party, to=to))


def _comes_to(old: int, party: int, *, to: dict[int, int]) -> bool:
    """Return whether what a unit owed ended up with another."""
    met: set[int] = set()
    while old in to and old not in met:
        met.add(old)
        old = to[old]
        if old == party:
            return True
    return False


def sheets_before(store: Store, connection: Connection, year: Year, party: int) -> tuple[UnitSheet, ...]:
    """Return the sheets of a unit's predecessors in a year, of those that had scored anything."""
    sheets = (read_sheet(store, connection, year, one) for one in predecessors_of(connection, year.cycle, party))
    return tuple(one for one in sheets if one is not None and any(entry.given is not None for entry in one.sheet.entries.values()))
