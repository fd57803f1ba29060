"""What is due now: of launched years alone, in the order of the plan, by one query over its indexes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from store.commands.cycle_moves import move_cycle
from store.queries.due import due_work

if TYPE_CHECKING:
    from tests.conftest import SmallYear


def due(year: SmallYear, now: datetime) -> list[str]:
    with year.store.reading() as connection:
        return [work.key for work in due_work(connection, now=now)]


@pytest.mark.parametrize(
    ("on", "keys"),
    [
        pytest.param(date(2025, 1, 2), [], id="before anything opens"),
        pytest.param(date(2025, 1, 6), ["plan", "upkeep"], id="the plan opens; the first digest"),
        pytest.param(date(2025, 3, 1), ["report", "plan", "upkeep"], id="the report opens too"),
    ],
)
def test_what_is_due_in_the_order_of_the_plan(any_year: SmallYear, on: date, keys: list[str]) -> None:
    assert due(any_year, any_year.slot(on)) == keys


def test_nothing_is_due_of_a_paused_year(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 3, 1))
    with any_year.store.transaction(now=now) as transaction:
        move_cycle(any_year.store, transaction, any_year.cycle, verb=CycleVerb.PAUSE, remark=Remark(reason="thử"))
    assert due(any_year, now) == []


def test_an_idle_tick_is_one_query(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(any_year.store.engine, "before_cursor_execute", note)
    any_year.tick(now)
    event.remove(any_year.store.engine, "before_cursor_execute", note)
    words = [statement.split()[0] for statement in sent]
    assert [word for word in words if word not in {"BEGIN", "PRAGMA", "SET"}] == ["SELECT"]


def test_sqlite_answers_from_the_index(small_year: SmallYear) -> None:
    with small_year.store.reading() as connection:
        plan = connection.execute(text("explain query plan select 1 from obligation where stage_id = 1 and next_at <= '2025-01-01'")).all()
    assert "ix_obligation_due" in str(plan)
