"""Leases: one engine acts for an authority; one that slept through its lease writes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from store.commands.steps import advance
from store.journal import database_clock
from store.leases import LEASE_SECONDS, Lease, LeaseLostError, fence, give_back, keep_leases, take_lease
from store.queries.due import due_work
from store.schema import LEASE

if TYPE_CHECKING:
    from store.session import Store
    from tests.conftest import SmallYear


def let_run_out(store: Store, *, now: object = None) -> None:
    """The holder has slept: its lease was last renewed longer ago than it lasts."""
    with store.engine.begin() as connection:
        past = database_clock(connection) - timedelta(seconds=LEASE_SECONDS + 1)
        connection.execute(update(LEASE).values(renewed_at=past))


def test_a_lease_is_taken_once_kept_and_passed_on_when_it_runs_out(any_year: SmallYear) -> None:
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    first = take_lease(store, 1, holder="a", now=now)
    assert first == Lease(authority=1, holder="a", epoch=1)
    assert take_lease(store, 1, holder="b", now=now) is None
    assert take_lease(store, 1, holder="a", now=now) == first
    let_run_out(store)
    assert take_lease(store, 1, holder="b", now=now) == Lease(authority=1, holder="b", epoch=2)
    assert take_lease(store, 1, holder="a", now=now) is None


def test_a_lease_given_back_is_free_at_once(any_year: SmallYear) -> None:
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    first = take_lease(store, 1, holder="a", now=now)
    assert first is not None
    give_back(store, holder=first.holder, now=now)
    second = take_lease(store, 1, holder="b", now=now)
    assert second is not None
    give_back(store, holder=first.holder, now=now)
    assert take_lease(store, 1, holder="c", now=now) is None, "only the holder gives back"


def test_an_engine_that_slept_through_its_lease_writes_nothing(any_year: SmallYear) -> None:
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    sleeper = take_lease(store, 1, holder="a", now=now)
    assert sleeper is not None
    with store.reading() as connection:
        work = due_work(connection, now=now)[0]
    let_run_out(store)
    waker = take_lease(store, 1, holder="b", now=now)
    assert waker is not None
    before = any_year.actions()
    with pytest.raises(LeaseLostError, match="another engine"):
        advance(store, work, lease=sleeper, now=now, at_most=1)
    assert any_year.actions() == before
    assert advance(store, work, lease=waker, now=now, at_most=1).obligations == 1


def test_a_tick_leaves_an_authority_to_the_engine_that_holds_it(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    take_lease(any_year.store, 1, holder="another engine", now=now)
    before = any_year.actions()
    ticked = any_year.tick(now)
    assert (len(ticked.elsewhere), ticked.obligations) == (1, 0)
    assert any_year.actions() == before
    let_run_out(any_year.store)
    assert any_year.tick(now).obligations == 4


def test_a_step_renews_its_lease(any_year: SmallYear) -> None:
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    lease = take_lease(store, 1, holder="a", now=now)
    assert lease is not None
    let_run_out(store)
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
    assert take_lease(store, 1, holder="b", now=now) is None


def test_of_many_engines_that_start_at_once_one_gets_the_lease(any_year: SmallYear) -> None:
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    start, got = Barrier(8), []

    def engine(name: str) -> None:
        start.wait()
        got.append(take_lease(store, 1, holder=name, now=now))

    threads = [Thread(target=engine, args=(f"e{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len([lease for lease in got if lease is not None]) == 1
    with store.reading() as connection:
        assert connection.execute(select(LEASE.c.epoch)).scalar_one() == 1


def test_an_engine_that_has_nothing_to_do_is_seen_to_be_there(any_year: SmallYear) -> None:
    """It takes what is nobody's, keeps what is its own, and leaves alone what another holds."""
    store, now = any_year.store, any_year.slot(date(2025, 1, 8))
    assert keep_leases(store, holder="a", now=now) == 1, "nobody had one yet"
    assert keep_leases(store, holder="b", now=now) == 0
    assert take_lease(store, 1, holder="b", now=now) is None
    let_run_out(store)
    assert keep_leases(store, holder="b", now=now) == 1
    assert take_lease(store, 1, holder="b", now=now) == Lease(authority=1, holder="b", epoch=2)
