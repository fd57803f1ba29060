"""Local dates and times of an authority."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date, datetime

    from store.queries.people import AuthorityFacts


def today_of(authority: AuthorityFacts, now: datetime) -> date:
    """Return the local date of an authority at an instant."""
    return now.astimezone(ZoneInfo(authority.zone)).date()


def local(at: datetime, *, zone: str) -> datetime:
    """Return an instant as the clock on an authority's wall shows it."""
    return at.astimezone(ZoneInfo(zone))
