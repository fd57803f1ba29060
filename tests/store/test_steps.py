"""Steps of the tick: bounded, whole, once; a stage that fails is its own."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, text, update

from benchmarks.years import synthetic_year
from config.calendar_files import shipped_calendar
from evaluation.obligations import State
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.commands.steps import advance
from store.leases import Lease, take_lease
from store.queries.due import due_work
from store.schema import OBLIGATION, RUNG, TERM
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.session import Store

COUNTED = ("journal", "notice", "rung", "term", "obligation")


def counts(year: SmallYear) -> list[int]:
    return [year.scalar(f"select count(*) from {table}") for table in COUNTED]  # noqa: S608


def test_a_tick_opens_reminds_escalates_and_lapses(any_year: SmallYear) -> None:
    ident = any_year.ids("report")[0]
    states = []
    for on in (date(2025, 3, 3), date(2025, 3, 12), date(2025, 3, 18), date(2025, 3, 20), date(2025, 3, 24), date(2025, 4, 3)):
        assert any_year.tick(any_year.slot(on)).failed == 0
        states.append(any_year.obligation(ident).state)
    assert states == [State.OPEN] * 5 + [State.LAPSED]
    with any_year.store.reading() as connection:
        query = select(RUNG.c.rung, RUNG.c.outcome).where(RUNG.c.obligation_id == ident).order_by(RUNG.c.at, RUNG.c.rung)
        rungs = [tuple(row) for row in connection.execute(query)]
    assert rungs == [
        ("T-7", "noticed"),
        ("T-1", "noticed"),
        ("T+0", "skipped"),
        ("T+1", "noticed"),
        ("T+3", "noticed"),
        ("L-1", "noticed"),
    ]
    assert verify(any_year.store) == []


def test_a_second_tick_at_the_same_now_does_nothing(any_year: SmallYear) -> None:
    for on in (date(2025, 1, 8), date(2025, 1, 24), date(2025, 2, 3), date(2025, 4, 3)):
        now = any_year.slot(on)
        any_year.tick(now)
        before = counts(any_year)
        assert any_year.tick(now).obligations == 0
        assert counts(any_year) == before


def test_the_second_tick_has_nothing_left_where_the_first_asked_for_repairs(any_store: Store) -> None:
    """Nobody is head of a unit any more: the repair is asked for and opened by the same tick, digest or not."""
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("chair: chu-tich\n", "chair: chu-tich\ndigest: false\n", 1)
    year = launch_small(any_store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=yaml)
    with any_store.engine.begin() as connection:
        connection.execute(text("update contact set valid_to = '2025-01-03' where role = 'head' and party_id > 3"))
        connection.execute(text("update authority set people_version = people_version + 1"))
    now = year.slot(date(2025, 1, 24))
    year.tick(now)
    before = counts(year)
    assert [year.obligation(ident).state for ident in year.ids("upkeep")] == [State.OPEN] * 3
    assert year.tick(now).obligations == 0
    assert counts(year) == before
    assert verify(any_store) == []


@pytest.mark.parametrize("step_size", [1, 2, 3, 2000])
def test_the_size_of_steps_changes_nothing(small_year: SmallYear, step_size: int) -> None:
    for on in (date(2025, 1, 8), date(2025, 1, 24), date(2025, 2, 5)):
        small_year.tick(small_year.slot(on), step_size=step_size)
    small_year.deliver("plan", now=small_year.slot(date(2025, 2, 5)))
    small_year.tick(small_year.slot(date(2025, 2, 6)), step_size=step_size)
    assert counts(small_year)[2:] == [38, 16, 11]
    assert small_year.obligation(small_year.ids("summary")[0]).state is State.OPEN
    assert verify(small_year.store) == []


def test_one_that_fails_is_left_alone_named_and_taken_up_again(any_year: SmallYear) -> None:
    any_year.tick(any_year.slot(date(2025, 3, 3)))
    plan, report = any_year.obligation(any_year.ids("plan")[0]), any_year.obligation(any_year.ids("report")[0])
    any_year.move(moves.prepare, plan.id, now=any_year.slot(date(2025, 3, 3)))
    plan = any_year.obligation(plan.id)
    broken = (TERM.c.obligation_id == report.id) & (TERM.c.number == 1)
    with any_year.store.transaction(now=any_year.slot(date(2025, 3, 3))) as transaction:
        transaction.connection.execute(update(TERM).where(broken).values(ladder="no-such-ladder"))
        other = any_year.ids("report")[1]
    now = any_year.slot(date(2025, 3, 20))
    any_year.tick(any_year.slot(date(2025, 3, 11)))
    assert any_year.tick(now).failed == 1
    assert any_year.actions().count("stage-failed") >= 1
    named = any_year.scalar("select payload from journal where action = 'stage-failed' limit 1")
    assert named == f'{{"error":"KeyError: obligation {report.id}"}}'
    assert any_year.obligation(report.id).settled == frozenset(), "of the faulty one nothing was written"
    assert any_year.obligation(other).settled >= {"T-7", "T-1", "T+0"}, "the others of its stage went on"
    told = any_year.scalar("select count(*) from notice")
    said = any_year.actions().count("stage-failed")
    assert any_year.tick(now + timedelta(minutes=1)).failed == 1
    assert any_year.actions().count("stage-failed") == said, "said once a day"
    assert any_year.actions()[-1] == "digest", "the other stages went on"
    with any_year.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(TERM).where(broken).values(ladder="standard"))
    mended = any_year.tick(now)
    assert (mended.failed, any_year.scalar("select count(*) from notice") > told) == (0, True)
    assert any_year.obligation(report.id).settled >= {"T-7", "T-1", "T+0"}
    assert any_year.scalar("select count(*) from (select 1 from notice group by cause, kind, recipient having count(*) > 1) as twice") == 0
    assert verify(any_year.store) == []


def test_what_is_due_of_a_paused_or_foreign_year_is_left_alone(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    with any_year.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
        plan, roster = synthetic_year(3, 2)
        import_roster(transaction, authority=other, roster=roster)
        launch(any_year.store, transaction, Launch(authority="khac", plan_yaml=plan, year=2025, calendar=any_year.calendar))
    with any_year.store.reading() as connection:
        works = [work for work in due_work(connection, now=any_year.slot(date(2025, 12, 31))) if work.authority == other]
        mine = connection.execute(select(OBLIGATION).where(OBLIGATION.c.authority_id != other).order_by(OBLIGATION.c.id)).all()
    later = any_year.slot(date(2025, 12, 31))
    lease = take_lease(any_year.store, other, holder="test", now=now)
    assert isinstance(lease, Lease)
    assert sum(advance(any_year.store, work, lease=lease, now=later, at_most=2000).obligations for work in works) == 6
    with any_year.store.reading() as connection:
        assert connection.execute(select(OBLIGATION).where(OBLIGATION.c.authority_id != other).order_by(OBLIGATION.c.id)).all() == mine


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The SQL statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)


def statements_of_a_step(store: Store, key: str, *, units: int) -> list[str]:
    calendar = shipped_calendar()
    launched_at = calendar.instant(date(2025, 1, 2), time(9, 0))
    plan, roster = synthetic_year(units, 1)
    with store.transaction(now=launched_at) as transaction:
        authority = found_authority(transaction, key=key, name=key, sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        launch(store, transaction, Launch(authority=key, plan_yaml=plan, year=2025, calendar=calendar))
    lease = take_lease(store, authority, holder="test", now=launched_at)
    assert isinstance(lease, Lease)
    now = launched_at + timedelta(days=300)
    with counted(store) as sent:
        with store.reading() as connection:
            works = [work for work in due_work(connection, now=now) if work.authority == authority and work.key != "upkeep"]
        assert advance(store, works[0], lease=lease, now=now, at_most=2000).obligations == units
    return sent


def test_a_step_sends_as_many_statements_for_thirty_as_for_one(any_store: Store) -> None:
    one = statements_of_a_step(any_store, "mot", units=1)
    thirty = statements_of_a_step(any_store, "ba-muoi", units=30)
    assert len(thirty) == len(one) <= 40
