"""The demo: whatever the day it is made on, something is late, returned, extended and due, and the store holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from flows.demo import demo_is_made, demo_setting, make_demo
from store.migrating import migrate
from store.session import open_store
from store.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store

UNITS = 10
BROKEN_OFF_ON = 200  #: its day
A_WEEK = 7
#: Twelve first days of months, 2026 to 2030; each month of the year once.
DAYS = [
    date(2026, 3, 1),
    date(2026, 7, 1),
    date(2026, 12, 1),
    date(2027, 1, 1),
    date(2027, 5, 1),
    date(2027, 9, 1),
    date(2028, 2, 1),
    date(2028, 6, 1),
    date(2029, 4, 1),
    date(2029, 10, 1),
    date(2030, 8, 1),
    date(2030, 11, 1),
]


def counted(store: Store, sql: str) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql(sql).scalar_one())


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "today", [pytest.param(day, id=day.isoformat(), marks=() if day in DAYS[2::5] else pytest.mark.soak) for day in DAYS]
)
def test_the_demo_looks_alive(tmp_path: Path, today: date) -> None:
    calendar = shipped_calendar()
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}", durable=False)
    migrate(store)
    assert not demo_is_made(store)
    make_demo(store, demo_setting(today=today, calendar=calendar, units=UNITS))
    assert demo_is_made(store)
    now = calendar.instant(today).strftime("%Y-%m-%d %H:%M:%S")
    current = "obligation o join term t on t.obligation_id = o.id and t.number = o.term"
    live = "o.state not in ('accepted', 'waived', 'transferred') and o.released"
    assert counted(store, f"select count(*) from {current} where {live} and t.turn = 'party' and t.due_at <= '{now}'") > 0, "late"  # noqa: S608
    assert counted(store, f"select count(*) from {current} where {live} and t.due_at > '{now}'") > 0, "due"  # noqa: S608
    assert counted(store, "select count(*) from obligation where rounds > 0") > 0, "returned"
    assert counted(store, "select count(*) from term where reason = 'extension'") > 0, "extended"
    assert counted(store, "select count(*) from cycle") == 2, "two years overlap"
    assert counted(store, "select count(*) from notice where message_id is null and not cancelled") > 0, "mail waits for the engine"
    assert verify(store) == []
    store.close()


class BrokenOffError(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_demo_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    calendar = shipped_calendar()
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}", durable=False)
    migrate(store)
    setting = demo_setting(today=date(2026, 3, 1), calendar=calendar, units=4)

    whole: list[int] = []

    def break_off(day: int, total: int) -> None:
        whole.append(total)
        if day == BROKEN_OFF_ON:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        make_demo(store, setting, progress=break_off)
    assert not demo_is_made(store)
    left: list[int] = []
    make_demo(store, setting, progress=lambda _day, total: left.append(total))
    assert demo_is_made(store)
    assert whole[0] - BROKEN_OFF_ON <= left[0] <= whole[0] - BROKEN_OFF_ON + A_WEEK, "not from the beginning again"
    assert counted(store, "select count(*) from cycle") == 2, "no year is launched twice"
    assert verify(store) == []
    store.close()
