"""What is owed on request: counted from the event by the law or by a date of its own, once, and counted anew when the calendar changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.workdays import DayKind, ListedDay
from store.commands.replanning import Change, replan
from store.commands.requested import Asked, RequestError, raise_on_request
from store.schema import TERM
from store.verify import verify
from store.years import load_year
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

REMEDY = """
  - key: remedy
    kind: improvement
    title: Khắc phục
    title_en: Remedy
    owed_by: {groups: [xa]}
    owed_to: so-noi-vu
    on_request: true
    opens: {count: 0, unit: calendar, from: event, roll: none}
    due: {count: 15, unit: calendar, from: event}
    deliverable: Báo cáo khắc phục
    ladder: standard
    words: 15 ngày kể từ ngày kết luận
    basis: kh-1
    source: none
"""
WHY = Remark(reason="lịch nghỉ mới", basis="03/QĐ-THU")
ASKED = Asked(stage="remedy", parties=(4,), subject="KL-01/1")


@pytest.fixture
def year(any_store: Store) -> SmallYear:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8") + REMEDY
    return launch_small(any_store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)


@pytest.fixture
def now(year: SmallYear) -> datetime:
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    return now


def asked(year: SmallYear, *, now: datetime, **other: Any) -> list[int]:
    with year.store.transaction(now=now) as transaction:
        return raise_on_request(transaction, load_year(year.store, transaction.connection, year.cycle, now=now), replace(ASKED, **other))


def test_nobody_owes_it_before_it_is_asked_for(year: SmallYear) -> None:
    assert year.ids("remedy") == []


def test_days_are_counted_from_the_event_and_roll_over_a_holiday(year: SmallYear, now: datetime) -> None:
    """15 days from 15/04/2025 end on Wednesday 30/04, a holiday, so with Monday 05/05 (Civil Code 2015, articles 147-148)."""
    (ident,) = asked(year, now=now)
    assert year.obligation(ident).term.due_on == date(2025, 5, 5)
    year.tick(now)
    assert year.obligation(ident).state is State.OPEN
    assert verify(year.store) == []


def test_the_event_may_lie_before_the_day_it_is_written_down(year: SmallYear, now: datetime) -> None:
    (ident,) = asked(year, now=now, event_on=date(2025, 4, 1))
    assert year.obligation(ident).term.due_on == date(2025, 4, 16)


def test_a_date_of_its_own_ends_at_its_hour_and_stands_when_the_calendar_changes(year: SmallYear, now: datetime) -> None:
    counted, dated = asked(year, now=now)[0], asked(year, now=now, subject="BC-01", due_on=date(2025, 4, 16), due_hour=time(11, 0))[0]
    assert year.obligation(dated).term.due_at == year.calendar.instant(date(2025, 4, 16), time(11, 0))
    year.tick(now)
    days = (
        *year.calendar.days,
        *(ListedDay(on=date(2025, 5, 5) + timedelta(days=more), kind=DayKind.OFF, name="thử", source="thử") for more in range(2)),
        ListedDay(on=date(2025, 4, 16), kind=DayKind.OFF, name="thử", source="thử"),
    )
    with year.store.transaction(now=now) as transaction:
        change = Change(calendar=replace(year.calendar, version="mới", days=days))
        preview = replan(year.store, transaction, year.cycle, change=change, remark=WHY)
    assert counted in {one.obligation for one in preview.moved}
    assert year.obligation(counted).term.due_on == date(2025, 5, 7)
    assert year.obligation(dated).term.due_on == date(2025, 4, 16)
    assert verify(year.store) == []


def test_verify_finds_a_counted_date_that_is_not_where_the_law_puts_it(year: SmallYear, now: datetime) -> None:
    (ident,) = asked(year, now=now)
    with year.store.transaction(now=now) as transaction:
        moved = update(TERM).where(TERM.c.obligation_id == ident).values(due_on=date(2025, 5, 6))
        transaction.connection.execute(moved)
    assert f"obligation {ident}: due on 2025-05-06, the plan says 2025-05-05" in "\n".join(verify(year.store))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"stage": "plan"}, "comes by the plan's calendar"),
        ({"stage": "nowhere"}, "no stage"),
        ({"parties": ()}, "no party"),
        ({"parties": (99,)}, "no party 99"),
        ({"parties": (4, 4)}, "one party twice"),
        ({"due_on": date(2025, 4, 14)}, "is over"),
        ({"due_on": date(2025, 4, 15), "due_hour": time(7, 0)}, "is over"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_whole(year: SmallYear, now: datetime, other: dict[str, Any], said: str) -> None:
    before = year.actions()
    with pytest.raises(RequestError, match=said):
        asked(year, now=now, **other)
    assert year.actions() == before


def test_the_same_is_not_asked_for_twice(year: SmallYear, now: datetime) -> None:
    (ident,) = asked(year, now=now)
    with pytest.raises(RequestError, match=str(ident)):
        asked(year, now=now, parties=(5, 4))
    assert year.ids("remedy") == [ident]
