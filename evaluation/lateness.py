"""What a plan comes to in a year, before it is put in force: in which years its dates fall, and what of it has passed already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.projection import LAUNCH, RELEASE, project_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from evaluation.plans import Plan
    from evaluation.projection import Window
    from evaluation.workdays import Calendar


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A stage of which something is over at a moment."""

    stage: str
    title: str
    title_en: str
    late: int  #: obligations whose due, or lock, has passed
    locked: int  #: those of them whose lock has passed
    first: date  #: the earliest of their due dates (of their locks, where nothing is due)


def years_touched(plan: Plan, *, year: int, calendar: Calendar, known: Mapping[str, date]) -> list[int]:
    """
    Return the evaluated year and every year in which a date of the plan falls, before or after it is moved off a day off.

    Raises as `project_plan` does.
    """
    windows = project_plan(plan, year=year, calendar=calendar, known=known)
    ends = [end for window in windows for end in (window.opens, window.due, window.locks) if end]
    return sorted({year, *(end.last_on.year for end in ends), *(end.nominal_on.year for end in ends)})


def passed_windows(plan: Plan, *, year: int, calendar: Calendar, known: Mapping[str, date], now: datetime) -> dict[tuple[str, str], Window]:
    """
    Return the windows, by stage and period, whose due or lock has passed now whatever is done.

    A stage that still waits is looked at as if it were released today: a period counted from its release has then its whole length, a
    fixed date does not move. Raises as `project_plan` does.
    """
    today = calendar.local_date(now)
    waiting = {f"{RELEASE}:{stage.key}": today for stage in plan.stages if stage.waits_for}
    windows = project_plan(plan, year=year, calendar=calendar, known={LAUNCH: today, **waiting, **known})
    over = (window for window in windows if is_over(window, now=now))
    return {(window.stage.key, window.subject_period): window for window in over if not window.stage.on_request}


def is_over(window: Window, *, now: datetime) -> bool:
    """Return whether the due moment or the lock of a window has passed."""
    return any(end is not None and end.at <= now for end in (window.due, window.locks))


def passed_stages(found: Sequence[tuple[Window, int]], *, now: datetime) -> tuple[Passed, ...]:
    """Return windows that are over, each with how many obligations stand in it, by stage in the order given."""
    by_stage: dict[str, list[tuple[Window, int]]] = {}
    for window, count in found:
        if count:
            by_stage.setdefault(window.stage.key, []).append((window, count))
    return tuple(_passed(windows, now=now) for windows in by_stage.values())


def _passed(found: Sequence[tuple[Window, int]], *, now: datetime) -> Passed:
    stage = found[0][0].stage
    ends = [end.last_on for window, _ in found if (end := window.due or window.locks)]
    return Passed(
        stage=stage.key,
        title=stage.title,
        title_en=stage.title_en,
        late=sum(count for _, count in found),
        locked=sum(count for window, count in found if window.locks is not None and window.locks.at <= now),
        first=min(ends),
    )


def passed_lines(late: Sequence[Passed], *, language: str) -> list[str]:
    """Return a line for each stage of which something has passed, in `vi` or `en`."""
    if language == "vi":
        return [
            f"- {one.stage} ({one.title}): {one.late} quá hạn, hạn sớm nhất {one.first:%d/%m/%Y}"
            + (f", {one.locked} đã quá mốc khóa" if one.locked else "")
            for one in late
        ]
    return [
        f"- {one.stage} ({one.title_en}): {one.late} late, the first due on {one.first}" + (f", {one.locked} locked" if one.locked else "")
        for one in late
    ]
