"""
Working days: which local dates count, and how to count them.

The calendar is dated data, not a formula (Labour Code 2019, articles 111-112; yearly swap decisions):
a weekday is worked unless it is listed `off`; a Saturday or Sunday is off unless it is listed `makeup_workday`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MIDNIGHT = time(0, 0)


class DayKind(StrEnum):
    """What a listed date is."""

    OFF = "off"  #: a holiday, or a working day swapped for a rest day
    MAKEUP_WORKDAY = "makeup_workday"  #: a rest day worked against a swapped one


class YearStatus(StrEnum):
    """How sure a year's working days are."""

    DECIDED = "decided"  #: holidays and swaps of the year are as decided
    PROJECTED = "projected"  #: computed ahead of the decision; dates that rest on it are marked
    UNKNOWN = "unknown"  #: no data; every question about it is refused


class UnknownYearError(LookupError):
    """A date was asked of a year whose working days the calendar does not hold."""

    def __init__(self, year: int, *, known: Iterable[int]) -> None:
        """Keep the year asked for and the years that are there."""
        self.year = year
        self.known = tuple(sorted(known))
        span = f"{self.known[0]}-{self.known[-1]}" if self.known else "none"
        super().__init__(
            f"the working days of {year} are unknown (the calendar holds: {span}); import them with `dondoc calendar import --year {year}`"
        )


@dataclass(frozen=True, kw_only=True)
class ListedDay:
    """One date that differs from its weekday, with where we know it from."""

    on: date
    kind: DayKind
    name: str
    source: str
    decision: str = ""  #: number of the decision; empty where the data has none
    entered_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """
    Working days of some years in one time zone.

    Asked about a year that is `unknown` or absent, every method raises `UnknownYearError`: a guessed date is worse than none.
    """

    version: str
    days: tuple[ListedDay, ...]
    years: Mapping[int, YearStatus]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))

    @cached_property
    def _kinds(self) -> dict[date, DayKind]:
        return {day.on: day.kind for day in self.days}

    def status(self, year: int) -> YearStatus:
        """Return how sure the year is; a year that is not listed is `unknown`."""
        return self.years.get(year, YearStatus.UNKNOWN)

    def is_workday(self, on: date) -> bool:
        """Return whether offices work on that local date."""
        if self.status(on.year) is YearStatus.UNKNOWN:
            raise UnknownYearError(on.year, known=(y for y, s in self.years.items() if s is not YearStatus.UNKNOWN))
        kind = self._kinds.get(on)
        return on.weekday() < SATURDAY if kind is None else kind is DayKind.MAKEUP_WORKDAY

    def roll_forward(self, on: date) -> date:
        """Return the date itself if worked, else the next working day (Civil Code 2015, article 148.5)."""
        while not self.is_workday(on):
            on += ONE_DAY
        return on

    def roll_back(self, on: date) -> date:
        """Return the date itself if worked, else the working day before."""
        while not self.is_workday(on):
            on -= ONE_DAY
        return on

    def add_workdays(self, on: date, count: int) -> date:
        """
        Return the working day `count` working days after (before, if negative) the date.

        The date itself is never counted (Civil Code 2015, article 147). Zero gives the date unchanged.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            on += step
            left -= self.is_workday(on)
        return on

    def workdays(self, first: date, end: date) -> Iterator[date]:
        """Return the working days of the half-open span [first, end)."""
        on = first
        while on < end:
            if self.is_workday(on):
                yield on
            on += ONE_DAY

    def projected_in(self, first: date, end: date) -> bool:
        """Return whether any year touched by the span [first, end] is only projected."""
        return any(self.status(year) is YearStatus.PROJECTED for year in range(first.year, end.year + 1))

    def instant(self, on: date, at: time = MIDNIGHT) -> datetime:
        """Return the UTC instant of a local date and time of day: the one place where law's dates become instants."""
        return datetime.combine(on, at, tzinfo=self.zone).astimezone(ZoneInfo("UTC"))

    def last_date(self, end: datetime) -> date:
        """Return the last local date that a span contains which ends at the instant (half-open)."""
        return self.local_date(end - timedelta(microseconds=1))

    def local_date(self, at: datetime) -> date:
        """Return the local date of an aware instant."""
        return at.astimezone(self.zone).date()
