"""By when, and whose date it is, as a row of obligations says it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.language import said
from cli.output import text
from evaluation.obligations import State
from evaluation.terms import Turn

if TYPE_CHECKING:
    from datetime import date, datetime

    from store.queries.obligations import ObligationLine


def due_said(row: ObligationLine) -> str:
    """Return by when the party owes or owed it, and, while others review, until when they are to: never the one for the other."""
    if row.suspended or row.turn is Turn.PARTY:
        return local_due(row.due_on, row.due_at, zone=row.zone)
    review = text(row.due_on) if row.state is State.SUBMITTED else ""
    parts = (
        local_due(row.own_due_on, row.own_due_at, zone=row.zone),
        said(f"xem xét đến {review}", f"review until {review}") if review else "",
    )
    return "; ".join(part for part in parts if part)


def local_due(due_on: date | None, due_at: datetime | None, *, zone: str, language: str = "") -> str:
    """Return a due date; one that does not end at 24:00 with its hour, as a sentence in the language given has it."""
    if due_on is None:
        return ""
    local = None if due_at is None else due_at.astimezone(ZoneInfo(zone))
    hour = "" if local is None or local.date() > due_on else f"{local:%H:%M}"
    if not language:
        return f"{text(due_on)} {hour}".rstrip()
    day = f"{due_on:%d/%m/%Y}" if language == "vi" else due_on.isoformat()
    whole = ("hết ngày ", "")[language != "vi"]
    return f"{hour} {day}" if hour else f"{whole}{day}"
