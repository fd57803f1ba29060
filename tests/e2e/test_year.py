"""A year launched in a sandbox and ticked day by day: a real mail server gets what the rehearsal said, per person and day."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from config.settings import Settings
from evaluation.rehearsing import Habit
from evaluation.scaling import scaled_roster
from flows.deliver import deliver
from flows.driving import Company, Route, drive
from flows.rehearsal import Script, rehearse
from flows.running import run
from notifications.delivery import post_office
from store.commands.authorities import found_authority, import_roster
from store.commands.criteria.showing import shipped_sets, take_examples
from store.commands.launching import Launch, launch
from store.commands.rehearsing import make_moves
from store.verify import verify
from tasks.delivering import delivering_from
from tasks.room import Room, working_in
from tests.faulty_smtp import faulty_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from flows.rehearsal import Rehearsed
    from store.session import Store
    from tests.faulty_smtp import FaultyServer

CALENDAR = shipped_calendar()
PLAN = "bac-lieu-2020"
YEARS = [
    pytest.param("sqlite", Habit.NONE, id="nobody acts, on SQLite"),
    pytest.param("sqlite", Habit.LATE, id="moves of a seed replayed up to the publication, on SQLite"),
    pytest.param("postgres", Habit.MIXED, id="moves of a seed replayed, on PostgreSQL", marks=pytest.mark.postgres),
    pytest.param("postgres", Habit.NONE, id="nobody acts, on PostgreSQL", marks=[pytest.mark.postgres, pytest.mark.soak]),
]


def script(*, units: int, habit: Habit) -> Script:
    path = find_plan(PLAN)
    plan, roster = load_plan_and_roster(path)
    return Script(
        plan=plan,
        plan_yaml=path.read_text(encoding="utf-8"),
        roster=scaled_roster(roster, plan=plan, units=units),
        calendar=CALENDAR,
        year=plan.year,
        habit=habit,
        seed=7,
        criteria=shipped_sets(plan, dated=plan.reference_on),
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path / "smtp") as running:
        yield running


def launched(store: Store, wanted: Script, *, now: datetime) -> int:
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key=wanted.plan.authority, name=wanted.plan.authority_name, sandbox=True)
        import_roster(transaction, authority=authority, roster=wanted.roster)
        take_examples(transaction, authority, wanted.criteria)
        order = Launch(
            authority=wanted.plan.authority, plan_yaml=wanted.plan_yaml, year=wanted.year, calendar=CALENDAR, accept_projection=True
        )
        return launch(store, transaction, order).cycle


def run_the_year(store: Store, wanted: Script, rehearsed: Rehearsed, *, port: int) -> None:
    """Launch as the rehearsal did, tick every day, deliver by SMTP, replay its moves."""
    cycle = launched(store, wanted, now=rehearsed.launched_at)
    route = Route(first=rehearsed.first, last=rehearsed.last, calendar=CALENDAR, slot=wanted.plan.slot)

    async def post(now: datetime) -> None:
        await run(deliver, now)

    async def act(now: datetime) -> bool:
        today = [move for move in rehearsed.moves if move.on == CALENDAR.local_date(now)]
        return bool(await asyncio.to_thread(make_moves, store, cycle, today, now=now))

    office = post_office(store, Settings(sandbox_smtp=f"127.0.0.1:{port}"), holder="year")
    with working_in(Room(store=store, holder="year")), delivering_from(office):
        asyncio.run(drive(route, Company(post=post, act=act)))


def arrived(server: FaultyServer) -> Counter[tuple[str, str]]:
    """How many mails each address got on each local day, by the Date that the mail bears."""
    counted: Counter[tuple[str, str]] = Counter()
    for mail in server.taken:
        day = CALENDAR.local_date(parsedate_to_datetime(mail["date"]))
        counted[day.isoformat(), mail["to"]] += 1
    return counted


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("any_store", "habit"), YEARS, indirect=["any_store"])
def test_the_server_gets_what_the_rehearsal_said(any_store: Store, server: FaultyServer, habit: Habit) -> None:
    wanted = script(units=14, habit=habit)
    rehearsed = rehearse(wanted)
    assert rehearsed.mails > 0
    assert bool(rehearsed.moves) is (habit is not Habit.NONE)
    run_the_year(any_store, wanted, rehearsed, port=server.port)
    said = Counter({(one.on.isoformat(), one.recipient): one.mails for one in rehearsed.people})
    assert arrived(server) == said
    assert ("results-published" in rehearsed.notices) is (habit is Habit.LATE), (
        "where somebody never answers, or nobody, nothing is published"
    )
    assert verify(any_store) == []


def test_slot_is_the_plans() -> None:
    assert script(units=14, habit=Habit.NONE).plan.slot == time(7, 30)
