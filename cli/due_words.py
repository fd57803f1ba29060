"""By when, and whose date it is, as a row of obligations says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language import said
from cli.output import text
from evaluation.obligations import State
from evaluation.terms import Turn

if TYPE_CHECKING:
    from store.queries.obligations import ObligationLine


def due_said(row: ObligationLine) -> str:
    """Return by when the party owes or owed it, and, while others review, until when they are to: never the one for the other."""
    if row.suspended or row.turn is Turn.PARTY:
        return text(row.due_on)
    review = text(row.due_on) if row.state is State.SUBMITTED else ""
    parts = (text(row.own_due_on), said(f"xem xét đến {review}", f"review until {review}") if review else "")
    return "; ".join(part for part in parts if part)
