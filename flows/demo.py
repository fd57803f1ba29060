"""
The demo: an authority whose years are under way, its history made by the engine itself.

Two cycles overlap, last year's evaluation and this year's reports and inspections, so that on any day something is late, returned,
extended and due. Nothing of the history is mailed; the last working day's mail is left for the engine to deliver.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

from config.loader import find_plan, load_plan_and_roster, parse_plan
from documents.desk import Desk
from evaluation.asking import Count, RequestKind, Within
from evaluation.kinds import PartyKind, StageKind
from evaluation.scaling import scaled_roster
from evaluation.workdays import ONE_DAY
from flows.demo_people import people_of_demo
from flows.driving import Company, Progress, Route, drive
from flows.papers import people_sign
from flows.rehearsal import LAUNCH_HOUR, route_of
from store.commands.asking import Order
from store.commands.authorities import authority_id, found_authority, import_roster
from store.commands.council.rehearsed import leave_a_vote
from store.commands.criteria.showing import example_criteria
from store.commands.launching import Launch, launch
from store.commands.rehearsing import ask_once, note_history
from store.commands.results.showing import show_rules
from store.commands.survey.rehearsed import ask_example
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
DEMO_UNITS = 40  #: every department and some communes: made in a fraction of the time that all 138 take
SIGNED_ON = frozenset({1, 4})  #: Tuesday and Friday: on these days papers are drafted and signed
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

    @cached_property
    def years(self) -> tuple[int, int]:
        """The two evaluated years that began last: last year's and this year's, in whose first days the two before."""
        begun = route_of(self.plan, year=self.today.year, calendar=self.calendar).first < self.today
        last = self.today.year if begun else self.today.year - 1
        return last - 1, last

    @cached_property
    def last_workday(self) -> date:
        """The last working day of the history, whose mail is left for the engine."""
        return self.calendar.roll_back(self.today - ONE_DAY)

    @cached_property
    def asked(self) -> dict[date, Order]:
        """The reports that are asked for, by day: one whose time is over, and one that is under way today."""
        return {
            self.calendar.add_workdays(self.last_workday, -LONG_AGO): Order(
                title="Tình hình hồ sơ thủ tục hành chính trễ hẹn",
                asks="Số hồ sơ trễ hẹn theo lĩnh vực, nguyên nhân, biện pháp khắc phục",
                kind=RequestKind.THEMATIC,
                deadline=Within(count=5, unit=Count.WORKING),
            ),
            self.last_workday: Order(
                title="Báo cáo nhanh về Bộ phận Một cửa sau mưa lũ",
                asks="Bộ phận Một cửa nào phải ngừng tiếp nhận hồ sơ, đến khi nào",
                deadline=Within(count=2, unit=Count.WORKING),  # in hours it could be over before its mail leaves
            ),
        }


def demo_setting(*, today: date, calendar: Calendar, units: int = DEMO_UNITS) -> Setting:
    """Return the shipped demo as of a day, with fewer or more units if asked."""
    path: Path = find_plan(DEMO_PLAN)
    plan, roster = load_plan_and_roster(path)
    text = fewer_inspected(path.read_text(encoding="utf-8"), plan=plan, roster=roster, units=units)
    plan = parse_plan(text, file=path.name)
    return Setting(today=today, calendar=calendar, plan=plan, plan_yaml=text, roster=scaled_roster(roster, plan=plan, units=units))


def fewer_inspected(text: str, *, plan: Plan, roster: Roster, units: int) -> str:
    """Return a plan's text in which as large a share of so many units is inspected by name as before of all."""
    evaluated = [party for party in roster.parties if party.kind is PartyKind.UNIT and party.group and not party.exempt]
    before, after = Counter(party.group for party in evaluated), Counter(party.group for party in evaluated[:units])
    groups = {party.key: party.group for party in evaluated}
    for stage in plan.stages:
        named = stage.about.keys if stage.kind is StageKind.INSPECTION and stage.about is not None else ()
        for group in {groups[key] for key in named}:
            own = [key for key in named if groups[key] == group]
            for key in own[max(1, ceil(len(own) * after[group] / before[group])) :]:
                text = re.sub(rf"\b{key}\b,? ?", "", text)
    return text


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
    days = _Days(
        store=store,
        setting=setting,
        files=files,
        authority=begun.authority,
        launches={route.first: year for year, route in routes.items()},
        cycles=dict(begun.cycles),
    )
    route = Route(first=first, last=setting.today - ONE_DAY, calendar=setting.calendar, slot=setting.plan.slot)
    with working_in(Room(store=store, holder=HOLDER)):
        asyncio.run(drive(route, Company(before=days.launch, post=days.post, act=days.act, progress=progress)))
    note_history(store, DEMO_AUTHORITY, now=setting.calendar.instant(setting.today))
    give_back(store, holder=HOLDER, now=setting.calendar.instant(setting.today))
    return list(days.cycles.values())


@dataclass(frozen=True, kw_only=True)
class _Days:
    """What happens on the days of the history beside the ticks."""

    store: Store
    setting: Setting
    files: Files | None
    authority: int
    launches: dict[date, int]  #: evaluated years by the day on which they begin
    cycles: dict[int, int]  #: ids by evaluated year

    async def launch(self, day: date) -> None:
        """Launch the year that begins today, if one does and it is not there already."""
        year = self.launches.get(day)
        if year is not None and year not in self.cycles:
            now = self.setting.calendar.instant(day, LAUNCH_HOUR)
            self.cycles[year] = await asyncio.to_thread(_launch, self.store, self.setting, year, now)

    async def post(self, now: datetime) -> None:
        """Let what was gathered count as sent, but for the last working day's mail."""
        if self.setting.calendar.local_date(now) < self.setting.last_workday:
            await asyncio.to_thread(post_without_sending, self.store, now, authority=self.authority)

    async def act(self, now: datetime) -> bool:
        """Let people do what they do on a working morning; true if anyone did anything."""
        working = self.setting.calendar.is_workday(self.setting.calendar.local_date(now))
        return working and await asyncio.to_thread(self._morning, now)

    def _morning(self, now: datetime) -> bool:
        today, latest = self.setting.calendar.local_date(now), self.setting.years[-1]
        if self.cycles and (order := self.setting.asked.get(today)) is not None:
            ask_once(self.store, self.cycles[max(self.cycles)], order, now=now)
        done = [people_of_demo(self.store, cycle, is_over=year != latest, now=now) for year, cycle in self.cycles.items()]
        if today == self.setting.last_workday:
            done.append(any(leave_a_vote(self.store, cycle, now=now) for _, cycle in sorted(self.cycles.items(), reverse=True)))
        if self.files is not None and today.weekday() in SIGNED_ON:
            done.append(people_sign(Desk(store=self.store, files=self.files, now=now), authority=self.authority) > 0)
        return any(done)


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
        show_rules(store, transaction, cycle, authority=authority_id(transaction.connection, DEMO_AUTHORITY))
        return cycle
