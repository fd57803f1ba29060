"""Twenty at once: every move is journaled once, none is lost, and only those who moved the same thing are told to look again."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from evaluation.actions import Remark, Urged
from evaluation.cycles import CycleVerb
from evaluation.transitions import Verb
from store.commands import moves, transferring
from store.commands.authorities import found_authority, import_roster
from store.commands.cycle_moves import move_cycle
from store.commands.launch_refusals import LaunchError
from store.commands.launching import Launch, launch
from store.commands.replanning import Change, replan
from store.lives import read_by_id
from store.perform import Decided, StaleError, perform
from store.schema import JOURNAL, OBLIGATION
from store.session import open_store
from store.verify import verify
from store.years import load_year
from tests.conftest import DATA, SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from store.session import Store
    from tests.conftest import SmallYear

WRITERS = 20
MOVES_EACH = 4
WHY = Remark(reason="nhắc")
LATER = SMALL_PLAN.read_text(encoding="utf-8").replace("due: {by: Y-01-31}", "due: {by: Y-02-14}")


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    return now


@pytest.fixture
def order() -> Launch:
    return Launch(authority="thu", plan_yaml=SMALL_PLAN.read_text(encoding="utf-8"), year=2025, calendar=shipped_calendar())


def at_once(work: Callable[[int], object], *, writers: int = WRITERS) -> list[object]:
    """What each writer got, or the error that it met; all begin together."""
    start = Barrier(writers)

    def one(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001
            return error

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(one, range(writers)))


def own_store(year: SmallYear) -> Store:
    """A store with connections of its own, as another process has."""
    return open_store(year.store.engine.url.render_as_string(hide_password=False), durable=False)


def test_twenty_writers_lose_nothing(any_year: SmallYear, now: datetime) -> None:
    ids = any_year.ids("plan")
    before = [any_year.obligation(ident).moves for ident in ids]

    def write(number: int) -> None:
        store = own_store(any_year)
        try:
            for turn in range(MOVES_EACH):
                with store.transaction(now=now) as transaction:
                    moves.urge(store, transaction, ids[(number + turn) % len(ids)], by="phone", remark=WHY)
        finally:
            store.close()

    assert at_once(write) == [None] * WRITERS
    with any_year.store.reading() as connection:
        urged = connection.execute(select(JOURNAL.c.obligation_id).where(JOURNAL.c.action == Verb.URGE.value)).scalars().all()
    assert Counter(urged) == dict.fromkeys(ids, WRITERS * MOVES_EACH // len(ids))
    assert [any_year.obligation(ident).moves for ident in ids] == [count + WRITERS * MOVES_EACH // len(ids) for count in before]
    assert verify(any_year.store) == []


def test_who_decided_on_what_another_has_moved_is_told_so(any_year: SmallYear, now: datetime) -> None:
    """Twenty read, then twenty write what they decided: of those with the same obligation one succeeds."""
    store, ids = any_year.store, any_year.ids("plan")
    with store.reading() as connection:
        read = {one.id: one for one in read_by_id(connection, ids, history=True)}
        stages = dict(connection.execute(select(OBLIGATION.c.id, OBLIGATION.c.stage_id).where(OBLIGATION.c.id.in_(ids))).tuples().all())

    def write(number: int) -> int:
        ident = ids[number % len(ids)]
        with store.transaction(now=now) as transaction:
            year = load_year(store, transaction.connection, any_year.cycle, now=now)
            urged = Urged(by="phone", note=str(number))
            perform(transaction, year, [Decided(before=read[ident], stage=stages[ident], actions=(urged,), action="urge")])
        return ident

    got = at_once(write)
    assert sorted(one for one in got if isinstance(one, int)) == ids
    assert {type(one) for one in got if not isinstance(one, int)} == {StaleError}
    assert verify(store) == []


def test_writers_and_a_tick_and_a_change_of_plan_at_once(any_year: SmallYear, now: datetime) -> None:
    later = any_year.slot(date(2025, 1, 24))
    ids = any_year.ids("plan")

    def write(number: int) -> None:
        if number == 0:
            any_year.tick(later, step_size=1)
        elif number == 1:
            with any_year.store.transaction(now=later) as transaction:
                replan(any_year.store, transaction, any_year.cycle, change=Change(yaml=LATER), remark=WHY)
        elif number in {2, 3}:
            verb = CycleVerb.PAUSE if number == 2 else CycleVerb.RESUME
            with any_year.store.transaction(now=later) as transaction:
                move_cycle(any_year.store, transaction, any_year.cycle, verb=verb, remark=WHY)
        else:
            any_year.move(moves.urge, ids[number % len(ids)], now=later, by="mail", remark=WHY)

    errors = [type(got).__name__ for got in at_once(write) if got is not None]
    assert set(errors) <= {"CycleMoveError"}, "resumed before it was paused; nothing else goes wrong"
    for _ in range(2):
        any_year.tick(later)
    assert any_year.actions().count("urge") == WRITERS - 4
    assert verify(any_year.store) == []


def test_one_launch_of_many_at_once_succeeds(any_store: Store, order: Launch) -> None:
    now = order.calendar.instant(date(2025, 1, 2))
    with any_store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=load_roster(DATA / "small-roster.yaml"))

    def write(_: int) -> int:
        with any_store.transaction(now=now) as transaction:
            return launch(any_store, transaction, order).obligations

    got = at_once(write, writers=6)
    assert [one for one in got if isinstance(one, int)] == [11]
    assert {type(one) for one in got if not isinstance(one, int)} == {LaunchError}
    assert verify(any_store) == []


def test_the_same_repair_asked_for_by_many_is_raised_once(any_year: SmallYear, now: datetime) -> None:
    """The head of one unit has left; two obligations of the unit are handed to the head at the same moment."""
    any_year.tick(any_year.slot(date(2025, 3, 3)))
    with any_year.store.engine.begin() as connection:
        connection.execute(text("update contact set valid_to = '2025-01-03' where role = 'head'"))
        connection.execute(text("update authority set people_version = people_version + 1"))
    with any_year.store.reading() as connection:
        mine = (OBLIGATION.c.party_id == 5) & (OBLIGATION.c.state == "open")
        ids = list(connection.execute(select(OBLIGATION.c.id).where(mine)).scalars())
    repairs = "select count(*) from obligation where subject = 'contact/5/head'"
    assert (len(ids), any_year.scalar(repairs)) == (2, 0)
    got = at_once(lambda number: any_year.move(moves.prepare, ids[number], now=any_year.slot(date(2025, 3, 3))).id, writers=2)
    assert sorted(map(str, got)) == sorted(map(str, ids))
    assert any_year.scalar(repairs) == 1
    assert verify(any_year.store) == []


def test_two_predecessors_hand_over_to_one_successor_at_once(any_year: SmallYear, now: datetime) -> None:
    first, second = any_year.ids("report")[:2]
    got = at_once(
        lambda number: any_year.move(transferring.transfer, (first, second)[number], now=now, successor=4, remark=WHY, undeclared=True).id,
        writers=2,
    )
    assert sorted(map(str, got)) == sorted(map(str, (first, second)))
    assert any_year.scalar("select count(*) from obligation where party_id = 4 and subject = '2025-Q1'") == 1
    assert verify(any_year.store) == []
