"""Upkeep: a repair is asked for once, opened by the tick, and asked for again only when it broke again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.obligations import State
from store.commands import moves
from store.schema import NOTICE, OBLIGATION
from store.upkeep import ask_upkeep
from store.verify import verify
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conftest import SmallYear


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    return now


def asked(year: SmallYear, *subjects: str, now: datetime) -> list[str]:
    """The subjects of all repairs after these were asked for."""
    with year.store.transaction(now=now) as transaction:
        ask_upkeep(transaction, load_year(year.store, transaction.connection, year.cycle, now=now), subjects)
    with year.store.reading() as connection:
        mine = OBLIGATION.c.id.in_(year.ids("upkeep"))
        return list(connection.execute(select(OBLIGATION.c.subject).where(mine).order_by(OBLIGATION.c.id)).scalars())


def repaired(year: SmallYear, ident: int, *, now: datetime) -> None:
    year.tick(now)
    year.move(moves.submit, ident, now=now)
    assert year.move(moves.accept, ident, now=now).state is State.ACCEPTED


def test_a_repair_is_asked_for_once_while_it_is_open(any_year: SmallYear, now: datetime) -> None:
    assert asked(any_year, "contact/5/head", now=now) == ["contact/5/head"]
    assert asked(any_year, "contact/5/head", "contact/6/head", now=now) == ["contact/5/head", "contact/6/head"]
    assert asked(any_year, now=now) == ["contact/5/head", "contact/6/head"]
    assert verify(any_year.store) == []


def test_what_broke_again_gets_a_number(any_year: SmallYear, now: datetime) -> None:
    asked(any_year, "contact/5/head", now=now)
    repaired(any_year, any_year.ids("upkeep")[0], now=now)
    assert asked(any_year, "contact/5/head", now=now) == ["contact/5/head", "contact/5/head/2"]
    repaired(any_year, any_year.ids("upkeep")[1], now=now)
    assert asked(any_year, "contact/5/head", now=now)[-1] == "contact/5/head/3"
    assert verify(any_year.store) == []


def test_the_standing_body_owes_it_and_is_told_by_the_next_tick(any_year: SmallYear, now: datetime) -> None:
    asked(any_year, "contact/5/head", now=now)
    any_year.tick(now)
    repair = any_year.obligation(any_year.ids("upkeep")[0])
    assert (repair.party, repair.state, repair.term.due_on) == (3, State.OPEN, None)
    with any_year.store.reading() as connection:
        kinds = connection.execute(select(NOTICE.c.kind).where(NOTICE.c.obligation_id == repair.id)).scalars().all()
    assert set(kinds) == {"contact-unreachable"}
