"""Upkeep: the repairs that the engine asks of the standing body, as obligations of the built-in stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.obligations import FINAL, State
from evaluation.terms import Dates, TermReason, new_term
from store.locks import hold_stage
from store.raising import Raised, raise_obligations
from store.schema import OBLIGATION
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.terms import Term
    from store.session import Transaction
    from store.years import Year


def ask_upkeep(transaction: Transaction, year: Year, subjects: Sequence[str]) -> None:
    """Raise a repair for each subject that has none open; one that was mended and broke again gets a further number."""
    if not subjects:
        return
    stage = year.stage(UPKEEP)
    hold_stage(transaction.connection, stage.id)
    rows = transaction.connection.execute(select(OBLIGATION.c.subject, OBLIGATION.c.state).where(OBLIGATION.c.stage_id == stage.id)).all()
    known = {row.subject: State(row.state) in FINAL for row in rows}
    wanted = [fresh for subject in subjects if (fresh := _fresh(subject, known)) is not None]
    raised = [Raised(party=stage.receiver, subject=subject) for subject in wanted]
    raise_obligations(transaction, year, stage=stage.id, raised=raised, term=_term(transaction, year))


def _fresh(subject: str, known: dict[str, bool]) -> str | None:
    """Return the subject to raise, or None if such a repair is open."""
    number, name = 1, subject
    while name in known:
        if not known[name]:
            return None
        number += 1
        name = f"{subject}/{number}"
    return name


def _term(transaction: Transaction, year: Year) -> Term:
    return new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=Dates(opens_at=transaction.now), now=transaction.now)
