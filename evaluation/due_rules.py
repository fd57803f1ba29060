"""
Due rules: what a plan says about a date, and the date it comes to.

A rule's answer is a local date that is *included* ("đến hết ngày"): the obligation is in time until 24:00 of it,
or until the time of day where the plan gives one. `before: 20` ends with day 19, `by: 20` and `on: 20` with day 20.
Terms in days leave out the day of the event and, by default, roll forward (Civil Code 2015, articles 147-148);
fixed dates stand where they are unless the plan says otherwise.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.workdays import ONE_DAY, Calendar

if TYPE_CHECKING:
    from collections.abc import Mapping


class DayUnit(StrEnum):
    """In which days a period is counted."""

    CALENDAR = "calendar"  #: ngày
    WORKING = "working"  #: ngày làm việc


class Roll(StrEnum):
    """Where a date that falls on an off day goes."""

    NONE = "none"  #: stays
    FORWARD = "forward"  #: the next working day
    BACK = "back"  #: the working day before


class Words(StrEnum):
    """Which of the law's words names the day."""

    ON = "on"  #: ngày
    BY = "by"  #: chậm nhất ngày, đến hết ngày
    BEFORE = "before"  #: trước ngày: ends with the day before


class PeriodMonth(StrEnum):
    """Which month of a report period a day is counted in."""

    LAST = "last"  #: tháng cuối kỳ
    NEXT = "next"  #: the month after the period


@dataclass(frozen=True, kw_only=True, order=True)
class Period:
    """A part of a year that something is about: `2026-Q1`, `2026-M03`, `2026-H1`, `2026`."""

    year: int
    first_month: int
    last_month: int
    key: str

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        """Return quarter 1-4 of the year."""
        return cls(year=year, first_month=3 * number - 2, last_month=3 * number, key=f"{year}-Q{number}")

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """Return month 1-12 of the year."""
        return cls(year=year, first_month=number, last_month=number, key=f"{year}-M{number:02}")

    @classmethod
    def half(cls, year: int, number: int) -> Period:
        """Return half 1-2 of the year."""
        return cls(year=year, first_month=6 * number - 5, last_month=6 * number, key=f"{year}-H{number}")


@dataclass(frozen=True, kw_only=True)
class FixedDate:
    """A date in or around the evaluated year: `{by: Y+1-01-15}`."""

    words: Words
    year_offset: int  #: 0 the evaluated year, 1 the year after, -1 the year before
    month: int
    day: int  #: a day that the month lacks becomes its last (Civil Code 2015, article 148.3)
    at: time | None = None  #: the included date ends at this local time of day instead of 24:00
    roll: Roll = Roll.NONE


@dataclass(frozen=True, kw_only=True)
class PeriodDate:
    """A day of a report period's last (or next) month: `{before: 20, of: last}`."""

    words: Words
    day: int
    of: PeriodMonth = PeriodMonth.LAST
    at: time | None = None
    roll: Roll = Roll.NONE


@dataclass(frozen=True, kw_only=True)
class CountedPeriod:
    """So many days from an anchor's day, which is not counted: `{count: 15, unit: calendar, from: release}`."""

    count: int
    unit: DayUnit
    anchor: str  #: `launch`, `release`, `event`, or `<stage>.opens`, `<stage>.due`, `<stage>.locks`
    at: time | None = None
    roll: Roll = Roll.FORWARD


DueRule = FixedDate | PeriodDate | CountedPeriod


class MissingAnchorError(LookupError):
    """A counted period hangs on a moment that is not known yet."""

    def __init__(self, anchor: str) -> None:
        """Keep the anchor's name."""
        self.anchor = anchor
        super().__init__(f"the period is counted from “{anchor}”, which has no date yet")


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A rule's answer: the last included local date, and the instant from which it is too late."""

    last_on: date
    at: datetime  #: UTC; in time means strictly before it
    nominal_on: date  #: the included date before rolling
    projected: bool  #: rests on a year whose calendar is only projected


def in_month(year: int, month: int, day: int) -> date:
    """Return that day of the month, or the month's last day where it has no such day."""
    return date(year, month, min(day, months.monthrange(year, month)[1]))


def _included_day(rule: FixedDate | PeriodDate, *, year: int, period: Period | None) -> date:
    """Return the last day that is still in time, before rolling; "before day 1" is the last day of the month before."""
    day = rule.day - 1 if rule.words is Words.BEFORE and rule.day > 1 else rule.day
    named = _day_of(rule, day=day, year=year, period=period)
    return named - ONE_DAY if rule.words is Words.BEFORE and rule.day == 1 else named


def _day_of(rule: FixedDate | PeriodDate, *, day: int, year: int, period: Period | None) -> date:
    if isinstance(rule, FixedDate):
        return in_month(year + rule.year_offset, rule.month, day)
    if period is None:
        msg = f"a day of a period's month (day {rule.day}) needs a stage with periods"
        raise ValueError(msg)
    month = period.last_month + (rule.of is PeriodMonth.NEXT)
    return in_month(period.year + (month - 1) // 12, (month - 1) % 12 + 1, day)


def _nominal(rule: DueRule, *, year: int, period: Period | None, anchors: Mapping[str, date], calendar: Calendar) -> tuple[date, date]:
    """Return where counting starts and the included date before rolling."""
    if isinstance(rule, CountedPeriod):
        if rule.anchor not in anchors:
            raise MissingAnchorError(rule.anchor)
        start = anchors[rule.anchor]
        if rule.unit is DayUnit.WORKING:
            return start, calendar.add_workdays(start, rule.count)
        return start, date.fromordinal(start.toordinal() + rule.count)
    included = _included_day(rule, year=year, period=period)
    return included, included


def rolled(on: date, *, roll: Roll, calendar: Calendar) -> date:
    """Return the date where the policy puts it; `none` asks nothing of the calendar."""
    if roll is Roll.FORWARD:
        return calendar.roll_forward(on)
    if roll is Roll.BACK:
        return calendar.roll_back(on)
    return on


def end_of(on: date, *, at: time | None, calendar: Calendar) -> datetime:
    """Return the instant from which an included date is over: 24:00 local, or the time of day given."""
    return calendar.instant(on + ONE_DAY) if at is None else calendar.instant(on, at)


def due_date(rule: DueRule, *, year: int, period: Period | None, anchors: Mapping[str, date], calendar: Calendar) -> Deadline:
    """
    Return the deadline that the rule comes to for an evaluated year.

    Raises:
        MissingAnchorError: the period is counted from a moment that is not known yet.
        UnknownYearError: counting or rolling touches a year that the calendar does not hold.

    """
    start, nominal = _nominal(rule, year=year, period=period, anchors=anchors, calendar=calendar)
    last = rolled(nominal, roll=rule.roll, calendar=calendar)
    return Deadline(
        last_on=last,
        at=end_of(last, at=rule.at, calendar=calendar),
        nominal_on=nominal,
        projected=calendar.projected_in(min(start, last), max(nominal, last)),
    )
