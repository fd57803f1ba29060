"""The dates of a plan in the year to come beside those of the year that it is taken from: what moves, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.lateness import passed_windows, years_touched
from evaluation.projection import LAUNCH, project_plan
from evaluation.workdays import UnknownYearError, YearStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from api.console.launching import Chosen
    from evaluation.due_rules import Deadline, Period
    from evaluation.projection import Window
    from evaluation.workdays import Calendar


@dataclass(frozen=True, kw_only=True)
class DateLine:
    """A line of a plan with its dates in both years; None where no date is known."""

    title: str
    title_en: str
    period: Period | None
    words: str
    before: date | None
    opens: date | None
    due: date | None
    rolled: bool  #: moved off a day off
    projected: bool
    shifted: bool  #: another day of the year than before
    off: tuple[bool, bool]  #: opens, is due on a day off

    @classmethod
    def of(cls, window: Window, *, before: Deadline | None, calendar: Calendar) -> DateLine:
        """Return a window beside its counterpart's due date."""
        due = window.due
        return cls(
            title=window.stage.title,
            title_en=window.stage.title_en,
            period=window.period,
            words=window.stage.words,
            before=before.last_on if before else None,
            opens=window.opens.last_on if window.opens else None,
            due=due.last_on if due else None,
            rolled=due is not None and due.last_on != due.nominal_on,
            projected=window.projected,
            shifted=due is not None and before is not None and _day(due.last_on) != _day(before.last_on),
            off=(_is_off(window.opens, calendar), _is_off(due, calendar)),
        )


def _is_off(deadline: Deadline | None, calendar: Calendar) -> bool:
    return deadline is not None and not calendar.is_workday(deadline.last_on)


def _day(on: date) -> tuple[int, int]:
    return on.month, on.day


@dataclass(frozen=True, kw_only=True)
class Dates:
    """Every date of the year to come, and what is known of its working days."""

    lines: Sequence[DateLine]
    unknown: tuple[int, ...] = ()  #: years of which no working day is known: nothing can be launched
    projected: tuple[int, ...] = ()  #: years that are not decided yet


def dates_of(chosen: Chosen, *, now: datetime) -> Dates:
    """Return the dates of what is to be launched; without lines where a year of theirs is unknown."""
    plan, year, calendar = chosen.plan, chosen.wanted.year, chosen.calendar
    try:
        touched = years_touched(plan, year=year, calendar=calendar, known={LAUNCH: calendar.local_date(now)})
        windows = project_plan(plan.named_for(year), year=year, calendar=calendar, known={})
    except UnknownYearError as missing:
        return Dates(lines=(), unknown=(missing.year,))
    unknown = tuple(one for one in touched if calendar.status(one) is YearStatus.UNKNOWN)
    projected = tuple(one for one in touched if calendar.status(one) is YearStatus.PROJECTED)
    before = _before(chosen)
    lines = [DateLine.of(one, before=before.get(_place(one, year)), calendar=calendar) for one in windows]
    return Dates(lines=lines, unknown=unknown, projected=projected)


def _before(chosen: Chosen) -> dict[tuple[str, str], Deadline]:
    """Return the due dates of the year that the plan is taken from, by stage and period without its year."""
    try:
        windows = project_plan(chosen.plan, year=chosen.before, calendar=chosen.calendar, known=chosen.moved)
    except UnknownYearError:
        return {}
    return {_place(one, chosen.before): one.due for one in windows if one.due}


def _place(window: Window, year: int) -> tuple[str, str]:
    return window.stage.key, _counterpart(window.subject_period, year)


def _counterpart(period: str, year: int) -> str:
    return period.replace(str(year), "Y")


def passed_titles(chosen: Chosen, *, now: datetime) -> list[tuple[str, str, date]]:
    """Return what is over already if the year is launched now: titles of stages in both languages, and the first date that passed."""
    plan = chosen.plan.named_for(chosen.wanted.year)
    over = passed_windows(plan, year=chosen.wanted.year, calendar=chosen.calendar, known={}, now=now)
    found: dict[str, tuple[str, str, date]] = {}
    for window in over.values():
        end = window.due or window.locks
        if end is not None:
            found.setdefault(window.stage.key, (window.stage.title, window.stage.title_en, end.last_on))
    return list(found.values())
