"""The history of a leaf, read for people: who changed which of its values, when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.scores.showing import HIDDEN_CHANGES
from store.queries.names import contact_names
from store.schema import PARTY, SCORE_CHANGE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One value of a leaf was changed."""

    at: datetime
    who: str  #: name; empty: erased, or the system
    contact: int | None
    what: str
    old: str
    new: str
    why: str
    version: int


def leaf_history(connection: Connection, *, cycle: int, party: str, node: str, hidden: bool = False) -> list[ChangeLine]:
    """Return what was changed about a leaf, oldest first: who, when, old, new, why; where they are hidden without what appraisers gave."""
    query = select(SCORE_CHANGE).join(PARTY, PARTY.c.id == SCORE_CHANGE.c.party_id).order_by(SCORE_CHANGE.c.id)
    query = query.where(SCORE_CHANGE.c.what.not_in(HIDDEN_CHANGES)) if hidden else query
    rows = connection.execute(query.where(SCORE_CHANGE.c.cycle_id == cycle, PARTY.c.key == party, SCORE_CHANGE.c.node == node)).all()
    names = contact_names(connection, [row.contact_id for row in rows if row.contact_id is not None])
    return [
        ChangeLine(
            at=row.at,
            who=names.get(row.contact_id, ""),
            contact=row.contact_id,
            what=row.what,
            old=row.old,
            new=row.new,
            why=row.why,
            version=row.version,
        )
        for row in rows
    ]
