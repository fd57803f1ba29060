"""Windows of time in which tries and refusals are counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


def window_start(clock: datetime, window: timedelta) -> datetime:
    """Return when the window began in which a moment lies."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(clock.timestamp()) // seconds * seconds, tz=UTC)
