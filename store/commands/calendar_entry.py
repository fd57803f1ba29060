"""Entering the working days of a year: the calendar of an authority with that year as it was decided, or as it is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.calendar_files import shipped_calendar
from config.calendar_years import with_year
from evaluation.workdays import YearStatus
from store.calendars import load_calendar
from store.commands.authorities import enter_calendar
from store.locks import hold_authority
from store.queries.people import newest_calendar
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from evaluation.workdays import Calendar, ListedDay
    from store.session import Store, Transaction


class DecidedYearError(RefusalError):
    """A year that is decided is not made a projection again."""


def calendar_of(store: Store, connection: Connection, authority: int) -> Calendar:
    """Return the calendar that an authority entered last; the shipped one if it never entered any."""
    newest = newest_calendar(connection, authority)
    return shipped_calendar() if newest is None else load_calendar(store, connection, newest)


def enter_year(  # noqa: PLR0913  whose, which year, how it is
    store: Store, transaction: Transaction, authority: int, *, year: int, days: Iterable[ListedDay], status: YearStatus
) -> Calendar:
    """
    Enter a year's days for an authority and return its calendar; running cycles keep the one they have until they are replanned.

    Raises:
        DecidedYearError: the year is decided already, and these days are a projection.

    """
    hold_authority(transaction.connection, authority)
    before = calendar_of(store, transaction.connection, authority)
    if status is YearStatus.PROJECTED and before.status(year) is YearStatus.DECIDED:
        vi = f"lịch {year} đã quyết định; dự kiến không thay được, hãy nhập ngày theo quyết định (--file, `days`)"
        raise DecidedYearError(vi, f"{year} is decided; a projection cannot replace it, give the days of the decision (--file, `days`)")
    calendar = with_year(before, year=year, days=days, status=status)
    enter_calendar(transaction, authority=authority, calendar=calendar)
    return calendar
