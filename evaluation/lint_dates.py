"""Lints of dates: windows against each other, against the calendar and against the ladders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.due_rules import CountedPeriod
from evaluation.ladders import rung_date
from evaluation.lints import dates, listed
from evaluation.plans import CountFrom, Until
from evaluation.workdays import YearStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from evaluation.lints import Examined, Lint
    from evaluation.plans import Rung, Stage
    from evaluation.projection import Window


def order_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages that open after they are due, or are due after they lock."""
    for window in examined.windows:
        opens, due, locks = window.opens, window.due, window.locks
        end = due or locks
        if opens and end and opens.last_on > end.last_on:
            yield examined.of_stage(
                "dates-out-of-order",
                window.stage,
                vi=f"{_title(window)}: mở {dates([opens.last_on])}, sau hạn {dates([end.last_on])}",
                en=f"{window.stage.key} opens on {opens.last_on}, after it is due on {end.last_on}",
            )
        if due and locks and due.at > locks.at:
            yield examined.of_stage(
                "dates-out-of-order",
                window.stage,
                vi=f"{_title(window)}: hạn {dates([due.last_on])}, sau mốc khóa {dates([locks.last_on])}",
                en=f"{window.stage.key} is due on {due.last_on}, after it locks on {locks.last_on}",
            )


def _title(window: Window) -> str:
    return f"{window.stage.title} ({window.period.key})" if window.period else window.stage.title


def wait_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages that are over, or due, before what they wait for."""
    for stage in examined.plan.stages:
        windows = examined.windows_of[stage.key]
        begins = max((w.opens.last_on for wait in stage.waits_for for w in examined.windows_of[wait.stage] if w.opens), default=None)
        vain = [w for w in windows if begins and (end := _end(w)) and end < begins]
        if vain and begins:
            ends = [end for w in vain if (end := _end(w))]
            yield examined.of_stage(
                "waits-in-vain",
                stage,
                vi=f"{stage.title}: kết thúc {dates(ends)}, trước khi công đoạn được chờ mở {dates([begins])}",
                en=f"{stage.key} is over on {dates(ends)}, before what it waits for opens on {dates([begins])}",
            )
        elif stage.due is not None and not isinstance(stage.due, CountedPeriod):
            yield from _release_lints(examined, stage)


def _end(window: Window) -> date | None:
    last = window.locks or window.due
    return last.last_on if last else None


def _release_lints(examined: Examined, stage: Stage) -> Iterator[Lint]:
    released = [on for wait in stage.waits_for if (on := _expected(examined, wait.stage, until=wait.until))]
    early = [w.due.last_on for w in examined.windows_of[stage.key] if released and w.due and w.due.last_on < max(released)]
    if early:
        yield examined.of_stage(
            "due-before-release",
            stage,
            vi=f"{stage.title}: hạn {dates(early)}, trước khi công đoạn được chờ dự kiến xong {dates([max(released)])}",
            en=f"{stage.key} is due on {dates(early)}, before what it waits for is expected to be done on {dates([max(released)])}",
        )


def _expected(examined: Examined, awaited: str, *, until: Until) -> date | None:
    """Return when a stage is expected to have got so far: its lock where that is waited for, else its due date."""
    ends = [w.locks if until is Until.LOCKED and w.locks else w.due for w in examined.windows_of[awaited]]
    return max((end.last_on for end in ends if end), default=None)


def rung_lints(examined: Examined) -> Iterator[Lint]:
    """Yield ladders with rungs that fall before their stage opens; such a rung is skipped."""
    for stage in examined.plan.stages:
        early = [
            rung.key
            for window in examined.windows_of[stage.key]
            for rung in examined.plan.ladder(stage.ladder)
            if window.opens and (on := rung_day(examined, rung, window=window)) and on < window.opens.last_on
        ]
        if early:
            yield examined.of_stage(
                "rung-before-opening",
                stage,
                vi=f"{stage.title}: bậc nhắc {listed(early)} rơi trước ngày mở nên bị bỏ qua",
                en=f"{stage.key}: the rungs {listed(early)} fall before it opens and are skipped",
            )


def rung_day(examined: Examined, rung: Rung, *, window: Window) -> date | None:
    """Return the working day of a rung in a window; None where its anchor has no date."""
    anchor = window.due if rung.counted_from is CountFrom.DUE else window.locks
    return rung_date(rung, anchor=anchor.last_on, calendar=examined.calendar) if anchor else None


def off_day_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages whose due dates fall on days off."""
    for stage in examined.plan.stages:
        ends = [window.due.last_on for window in examined.windows_of[stage.key] if window.due]
        off = [on for on in ends if not examined.calendar.is_workday(on)]
        if off:
            yield examined.of_stage(
                "due-on-off-day",
                stage,
                vi=f"{stage.title}: hạn rơi vào ngày nghỉ {dates(off)}",
                en=f"{stage.key} is due on days off: {dates(off)}",
            )


def projected_lints(examined: Examined) -> Iterator[Lint]:
    """Yield one lint that names the projected years that dates rest on."""
    resting = [window for window in examined.windows if window.projected]
    deadlines = [end for window in resting for end in (window.opens, window.due, window.locks) if end and end.projected]
    years = sorted({end.last_on.year for end in deadlines if examined.calendar.status(end.last_on.year) is YearStatus.PROJECTED})
    if resting:
        named = listed(map(str, years)) or str(examined.year)
        titles, keys = listed(window.stage.title for window in resting), listed(window.stage.key for window in resting)
        yield examined.of_plan(
            "projected-year",
            vi=f"lịch làm việc năm {named} mới là dự kiến; các công đoạn dựa vào: {titles}",
            en=f"the working days of {named} are only projected; stages that rest on them: {keys}",
        )


def event_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages that count from a request or finding and are not raised by one."""
    for stage in examined.plan.stages:
        rules = (stage.opens, stage.due, stage.locks)
        if not stage.on_request and any(isinstance(rule, CountedPeriod) and rule.anchor == "event" for rule in rules):
            yield examined.of_stage(
                "event-at-launch",
                stage,
                vi=f"{stage.title}: mốc tính từ “event” nhưng thiếu “on_request: true”",
                en=f"{stage.key} counts from “event” without “on_request: true”",
            )
