"""Driving: a year at one tick a working morning, as the rehearsal, the demo and `dondoc tick --from --to` go through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from evaluation.workdays import ONE_DAY
from flows.running import run
from flows.tick import Ticked, tick

if TYPE_CHECKING:
    from evaluation.workdays import Calendar

Post = Callable[[datetime], Awaitable[None]]
#: What people do on a morning at an instant; true if anyone did anything.
Act = Callable[[datetime], Awaitable[bool]]
#: What happens before the day's tick, such as a launch.
Before = Callable[[date], Awaitable[None]]
Progress = Callable[[int, int], None]
ACTING = time(9, 0)  #: rehearsed people act at this local time, after the morning's mail


@dataclass(frozen=True, kw_only=True)
class Route:
    """From which day to which (both included), in which calendar; a tick a day at the slot's time of day."""

    first: date
    last: date
    calendar: Calendar
    slot: time

    @property
    def days(self) -> int:
        """How many days it takes."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, kw_only=True)
class Company:
    """Who goes along: what happens before a day's tick, who posts, who acts, who watches."""

    before: Before | None = None
    post: Post | None = None
    act: Act | None = None
    progress: Progress | None = None


async def drive(route: Route, company: Company) -> Ticked:
    """Tick every day of the route at the slot, post what was gathered, let people act, post again; return what the ticks did."""
    total = Ticked()
    for number in range(route.days):
        day = route.first + number * ONE_DAY
        total += await _one_day(day, route=route, company=company)
        if company.progress is not None:
            company.progress(number + 1, route.days)
    return total


async def _one_day(day: date, *, route: Route, company: Company) -> Ticked:
    now, later = route.calendar.instant(day, route.slot), route.calendar.instant(day, ACTING)
    if company.before is not None:
        await company.before(day)
    done: Ticked = await run(tick, now)
    if company.post is not None:
        await company.post(now)
    if company.act is not None and await company.act(later) and company.post is not None:
        await company.post(later)
    return done
