"""The leader's page: its figures are those of the status table, whoever looks, in both languages."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update

from evaluation.actions import Remark
from evaluation.kinds import Role
from store.commands import moves
from store.queries.leader import read_standing
from store.queries.status_table import status_table
from store.queries.trend import Month, read_trend
from store.schema import NOTICE, OBLIGATION, PARTY
from tests.api.conftest import counted_queries, launch_again
from tests.api.console.test_pages import PAGE, seen
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from store.session import Store
    from tests.conftest import SmallYear

JANUARY = date(2025, 1, 1)


@pytest.fixture
def year(small_year: SmallYear) -> SmallYear:
    """Plans were due on 31 January: one came in time, one late, one was returned and its correction is late; the others are missing."""
    early, late = small_year.slot(date(2025, 1, 20)), small_year.slot(date(2025, 2, 5))
    small_year.tick(early)
    first, second, third, *_ = small_year.ids("plan")
    for ident, at in ((first, early), (third, early), (second, late)):
        small_year.tick(at)
        for act in (moves.prepare, moves.submit):
            small_year.move(act, ident, now=at)
    small_year.move(moves.return_for_correction, third, now=late, remark=Remark(reason="thiếu phụ lục"))
    small_year.tick(small_year.slot(date(2025, 2, 20)))
    return small_year


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return year.slot(date(2025, 2, 20))


@pytest.fixture
def office(year: SmallYear, now: datetime, tmp_path: Path) -> Iterator[Office]:
    with open_office(year, tmp_path, now=now) as office:
        yield office


def test_its_figures_are_those_of_the_status_table(year: SmallYear, now: datetime) -> None:
    with year.store.reading() as connection:
        standing, table = read_standing(connection, year.cycle, now=now), status_table(connection, year.cycle, now=now)
    totals = [unit["total"] for unit in table["units"]]
    assert standing.total.late == sum(one["late"] for one in totals) > 0
    assert standing.total.uncorrected == sum(one["uncorrected"] for one in totals) > 0
    by_unit = {unit["unit"]: unit["total"]["late"] for unit in table["units"] if unit["total"]["late"]}
    assert {one.key: one.late for one in standing.units} == by_unit
    assert standing.late_units == len(by_unit)
    begun = sum(sum(number for state, number in one["counts"].items() if state != "scheduled") for one in totals)
    assert standing.total.in_time + standing.total.done_late + standing.total.late == begun


def test_each_group_stands_for_itself(year: SmallYear, now: datetime) -> None:
    with year.store.reading() as connection:
        groups = {one.group: one for one in read_standing(connection, year.cycle, now=now).groups}
    assert set(groups) >= {"so", "xa"}
    assert sum(one.done_late for one in groups.values()) == 1


def test_the_trend_counts_the_first_submission(year: SmallYear, now: datetime) -> None:
    """A return for correction, and its being late, take nothing from a month that is over."""
    with year.store.reading() as connection:
        months = read_trend(connection, year.cycle, now=now)
        late = read_standing(connection, year.cycle, now=now).total
    plans = len(year.ids("plan"))
    assert months[0] == Month(first=JANUARY, in_time=2, late=1, missing=plans - 3)
    assert sum(one.missing for one in months) == late.late - late.uncorrected


def test_what_is_waived_or_taken_back_is_not_counted_as_come(year: SmallYear, now: datetime) -> None:
    fourth, *_ = year.ids("plan")[3:]
    with year.store.reading() as connection:
        before = read_trend(connection, year.cycle, now=now)[0]
    for act in (moves.prepare, moves.submit, moves.withdraw):
        year.move(act, fourth, now=now)
    with year.store.reading() as connection:
        assert read_trend(connection, year.cycle, now=now)[0] == before


def test_the_worst_come_first_with_how_long_and_what(office: Office) -> None:
    page = seen(office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/leader")
    worst = page[page.index('id="worst"') : page.index('id="asked"')]
    assert "Kế hoạch của đơn vị" in worst
    assert "20 ngày" in worst
    with office.year.store.reading() as connection:
        units = read_standing(connection, office.year.cycle, now=office.now).units
    assert re.findall(r'/units/([\w-]+)"', worst) == [one.key for one in units]
    assert [(one.late, one.since) for one in units] == sorted(((one.late, one.since) for one in units), key=lambda one: (-one[0], one[1]))


def test_the_chair_finds_what_was_reported_and_what_waits(office: Office) -> None:
    year = office.year
    with year.store.engine.begin() as connection:
        row = connection.execute(select(OBLIGATION).where(OBLIGATION.c.id == year.ids("plan")[3])).one()
        given = {"authority_id": row.authority_id, "cycle_id": row.cycle_id, "obligation_id": row.id, "at": office.now}
        told = {"cause": "r:1:1:T+20", "kind": "escalation-chair", "recipient": "c1", "slot_at": office.now}
        connection.execute(insert(NOTICE).values(given | told))
    page = seen(office.person("chu-tich", Role.HEAD), f"/cycles/{year.cycle}/leader")
    asked = page[page.index('id="asked"') : page.index('id="next"')]
    assert "1 việc quá hạn đã báo cáo Chủ tịch" in asked


@pytest.mark.parametrize(("lang", "words"), [("vi", "Lần nộp đầu đúng hạn, từ đầu năm"), ("en", "First submissions in time, so far")])
def test_it_speaks_both_languages_and_shows_its_tables(office: Office, lang: str, words: str) -> None:
    page = seen(office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/leader?lang={lang}")
    assert words in page
    for chart in ("groups-chart", "trend-chart"):
        assert f'<canvas id="{chart}"' in page
        assert f'data-chart="{chart}"' in page
    assert "vendor/chart.min.js" in page
    assert " style=" not in page


def test_who_may_not_read_the_status_sees_nothing(office: Office, store: Store) -> None:
    other = launch_again(store, key="khac", sandbox=False)
    path = f"/cycles/{office.year.cycle}/leader"
    unit, body = office.person("xa-1"), office.person("so-noi-vu")
    assert unit.client.get(path, headers=PAGE).status_code == 403
    assert f'href="{path}"' not in seen(unit, "/")
    assert f'href="{path}"' in seen(body, "/")
    assert body.client.get(f"/cycles/{other}/leader", headers=PAGE).status_code == 404
    assert "Thay đổi năm đang chạy" not in seen(office.person("chu-tich", Role.HEAD), path)


def test_a_name_is_escaped_here_too(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(PARTY).values(name="<b>Xã</b>"))
    page = seen(office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/leader")
    assert "<b>Xã</b>" not in page
    assert "&lt;b&gt;Xã&lt;/b&gt;" in page


def test_it_takes_as_many_queries_for_many_as_for_few(office: Office) -> None:
    body, path = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/leader"
    seen(body, path)
    counts = []
    for parties in (["xa-1"], ["xa-1", "xa-2", "so-tu-phap"]):
        with office.year.store.engine.begin() as connection:
            kept = select(PARTY.c.id).where(PARTY.c.key.in_(parties)).scalar_subquery()
            connection.execute(update(OBLIGATION).where(OBLIGATION.c.party_id.not_in(kept)).values(suspended=True))
        with counted_queries(office.year.store) as statements:
            seen(body, path)
        counts.append(len(statements))
        with office.year.store.engine.begin() as connection:
            connection.execute(update(OBLIGATION).values(suspended=False))
    assert counts[0] == counts[1]
