"""By when a team is to have concluded an inspection, whatever day is set for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from evaluation.actions import Remark
from evaluation.terms import BY_PLAN, TermReason
from store.commands import moves
from store.commands.inspections.holding import schedule
from store.outbox.freezing import post_without_sending
from store.schema import NOTICE
from store.verify import verify
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

PLANS, AFTER = date(2025, 6, 30), date(2025, 8, 4)  # the plan's date; fifteen days after 20 July


@pytest.fixture
def year(store: Store) -> Inspected:
    return inspected_year(store)


@pytest.fixture
def now(year: Inspected) -> datetime:
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    return now


def told(year: Inspected, inspection: int) -> list[str]:
    """What people were told about an inspection, in order."""
    with year.store.reading() as connection:
        query = select(NOTICE.c.kind).where(NOTICE.c.obligation_id == inspection)
        return list(connection.execute(query.order_by(NOTICE.c.id)).scalars())


@pytest.mark.parametrize("kind", ["planned", "thematic", "surprise"])
def test_a_team_is_not_late_before_its_inspection(year: Inspected, now: datetime, kind: str) -> None:
    (inspection,) = year.plan("xa-1", now=now, kind=kind, theme="TTHC", day=date(2025, 5, 20))
    assert year.obligation(inspection).term.due_on == PLANS
    year.do(schedule, inspection, now=now, day=date(2025, 7, 20))
    assert year.obligation(inspection).term.due_on == AFTER
    year.tick(year.slot(date(2025, 7, 10)))
    assert "overdue" not in told(year, inspection)
    year.do(schedule, inspection, now=year.slot(date(2025, 7, 10)), day=date(2025, 7, 27))
    assert year.obligation(inspection).term.due_on == date(2025, 8, 11)
    assert verify(year.store) == []


def test_a_date_that_hangs_on_the_day_comes_back_with_it(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    year.do(schedule, inspection, now=now, day=date(2025, 7, 20))
    assert year.obligation(inspection).term.made_as is TermReason.EXTENSION, "no replan takes it away"
    year.tick(year.slot(date(2025, 4, 16)))
    assert told(year, inspection).count("dates-moved") == 1
    year.do(schedule, inspection, now=now, day=date(2025, 5, 20))
    assert year.obligation(inspection).term.due_on == PLANS
    assert year.obligation(inspection).term.made_as in BY_PLAN, "the plan's date again, which follows the plan"
    year.do(schedule, inspection, now=now, day=date(2025, 5, 21))
    assert year.obligation(inspection).term.number == 3, "no term for nothing"
    assert verify(year.store) == []


def test_a_unit_that_got_the_letter_hears_at_once_that_the_day_has_moved(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now, day=date(2025, 4, 29))
    read = year.slot(date(2025, 4, 23))
    year.tick(read)
    post_without_sending(year.store, read)
    assert told(year, inspection).count("inspection-notice") == 2, "head and officer"
    year.do(schedule, inspection, now=read, day=date(2025, 4, 29))
    year.tick(year.slot(date(2025, 4, 24)))
    assert told(year, inspection).count("inspection-notice") == 2, "the same day again is no news"
    year.do(schedule, inspection, now=year.slot(date(2025, 4, 24)), day=date(2025, 6, 20))
    for on in (date(2025, 4, 24), date(2025, 4, 25), date(2025, 6, 17)):
        year.tick(year.slot(on))
        assert told(year, inspection).count("inspection-notice") == 4, "once more, at once"
    assert verify(year.store) == []


def test_a_day_that_moves_before_the_letter_has_left_is_told_to_nobody(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now, day=date(2025, 4, 29))
    year.tick(year.slot(date(2025, 4, 23)))
    year.do(schedule, inspection, now=year.slot(date(2025, 4, 23)), day=date(2025, 6, 20))
    with year.store.reading() as connection:
        first = select(NOTICE.c.cancelled).where(NOTICE.c.kind == "inspection-notice")
        assert connection.execute(first).scalars().all() == [True, True]
    year.tick(year.slot(date(2025, 4, 24)))
    assert told(year, inspection).count("inspection-notice") == 2, "the new day is told when it is near"
    assert verify(year.store) == []


def test_a_date_that_a_person_gave_stands_unless_the_day_comes_after_it(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now, day=date(2025, 5, 20))
    year.move(moves.extend, inspection, now=now, due_on=date(2025, 8, 29), remark=Remark(reason="đoàn bận"))
    year.do(schedule, inspection, now=now, day=date(2025, 7, 20))
    assert year.obligation(inspection).term.due_on == date(2025, 8, 29)
    year.do(schedule, inspection, now=now, day=date(2025, 9, 10))
    assert year.obligation(inspection).term.due_on == date(2025, 9, 25)
    assert verify(year.store) == []


def test_a_team_is_pressed_although_its_units_cannot_be_told(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now, day=date(2025, 6, 20))
    year.tick(now)
    with year.store.engine.begin() as connection:
        broken = "create trigger broken before update of told_at on inspection begin select raise(abort, 'broken'); end"
        connection.execute(text(broken))
    near = year.slot(date(2025, 6, 23))
    assert year.tick(near).failed
    assert "inspection-notice" not in told(year, inspection)
    assert "reminder-before-due" in told(year, inspection), "the team all the same"
    with year.store.engine.begin() as connection:
        connection.execute(text("drop trigger broken"))
    assert year.tick(near).failed == 0
    assert told(year, inspection).count("inspection-notice") == 2
    assert verify(year.store) == []
