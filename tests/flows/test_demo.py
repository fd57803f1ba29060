"""The demo: whatever the day it is made on, something is late, returned, extended and due, and the store holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from evaluation.kinds import StageKind
from flows.demo import demo_is_made, demo_setting, make_demo
from store.files import open_files
from store.queries.editions import bundle_of_edition, list_published, list_rewards, tables_published
from store.verify import verify

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.session import Store

UNITS = 14
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
BROKEN_OFF = DAYS[7]  #: the day on which the demo is made in two goes


def counted(store: Store, sql: str) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql(sql).scalar_one())


def looks_alive(store: Store, now: datetime) -> None:
    """Something of everything that people come to see is there at an instant, and the store holds."""
    moment = now.strftime("%Y-%m-%d %H:%M:%S")
    current = "obligation o join term t on t.obligation_id = o.id and t.number = o.term"
    live = "o.state not in ('accepted', 'waived', 'transferred') and o.released"
    assert demo_is_made(store)
    assert counted(store, f"select count(*) from {current} where {live} and t.turn = 'party' and t.due_at <= '{moment}'") > 0, "late"  # noqa: S608
    assert counted(store, f"select count(*) from {current} where {live} and t.due_at > '{moment}'") > 0, "due"  # noqa: S608
    assert counted(store, "select count(*) from obligation where rounds > 0") > 0, "returned"
    assert counted(store, "select count(*) from term where reason = 'extension'") > 0, "extended"
    assert counted(store, "select count(*) from cycle") == 2, "two years overlap, and none is launched twice"
    assert counted(store, "select count(*) from notice where message_id is null and not cancelled") > 0, "mail waits for the engine"
    assert verify(store) == []


@pytest.mark.soak  # the one that is broken off is looked at as closely, in every run
@pytest.mark.timeout(900)
@pytest.mark.parametrize("today", [pytest.param(day, id=day.isoformat()) for day in DAYS if day != BROKEN_OFF])
def test_the_demo_looks_alive(store: Store, today: date) -> None:
    calendar = shipped_calendar()
    assert not demo_is_made(store)
    make_demo(store, demo_setting(today=today, calendar=calendar, units=UNITS))
    looks_alive(store, calendar.instant(today))


def last_year_is_finished(store: Store) -> None:
    """Nothing of last year is owed, its letters are signed; its results stand on scores alone, and the best were rewarded."""
    of_last = "select s.key from obligation o join stage s on s.id = o.stage_id join cycle c on c.id = o.cycle_id"
    owed = "c.year = (select min(year) from cycle) and o.state not in ('accepted', 'waived', 'transferred')"
    with store.reading() as connection:
        assert connection.exec_driver_sql(f"{of_last} where {owed}").scalars().all() == []
        (edition,) = list_published(connection)
        bundle = bundle_of_edition(connection, edition.id)
        rewarded = {one.unit for one in list_rewards(connection, edition.cycle)}
        assert connection.exec_driver_sql("select count(*) from paper where state = 'signed'").scalar_one() > 0
        weak = "select payload from journal where action = 'import-weak-criteria' order by number desc"
        taken = connection.exec_driver_sql(weak).scalars().first()
    assert bundle["accepted"] == "", "no leaf counts 0 for want of a score"
    assert rewarded == {line.contender.unit for table in tables_published(bundle) for line in table.lines[:2]}
    assert edition.sha256 in str(taken), "what is weak this year is what was published of the last"


class BrokenOffError(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.mark.timeout(900)
def test_a_demo_that_was_broken_off_goes_on(store: Store, tmp_path: Path) -> None:
    calendar, files = shipped_calendar(), open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx")
    setting = demo_setting(today=BROKEN_OFF, calendar=calendar, units=UNITS)

    whole: list[int] = []

    def break_off(day: int, total: int) -> None:
        whole.append(total)
        if day == BROKEN_OFF_ON:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        make_demo(store, setting, progress=break_off, files=files)
    assert not demo_is_made(store)
    left: list[int] = []
    make_demo(store, setting, progress=lambda _day, total: left.append(total), files=files)
    assert whole[0] - BROKEN_OFF_ON <= left[0] <= whole[0] - BROKEN_OFF_ON + A_WEEK, "not from the beginning again"
    looks_alive(store, calendar.instant(BROKEN_OFF))
    last_year_is_finished(store)


def test_fewer_units_are_inspected_by_the_same_share() -> None:
    calendar = shipped_calendar()
    asked = {units: demo_setting(today=BROKEN_OFF, calendar=calendar, units=units) for units in (20, 40, 138, 200)}
    named = {
        units: [len(one.about.keys) for one in of.plan.stages if one.kind is StageKind.INSPECTION and one.about]
        for units, of in asked.items()
    }
    assert named == {20: [3, 2], 40: [3, 6], 138: [3, 25], 200: [3, 25]}
    assert [sum(bool(party.group) and not party.exempt for party in of.roster.parties) for of in asked.values()] == [20, 40, 138, 200]
