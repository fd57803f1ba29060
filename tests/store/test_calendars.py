"""Working calendars as stored: day for day what was entered, and once per version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.workdays import DayKind, ListedDay
from store.calendars import load_calendar
from store.commands.authorities import enter_calendar, found_authority
from store.schema import JOURNAL
from store.session import Store, open_store

if TYPE_CHECKING:
    from evaluation.workdays import Calendar

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)
SHIPPED = shipped_calendar()


@pytest.fixture
def founded(any_store: Store) -> Store:
    with any_store.transaction(now=NOW) as transaction:
        for key in ("mot", "hai"):
            found_authority(transaction, key=key, name=key, sandbox=True)
    return any_store


def entered(store: Store, calendar: Calendar, *, authority: int = 1) -> int:
    with store.transaction(now=NOW) as transaction:
        return enter_calendar(transaction, authority=authority, calendar=calendar)


def stored(store: Store, ident: int) -> Calendar:
    """As another process reads it, with nothing in memory."""
    other = open_store(store.engine.url.render_as_string(hide_password=False))
    try:
        with other.reading() as connection:
            return load_calendar(other, connection, ident)
    finally:
        other.close()


def test_a_calendar_comes_back_as_it_was_entered(founded: Store) -> None:
    back = stored(founded, entered(founded, SHIPPED))
    assert (back.version, back.zone, back.years) == (SHIPPED.version, SHIPPED.zone, SHIPPED.years)
    assert sorted(back.days, key=lambda day: day.on) == sorted(SHIPPED.days, key=lambda day: day.on)


def test_it_is_read_once(founded: Store) -> None:
    ident = entered(founded, SHIPPED)
    with founded.reading() as connection:
        assert load_calendar(founded, connection, ident) is load_calendar(founded, connection, ident)


def test_a_version_is_kept_once_per_authority(founded: Store) -> None:
    first = entered(founded, SHIPPED)
    assert entered(founded, SHIPPED) == first
    assert entered(founded, SHIPPED, authority=2) != first


def test_a_new_version_leaves_the_old_one_alone(founded: Store) -> None:
    old = entered(founded, SHIPPED)
    extra = ListedDay(on=date(2025, 6, 3), kind=DayKind.OFF, name="thử", source="thử", decision="1/QĐ", entered_on=date(2025, 1, 2))
    new = entered(founded, replace(SHIPPED, version="mới", days=(*SHIPPED.days, extra)))
    assert extra in stored(founded, new).days
    assert extra not in stored(founded, old).days


def test_the_journal_says_which_years_it_holds(founded: Store) -> None:
    entered(founded, SHIPPED)
    with founded.reading() as connection:
        payload = orjson.loads(connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "enter-calendar")).scalar_one())
    assert payload == {"version": SHIPPED.version, "years": {str(year): status.value for year, status in SHIPPED.years.items()}}
