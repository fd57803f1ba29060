"""Plan changes: in what a year's plan differs from the one before: stages, dates, words, and who owes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.due_rules import in_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from evaluation.due_rules import Deadline
    from evaluation.plans import Plan, Stage
    from evaluation.projection import Window

PARTS = ("opens", "due", "locks")


@dataclass(frozen=True, kw_only=True)
class PlanYear:
    """A plan as it fell in a year: its windows, and the keys of who owes in each stage."""

    year: int
    plan: Plan
    windows: tuple[Window, ...]
    owing: Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class MovedDate:
    """A date that is not the same day of the year as it was."""

    stage: Stage
    period: str  #: key of this year's; empty for a stage that comes once
    part: str  #: `opens`, `due`, `locks`
    before: date | None
    after: date | None
    days: int | None  #: later, or (below zero) earlier; None where one of them is not known
    by_calendar: bool  #: the plan names the same day; days off moved it


@dataclass(frozen=True, kw_only=True)
class NewWords:
    """A stage whose literal words have changed."""

    stage: Stage
    before: str


@dataclass(frozen=True, kw_only=True)
class OwingChange:
    """Who owes in a stage and did not, and the other way round."""

    stage: Stage
    added: frozenset[str]
    dropped: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PlanChanges:
    """Everything in which two years differ; a stage of one year alone is told once, not date by date."""

    added: tuple[Stage, ...]
    dropped: tuple[Stage, ...]
    moved: tuple[MovedDate, ...]
    words: tuple[NewWords, ...]
    owing: tuple[OwingChange, ...]

    @property
    def nothing(self) -> bool:
        """Whether the years do not differ."""
        return not (self.added or self.dropped or self.moved or self.words or self.owing)


def plan_changes(before: PlanYear, after: PlanYear) -> PlanChanges:
    """Return in what a year differs from the one before it; stages by key, periods by their place in the year, dates by month and day."""
    old, new = ({stage.key: stage for stage in one.plan.stages} for one in (before, after))
    both = [stage for key, stage in new.items() if key in old]
    return PlanChanges(
        added=tuple(stage for key, stage in new.items() if key not in old),
        dropped=tuple(stage for key, stage in old.items() if key not in new),
        moved=tuple(_moved(before, after)),
        words=tuple(NewWords(stage=stage, before=old[stage.key].words) for stage in both if stage.words != old[stage.key].words),
        owing=tuple(change for stage in both if (change := _owing(stage, before=before, after=after)) is not None),
    )


def _owing(stage: Stage, *, before: PlanYear, after: PlanYear) -> OwingChange | None:
    was, now = (one.owing.get(stage.key, frozenset()) for one in (before, after))
    if stage.on_request or was == now:
        return None
    return OwingChange(stage=stage, added=now - was, dropped=was - now)


def _moved(before: PlanYear, after: PlanYear) -> Iterator[MovedDate]:
    known = {_place(window): window for window in before.windows}
    for window in after.windows:
        was = known.get(_place(window))
        for part in PARTS if was is not None else ():
            found = _date(window, part, was=getattr(was, part), years=after.year - before.year)
            if found is not None:
                yield found


def _place(window: Window) -> tuple[str, str]:
    """Return what a window is known by in every year: `2026-Q1` is `Q1`."""
    return window.stage.key, window.subject_period.partition("-")[2]


def _date(window: Window, part: str, *, was: Deadline | None, years: int) -> MovedDate | None:
    now: Deadline | None = getattr(window, part)
    facts = {"stage": window.stage, "period": window.subject_period, "part": part}
    if was is None or now is None:
        if was is now:
            return None
        old, new = (None if one is None else one.last_on for one in (was, now))
        return MovedDate(**facts, before=old, after=new, days=None, by_calendar=False)  # type: ignore[arg-type]
    days = (now.last_on - _shifted(was.last_on, years)).days
    if not days:
        return None
    by_calendar = now.nominal_on == _shifted(was.nominal_on, years)
    return MovedDate(**facts, before=was.last_on, after=now.last_on, days=days, by_calendar=by_calendar)  # type: ignore[arg-type]


def _shifted(on: date, years: int) -> date:
    return in_month(on.year + years, on.month, on.day)
