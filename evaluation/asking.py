"""
Asking: a report that somebody asks for, ad hoc or thematic: its deadline, its name, how far it is.

A period in hours begins at the moment of the request and ends at the minute it comes to, whatever the day (Civil Code 2015, article 147.1):
it is an instant and does not roll. A period in days leaves out the day of the request and rolls forward (articles 147-148). A date with an
hour of its own is taken as it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.due_rules import DayUnit, end_of
from evaluation.terms import due_after
from evaluation.workdays import ONE_DAY

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from evaluation.terms import Term
    from evaluation.workdays import Calendar

MINUTE = timedelta(minutes=1)
#: Longer than this nobody counts in hours.
MOST_HOURS = 240
MOST_DAYS = 366


class RequestKind(StrEnum):
    """What sort of report is asked for (NĐ 09/2019/NĐ-CP)."""

    AD_HOC = "ad_hoc"  #: báo cáo đột xuất
    THEMATIC = "thematic"  #: báo cáo chuyên đề


class RequestState(StrEnum):
    """How far a request is; derived from its obligations, stored nowhere but for a cancellation."""

    UNDER_WAY = "under_way"  #: somebody has still to answer
    ANSWERED = "answered"  #: everybody has answered, or need not any more
    CANCELLED = "cancelled"  #: taken back, with a reason


class Count(StrEnum):
    """In what a period from now is counted."""

    HOURS = "hours"  #: giờ
    WORKING = "working"  #: ngày làm việc
    CALENDAR = "calendar"  #: ngày


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """A deadline as a period from the moment of the request."""

    count: int
    unit: Count


@dataclass(frozen=True, kw_only=True, slots=True)
class By:
    """A deadline as a local date, which ends at 24:00 or at an hour of its own."""

    on: date
    at: time | None = None


Deadline = Within | By


def deadline_of(asked: Deadline, *, now: datetime, calendar: Calendar) -> By:
    """Return the date and hour that a deadline comes to; a period in hours is rounded up to the full minute."""
    if isinstance(asked, By):
        return asked
    if asked.unit is Count.HOURS:
        return _of_instant(now + timedelta(hours=asked.count), calendar=calendar)
    unit = DayUnit.WORKING if asked.unit is Count.WORKING else DayUnit.CALENDAR
    due_on = due_after(asked.count, unit=unit, calendar=calendar, now=now).due_on
    assert due_on is not None  # noqa: S101  a counted period ends
    return By(on=due_on)


def _of_instant(end: datetime, *, calendar: Calendar) -> By:
    local = end.astimezone(calendar.zone)
    whole = local.replace(second=0, microsecond=0)
    if whole < local:
        whole += MINUTE
    if (whole.hour, whole.minute) == (0, 0):
        return By(on=whole.date() - ONE_DAY)
    return By(on=whole.date(), at=whole.time())


def instant_of(by: By, *, calendar: Calendar) -> datetime:
    """Return the instant (UTC) from which a deadline is over."""
    return end_of(by.on, at=by.at, calendar=calendar)


def must_be_told_at_once(term: Term, *, slot_on: date) -> bool:
    """Return whether the word of a new term may not wait for a slot: it is due on the slot's own local date, or before it."""
    return term.due_on is not None and term.due_on <= slot_on


def request_key(number: int) -> str:
    """Return how the request of that number is called in its cycle, and its obligations after it: `YC-03`."""
    return f"YC-{number:02}"


def request_state(*, cancelled: bool, total: int, answered: int) -> RequestState:
    """Return how far a request is, of so many obligations so many of which are answered or no longer owed."""
    if cancelled:
        return RequestState.CANCELLED
    return RequestState.ANSWERED if answered >= total else RequestState.UNDER_WAY
