"""
The demo: an authority whose years are under way, its history made by the engine itself.

Two cycles overlap, last year's evaluation and this year's reports and inspections, so that on any day something is late, returned,
extended and due. Nothing of the history is mailed; the last working day's mail is left for the engine to deliver.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from config.loader import find_plan, load_plan_and_roster
from documents.desk import Desk
from evaluation.asking import Count, RequestKind, Within
from evaluation.rehearsing import Habit
from evaluation.scaling import scaled_roster
from evaluation.workdays import ONE_DAY
from flows.driving import Company, Progress, Route, drive
from flows.papers import show_papers
from flows.rehearsal import LAUNCH_HOUR, route_of
from store.commands.asking import Order
from store.commands.authorities import found_authority, import_roster
from store.commands.council.rehearsed import people_council
from store.commands.criteria.showing import DEMO_INDEX, example_criteria
from store.commands.improvement.rehearsed import people_improve
from store.commands.inspections.rehearsed import people_inspect
from store.commands.launching import Launch, launch
from store.commands.rehearsing import ask_once, note_history, people_act
from store.commands.results.showing import people_publish
from store.commands.survey.rehearsed import ask_example, people_survey
from store.leases import give_back
from store.outbox.freezing import post_without_sending
from store.queries.sandboxes import History, history_made
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation.plans import Plan
    from evaluation.rosters import Roster
    from evaluation.workdays import Calendar
    from store.files import Files
    from store.session import Store

DEMO_AUTHORITY = "demo"
DEMO_PLAN = "province-two-tier"
DEMO_SEED = 2026
PAPERS_HOUR = time(16, 0)  #: local, on the last day of the history
LONG_AGO = 15  #: working days; by now the first report that was asked for is over
HOLDER = "demo"  #: of the lease, given back at the end: the engine that starts next need not wait for it


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the demo is made of."""

    today: date
    calendar: Calendar
    plan: Plan
    plan_yaml: str
    roster: Roster

    @property
    def years(self) -> tuple[int, int]:
        """The two evaluated years that began last: last year's and this year's, in whose first days the two before."""
        begun = route_of(self.plan, year=self.today.year, calendar=self.calendar).first < self.today
        last = self.today.year if begun else self.today.year - 1
        return last - 1, last


def demo_setting(*, today: date, calendar: Calendar, units: int | None = None) -> Setting:
    """Return the shipped demo as of a day, with fewer or more units if asked."""
    path: Path = find_plan(DEMO_PLAN)
    plan, roster = load_plan_and_roster(path)
    if units is not None:
        roster = scaled_roster(roster, plan=plan, units=units)
    return Setting(today=today, calendar=calendar, plan=plan, plan_yaml=path.read_text(encoding="utf-8"), roster=roster)


def demo_is_made(store: Store) -> bool:
    """Return whether the demo authority is there with its whole history."""
    history = _history(store)
    return history is not None and history.made


