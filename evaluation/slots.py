"""Slots: when a mail may leave. Working days, from the slot's time of day until the end of the mailing day."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from evaluation.workdays import ONE_DAY

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.workdays import Calendar

EVENING = time(18, 0)  #: after it, what waits for the slot waits for the next working day


def slot_at(now: datetime, *, calendar: Calendar, opens: time) -> datetime:
    """
    Return the slot in which something decided now leaves: today's if today is worked and the evening has not come, else the next.

    A slot is named by its opening instant (UTC); within the day it stays open, so a tick a minute late loses no day.
    """
    local = now.astimezone(calendar.zone)
    today = local.date()
    if local.time() >= EVENING or not calendar.is_workday(today):
        today = calendar.roll_forward(today + ONE_DAY)
    return calendar.instant(today, opens)


def may_leave(now: datetime, *, calendar: Calendar, opens: time, closes: time) -> bool:
    """
    Return whether what waits for the slot may leave now: today is worked, and the local time is in [opens, closes).

    A day that would close before it opens closes at midnight: what has a slot may always leave at it, whatever the settings.

    Raises:
        UnknownYearError: the calendar does not hold the year.

    """
    local = now.astimezone(calendar.zone)
    at = local.time()
    return at >= opens and (at < closes or closes <= opens) and calendar.is_workday(local.date())
