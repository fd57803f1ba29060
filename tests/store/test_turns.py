"""The turn of a stage: a step acts while the cycle runs, the stage is released, and its next moment has come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from evaluation.kinds import StageKind
from store.commands.steps import Work, turn_of
from store.leases import take_lease
from store.schema import CYCLE, STAGE

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conftest import SmallYear

EARLIER, NOW, LATER = (date(2025, 1, day) for day in (7, 8, 9))


@pytest.mark.parametrize(
    ("released", "wakes", "state", "its_turn"),
    [
        (EARLIER, NOW, "launched", True),
        (EARLIER, LATER, "launched", False),
        (EARLIER, None, "launched", False),
        (None, NOW, "launched", False),
        (EARLIER, NOW, "paused", False),
    ],
)
def test_a_stage_acts_in_its_turn_alone(
    small_year: SmallYear, released: date | None, wakes: date | None, state: str, *, its_turn: bool
) -> None:
    at: dict[date | None, datetime] = {day: small_year.slot(day) for day in (EARLIER, NOW, LATER)}
    now, store = at[NOW], small_year.store
    lease = take_lease(store, 1, holder="test", now=now)
    assert lease is not None
    with store.engine.begin() as connection:
        times = {"released_at": at.get(released), "next_at": at.get(wakes)}
        stage = connection.execute(update(STAGE).where(STAGE.c.key == "report").values(times).returning(STAGE.c.id)).scalar_one()
        connection.execute(update(CYCLE).values(state=state))
    with store.transaction(now=now) as transaction:
        work = Work(authority=1, cycle=small_year.cycle, stage=stage, key="report", kind=StageKind.QUARTERLY_REPORT)
        turn = turn_of(store, transaction, work, lease=lease, now=now)
    assert (turn is not None) is its_turn
