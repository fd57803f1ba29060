"""The drawing of a plan: stages as bars over the days of its year, days off behind them; all geometry is in percent of the width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evaluation.workdays import DayKind, UnknownYearError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evaluation.due_rules import Deadline
    from evaluation.projection import Window
    from evaluation.workdays import Calendar

_DAY = timedelta(days=1)
_DECEMBER = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A stretch of days in the drawing."""

    x: str
    width: str
    kind: str  #: `weekend`, `holiday`, `makeup`, `month`
    words: str


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Which days a drawing shows: whole months, first and last included."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """Return where a day begins, from 0 to 100."""
        return 100 * (min(max(on, self.first), self.last + _DAY) - self.first).days / self.days

    @property
    def days(self) -> int:
        """How many days are shown."""
        return (self.last - self.first).days + 1

    def holds(self, on: date) -> bool:
        """Return whether a day is shown."""
        return self.first <= on <= self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A window of a stage."""

    x: str
    width: str
    due: str  #: where its last day ends; empty if nothing is due
    lock: str  #: the same of its lock
    grace: str  #: width from due to lock; empty without
    words: str
    tone: str


def percent(value: float) -> str:
    """Return a share of the width as a drawing's attribute."""
    return f"{value:.3f}%"


def scale_of(windows: Iterable[Window], *, today: date) -> Scale:
    """Return the months in which something of a plan happens; those around today where nothing has a date."""
    dates = [end.last_on for window in windows for end in (window.opens, window.due, window.locks) if end is not None] or [today]
    first, last = min(dates), max(dates)
    following = date(last.year + last.month // _DECEMBER, last.month % _DECEMBER + 1, 1)
    return Scale(first=first.replace(day=1), last=following - _DAY)


def months_of(scale: Scale) -> list[Band]:
    """Return the months, each as wide as its days."""
    bands, on = [], scale.first
    while on <= scale.last:
        following = date(on.year + on.month // _DECEMBER, on.month % _DECEMBER + 1, 1)
        width = percent(scale.x(following) - scale.x(on))
        bands.append(Band(x=percent(scale.x(on)), width=width, kind="month", words=f"{on.month}/{on.year}"))
        on = following
    return bands


def off_days_of(scale: Scale, *, calendar: Calendar) -> list[Band]:
    """Return the days on which offices are closed, neighbours of one kind as one band, and the rest days that are worked."""
    listed = {day.on: day for day in calendar.days}
    runs: list[tuple[date, date, str, str]] = []
    for on in _days(scale):
        day = listed.get(on)
        kind = _kind(on, calendar=calendar, listed=None if day is None else day.kind)
        words = "" if day is None else day.name
        if kind and runs and runs[-1][1] == on and runs[-1][2:] == (kind, words):
            runs[-1] = (runs[-1][0], on + _DAY, kind, words)
        elif kind:
            runs.append((on, on + _DAY, kind, words))
    return [
        Band(x=percent(scale.x(first)), width=percent(scale.x(end) - scale.x(first)), kind=kind, words=_said(first, end, words))
        for first, end, kind, words in runs
    ]


def _said(first: date, end: date, words: str) -> str:
    last = end - _DAY
    days = f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m} – {last:%d/%m/%Y}"
    return f"{words} ({days})" if words else days


def _days(scale: Scale) -> Iterator[date]:
    on = scale.first
    while on <= scale.last:
        yield on
        on += _DAY


def _kind(on: date, *, calendar: Calendar, listed: DayKind | None) -> str:
    if listed is not None:
        return "makeup" if listed is DayKind.MAKEUP_WORKDAY else "holiday"
    try:
        return "" if calendar.is_workday(on) else "weekend"
    except UnknownYearError:
        return ""


def bar_of(scale: Scale, window: Window, *, words: str, tone: str) -> Bar | None:
    """Return the bar of a window from its opening to the end of its last day, or of its lock; None while no date of it is known."""
    ends: Sequence[Deadline] = [end for end in (window.due, window.locks) if end is not None]
    start = window.opens or next(iter(ends), None)
    if start is None:
        return None
    x = scale.x(start.last_on)
    due = None if window.due is None else scale.x(window.due.last_on + _DAY)
    lock = None if window.locks is None else scale.x(window.locks.last_on + _DAY)
    end = due if due is not None else scale.x(start.last_on + _DAY)
    return Bar(
        x=percent(x),
        width=percent(max(end - x, 0)),
        due="" if due is None else percent(due),
        lock="" if lock is None else percent(lock),
        grace=percent(lock - end) if lock is not None and lock > end else "",
        words=words,
        tone=tone,
    )
