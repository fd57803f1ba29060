"""Raising obligations: the rows of new ones, in bulk, each with its first term and its entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from evaluation.actions import Write
from evaluation.encoding import encode_actions
from evaluation.obligations import Obligation, next_at
from store.journal import Entry
from store.lives import term_row
from store.schema import OBLIGATION, TERM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evaluation.terms import Term
    from store.session import Transaction
    from store.years import Year


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """A new obligation: who owes, and about what."""

    party: int
    subject: str
    visible_from: datetime | None = None
    released: bool = True  #: its stage waits for nothing (any more)


def raise_obligations(transaction: Transaction, year: Year, *, stage: int, raised: Sequence[Raised], term: Term) -> list[int]:
    """Insert the obligations of one stage with the same first term and return their ids, in order."""
    if not raised:
        return []
    key = year.stages[stage].key
    first = Obligation(id=0, stage=key, party=0, subject="", terms=(term,))
    due = next_at(first)
    rows = [_row(one, year=year, stage=stage, next_at=due if one.released else None) for one in raised]
    statement = insert(OBLIGATION).returning(OBLIGATION.c.id, sort_by_parameter_order=True)
    ids = [int(ident) for ident in transaction.connection.execute(statement, rows).scalars()]
    transaction.connection.execute(insert(TERM), [term_row(ident, term) for ident in ids])
    written = encode_actions([Write(term=term)])
    for ident, one in zip(ids, raised, strict=True):
        payload: dict[str, Any] = {"party": one.party, "subject": one.subject, "released": one.released, "actions": written}
        if one.visible_from is not None:
            payload["visible_from"] = one.visible_from.isoformat()
        entry = Entry(authority=year.authority, action="raise", cycle=year.cycle, stage=stage, obligation=ident, move=0, payload=payload)
        transaction.entries.append(entry)
    return ids


def _row(one: Raised, *, year: Year, stage: int, next_at: datetime | None) -> dict[str, Any]:
    return {
        "authority_id": year.authority,
        "cycle_id": year.cycle,
        "stage_id": stage,
        "party_id": one.party,
        "subject": one.subject,
        "state": "scheduled",
        "suspended": False,
        "released": one.released,
        "rounds": 0,
        "moves": 0,
        "term": 1,
        "next_at": next_at,
        "visible_from": one.visible_from,
    }
