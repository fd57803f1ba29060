"""The standing body's daily digest: once a working day, and only when there is something to tell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.kinds import MessageKind
from store.schema import JOURNAL, NOTICE
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from store.session import Store


def digests(year: SmallYear) -> list[tuple[date, dict[str, int]]]:
    with year.store.reading() as connection:
        rows = connection.execute(select(JOURNAL.c.at, JOURNAL.c.payload).where(JOURNAL.c.action == "digest").order_by(JOURNAL.c.number))
        return [(year.calendar.local_date(row.at), orjson.loads(row.payload)) for row in rows]


def test_a_digest_a_working_day_while_something_is_late(any_year: SmallYear) -> None:
    for day in range(8):
        on = date(2025, 2, 3) + timedelta(days=day)
        for hour in range(2):
            any_year.tick(any_year.slot(on) + timedelta(hours=hour))
    assert digests(any_year) == [(date(2025, 2, day), {"late": 4, "repairs": 0}) for day in (3, 4, 5, 6, 7, 10)]
    with any_year.store.reading() as connection:
        query = select(NOTICE.c.recipient, NOTICE.c.slot_at).where(NOTICE.c.kind == MessageKind.COORDINATOR_DIGEST.value)
        sent = connection.execute(query.order_by(NOTICE.c.id)).all()
    assert len({row.recipient for row in sent}) == 1
    assert [any_year.calendar.local_date(row.slot_at) for row in sent] == [on for on, _ in digests(any_year)]
    assert verify(any_year.store) == []


def test_nothing_late_nothing_sent(any_year: SmallYear) -> None:
    any_year.tick(any_year.slot(date(2025, 1, 8)))
    any_year.tick(any_year.slot(date(2025, 1, 9)))
    assert digests(any_year) == []


def test_a_clock_that_goes_back_sends_no_second_digest(any_year: SmallYear) -> None:
    for on in (date(2025, 2, 6), date(2025, 2, 5), date(2025, 2, 6)):
        any_year.tick(any_year.slot(on))
    assert [on for on, _ in digests(any_year)] == [date(2025, 2, 6)]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_plan_can_do_without(store: Store, *, wanted: bool) -> None:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("chair: chu-tich\n", f"chair: chu-tich\ndigest: {str(wanted).lower()}\n", 1)
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=yaml)
    year.tick(year.slot(date(2025, 2, 6)))
    assert bool(digests(year)) is wanted
