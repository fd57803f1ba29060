"""
The rehearsal: a whole year by the real engine, in a scratch database of its own; nothing leaves the machine.

What it answers before a launch: how many obligations, who gets how many mails on which day, which days are the busiest.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.projection import project_plan
from evaluation.rehearsing import Habit, RehearsedMove
from flows.driving import Company, Progress, Route, drive
from store.commands.authorities import authority_id, found_authority, import_roster
from store.commands.criteria.showing import take_examples
from store.commands.launching import Launch, Launched, launch
from store.commands.rehearsing import make_moves, people_act
from store.commands.report_forms import take_in_form
from store.outbox.freezing import post_without_sending
from store.queries.traffic import PersonDay, mails_per_person_and_day, notices_by_kind
from store.schema import METADATA
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.criteria.sets import CriteriaSet
    from evaluation.plans import Plan
    from evaluation.rosters import Roster
    from evaluation.workdays import Calendar
    from store.session import Store

#: The year is followed so long after its last date, so that the last escalations are seen.
AFTERWARDS = timedelta(days=45)
LAUNCH_HOUR = time(7, 0)


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is rehearsed."""

    plan: Plan
    plan_yaml: str
    roster: Roster
    calendar: Calendar
    year: int
    habit: Habit = Habit.NONE
    seed: int = 1
    moves: Sequence[RehearsedMove] | None = None  #: replayed instead of drawn
    forms: tuple[str, ...] = ()  #: texts of the authority's own report forms
    criteria: tuple[CriteriaSet, ...] = ()  #: published, of which the launch pins what the plan names


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a rehearsed year came to."""

    launched_at: datetime
    first: date
    last: date
    stages: int
    obligations: int
    notices: dict[str, int]  #: by kind
    people: tuple[PersonDay, ...]  #: mails per address and day
    moves: tuple[RehearsedMove, ...]
    projected: bool

    @property
    def mails(self) -> int:
        """How many mails left in all."""
        return sum(one.mails for one in self.people)

    def busiest_days(self, most: int = 10) -> list[tuple[date, int]]:
        """Return the days with the most mails."""
        days: dict[date, int] = {}
        for one in self.people:
            days[one.on] = days.get(one.on, 0) + one.mails
        return sorted(days.items(), key=lambda day: (-day[1], day[0]))[:most]

    def mails_per_week(self) -> list[tuple[date, int]]:
        """Return the mails of each week, named by its Monday, from the first day to the last; a week without mails is there too."""
        days = [self.first, self.last, *(one.on for one in self.people)]
        monday, last = _monday(min(days)), _monday(max(days))
        weeks = {monday + timedelta(weeks=number): 0 for number in range((last - monday).days // 7 + 1)}
        for one in self.people:
            weeks[_monday(one.on)] += one.mails
        return list(weeks.items())

    def clashes(self, ceiling: int) -> list[PersonDay]:
        """Return whoever gets more mails on one day than the ceiling, most first."""
        return sorted((one for one in self.people if one.mails > ceiling), key=lambda one: (-one.mails, one))


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def route_of(plan: Plan, *, year: int, calendar: Calendar) -> Route:
    """Return the days of a year: from the plan's first opening to a while after its last date."""
    windows = project_plan(plan, year=year, calendar=calendar, known={})
    openings = [window.opens.last_on for window in windows if window.opens]
    ends = [date.last_on for window in windows for date in (window.due, window.locks) if date]
    first = calendar.roll_forward(min(openings))
    return Route(first=first, last=max(ends, default=first) + AFTERWARDS, calendar=calendar, slot=plan.slot)


def rehearse(script: Script, *, progress: Progress | None = None) -> Rehearsed:
    """Run the year in a scratch database and return what it came to."""
    with tempfile.TemporaryDirectory(prefix="dondoc-rehearsal-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'rehearsal.db'}", durable=False)
        try:
            METADATA.create_all(store.engine)
            return _rehearse(store, script, progress=progress)
        finally:
            store.close()


def _rehearse(store: Store, script: Script, *, progress: Progress | None) -> Rehearsed:
    route = route_of(script.plan, year=script.year, calendar=script.calendar)
    launched_at = script.calendar.instant(route.first, LAUNCH_HOUR)
    launched = _launch(store, script, now=launched_at)
    moves: list[RehearsedMove] = []

    async def post(now: datetime) -> None:
        await asyncio.to_thread(post_without_sending, store, now)

    async def act(now: datetime) -> bool:
        made = await asyncio.to_thread(_act, store, launched.cycle, script, now)
        moves.extend(made)
        return bool(made)

    with working_in(Room(store=store, holder="rehearsal")):
        asyncio.run(drive(route, Company(post=post, act=act, progress=progress)))
    return _told(store, script, launched=launched, route=route, moves=moves)


def _launch(store: Store, script: Script, *, now: datetime) -> Launched:
    with store.transaction(now=now) as transaction:
        key = script.plan.authority
        authority = found_authority(transaction, key=key, name=script.plan.authority_name, sandbox=True)
        import_roster(transaction, authority=authority, roster=script.roster)
        for text in script.forms:
            take_in_form(transaction, authority, text)
        take_examples(transaction, authority, script.criteria)
        order = Launch(authority=key, plan_yaml=script.plan_yaml, year=script.year, calendar=script.calendar, accept_projection=True)
        return launch(store, transaction, order)


def _act(store: Store, cycle: int, script: Script, now: datetime) -> list[RehearsedMove]:
    if script.moves is None:
        return people_act(store, cycle, habit=lambda _: script.habit, seed=script.seed, now=now)
    today = script.calendar.local_date(now)
    return make_moves(store, cycle, [move for move in script.moves if move.on == today], now=now)


def _told(store: Store, script: Script, *, launched: Launched, route: Route, moves: Sequence[RehearsedMove]) -> Rehearsed:
    with store.reading() as connection:
        authority = authority_id(connection, script.plan.authority)
        people = mails_per_person_and_day(connection, authority=authority, calendar=script.calendar)
        notices = notices_by_kind(connection, authority=authority)
    return Rehearsed(
        launched_at=script.calendar.instant(route.first, LAUNCH_HOUR),
        first=route.first,
        last=route.last,
        stages=launched.stages,
        obligations=launched.obligations,
        notices=notices,
        people=tuple(people),
        moves=tuple(moves),
        projected=script.calendar.projected_in(route.first, route.last),
    )