def make_demo(store: Store, setting: Setting, *, progress: Progress | None = None, files: Files | None = None) -> list[int]:
    """
    Make the demo authority with two years of history up to today, and return its cycles.

    One that was broken off goes on from the last day that it ticked. With a place for `files` the papers that rungs asked for are drafted.
    """
    routes = {year: route_of(setting.plan, year=year, calendar=setting.calendar) for year in setting.years}
    first = min(route.first for route in routes.values())
    begun = _history(store) or _found(store, setting, now=setting.calendar.instant(first, LAUNCH_HOUR))
    if begun.ticked_at is not None:
        first = setting.calendar.local_date(begun.ticked_at)
    cycles = dict(begun.cycles)
    asked = _asked(setting)
    last_post = setting.calendar.roll_back(setting.today - ONE_DAY)

    async def before(day: date) -> None:
        for year, route in routes.items():
            if route.first == day and year not in cycles:
                cycles[year] = await asyncio.to_thread(_launch, store, setting, year, setting.calendar.instant(day, LAUNCH_HOUR))

    async def post(now: datetime) -> None:
        if setting.calendar.local_date(now) < last_post:
            await asyncio.to_thread(post_without_sending, store, now, authority=begun.authority)

    async def act(now: datetime) -> bool:
        today = setting.calendar.local_date(now)
        return setting.calendar.is_workday(today) and await _people_act(store, cycles, asked.get(today), today=today, now=now)

    route = Route(first=first, last=setting.today - ONE_DAY, calendar=setting.calendar, slot=setting.plan.slot)
    with working_in(Room(store=store, holder=HOLDER)):
        asyncio.run(drive(route, Company(before=before, post=post, act=act, progress=progress)))
    if files is not None:
        now = setting.calendar.instant(setting.today - ONE_DAY, PAPERS_HOUR)
        show_papers(Desk(store=store, files=files, now=now), authority=begun.authority)
    note_history(store, DEMO_AUTHORITY, now=setting.calendar.instant(setting.today))
    give_back(store, holder=HOLDER, now=setting.calendar.instant(setting.today))
    return list(cycles.values())


async def _people_act(store: Store, cycles: dict[int, int], order: Order | None, *, today: date, now: datetime) -> bool:
    """Let people do what they do on a working morning; true if anyone did anything."""
    if cycles and order is not None:
        await asyncio.to_thread(ask_once, store, cycles[max(cycles)], order, now=now)
    done: list[object] = []
    for cycle in cycles.values():
        done.append(await asyncio.to_thread(people_act, store, cycle, habit=Habit.MIXED, seed=DEMO_SEED, now=now))
        done.append(await asyncio.to_thread(people_inspect, store, cycle, now=now))
        done.append(await asyncio.to_thread(people_survey, store, cycle, now=now))
        done.append(await asyncio.to_thread(people_council, store, cycle, now=now))
        done.append(await asyncio.to_thread(people_improve, store, cycle, criteria=DEMO_INDEX, today=today, now=now))
        done.append(await asyncio.to_thread(people_publish, store, cycle, now=now))
    return any(done)


def _asked(setting: Setting) -> dict[date, Order]:
    """Return the reports that are asked for, by day: one whose time is over, and one that is under way today."""
    back, calendar = setting.calendar.roll_back, setting.calendar
    over = calendar.add_workdays(back(setting.today - ONE_DAY), -LONG_AGO)
    return {
        over: Order(
            title="Tình hình hồ sơ thủ tục hành chính trễ hẹn",
            asks="Số hồ sơ trễ hẹn theo lĩnh vực, nguyên nhân, biện pháp khắc phục",
            kind=RequestKind.THEMATIC,
            deadline=Within(count=5, unit=Count.WORKING),
        ),
        back(setting.today - ONE_DAY): Order(
            title="Báo cáo nhanh về Bộ phận Một cửa sau mưa lũ",
            asks="Bộ phận Một cửa nào phải ngừng tiếp nhận hồ sơ, đến khi nào",
            deadline=Within(count=48, unit=Count.HOURS),
        ),
    }


def _history(store: Store) -> History | None:
    with store.reading() as connection:
        return history_made(connection, DEMO_AUTHORITY)


def _found(store: Store, setting: Setting, *, now: datetime) -> History:
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key=DEMO_AUTHORITY, name=setting.plan.authority_name, sandbox=True)
        import_roster(transaction, authority=authority, roster=setting.roster)
        example_criteria(transaction, authority, plan=setting.plan, dated=setting.calendar.local_date(now))
    return History(authority=authority)


def _launch(store: Store, setting: Setting, year: int, now: datetime) -> int:
    order = Launch(authority=DEMO_AUTHORITY, plan_yaml=setting.plan_yaml, year=year, calendar=setting.calendar, accept_projection=True)
    with store.transaction(now=now) as transaction:
        cycle = launch(store, transaction, order).cycle
        ask_example(store, transaction, cycle)
        return cycle
