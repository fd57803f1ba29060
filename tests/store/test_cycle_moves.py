"""Pausing, resuming, closing and cancelling: one statement stops a year's rungs and its mail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.cycles import CycleMoveError, CycleState, CycleVerb
from evaluation.kinds import MessageKind
from store.commands.cycle_moves import move_cycle
from store.schema import NOTICE
from store.verify import verify
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conftest import SmallYear

WHY = Remark(reason="thiên tai", basis="02/QĐ-THU")


def moved(year: SmallYear, verb: CycleVerb, *, now: datetime) -> CycleState:
    with year.store.transaction(now=now) as transaction:
        return move_cycle(year.store, transaction, year.cycle, verb=verb, remark=WHY)


def told(year: SmallYear, kind: MessageKind) -> list[str]:
    with year.store.reading() as connection:
        query = select(NOTICE.c.recipient).where(NOTICE.c.kind == kind.value).order_by(NOTICE.c.recipient)
        return list(connection.execute(query).scalars())


def test_a_paused_year_fires_no_rung_and_goes_on_where_it_stood(any_year: SmallYear) -> None:
    opened, reminded = any_year.slot(date(2025, 1, 8)), any_year.slot(date(2025, 1, 24))
    any_year.tick(opened)
    assert moved(any_year, CycleVerb.PAUSE, now=opened) is CycleState.PAUSED
    before = any_year.actions()
    any_year.tick(reminded)
    assert any_year.actions() == before
    assert moved(any_year, CycleVerb.RESUME, now=reminded) is CycleState.LAUNCHED
    any_year.tick(reminded)
    assert any_year.actions().count("tick") > before.count("tick")
    assert verify(any_year.store) == []


def test_everyone_who_still_owes_is_told_once_and_at_once(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    moved(any_year, CycleVerb.PAUSE, now=now)
    owing = told(any_year, MessageKind.CYCLE_PAUSED)
    assert len(owing) == len(set(owing)) == 4
    with any_year.store.reading() as connection:
        query = select(NOTICE.c.slot_at).where(NOTICE.c.kind == MessageKind.CYCLE_PAUSED.value).distinct()
        assert connection.execute(query).scalars().all() == [now]
    moved(any_year, CycleVerb.RESUME, now=now)
    assert told(any_year, MessageKind.CYCLE_RESUMED) == owing


@pytest.mark.parametrize("verb", [CycleVerb.CLOSE, CycleVerb.CANCEL])
def test_the_end_of_a_year_takes_back_what_waits_for_the_post(any_year: SmallYear, verb: CycleVerb) -> None:
    now = any_year.slot(date(2025, 1, 24))
    any_year.tick(now)
    assert any_year.scalar("select count(*) from notice where not cancelled") > 0
    moved(any_year, verb, now=now)
    kinds = "'cycle-cancelled'"
    assert any_year.scalar(f"select count(*) from notice where not cancelled and kind <> {kinds}") == 0  # noqa: S608
    before = any_year.actions()
    any_year.tick(any_year.slot(date(2025, 3, 3)))
    assert any_year.actions() == before
    assert verify(any_year.store) == []


def test_what_a_state_does_not_allow_is_refused_with_what_it_does(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    with pytest.raises(CycleMoveError, match="allowed: pause, close, cancel"):
        moved(any_year, CycleVerb.RESUME, now=now)
    moved(any_year, CycleVerb.CANCEL, now=now)
    with pytest.raises(CycleMoveError, match="allowed: nothing"):
        moved(any_year, CycleVerb.PAUSE, now=now)
    with pytest.raises(NoSuchCycleError, match="99"), any_year.store.transaction(now=now) as transaction:
        move_cycle(any_year.store, transaction, 99, verb=CycleVerb.PAUSE, remark=WHY)


def test_reason_and_document_are_journaled(any_year: SmallYear) -> None:
    moved(any_year, CycleVerb.PAUSE, now=any_year.slot(date(2025, 1, 8)))
    payload = any_year.scalar("select payload from journal where action = 'pause'")
    assert payload == '{"basis":"02/QĐ-THU","reason":"thiên tai","state":"paused"}'
