"""The plan's page: the picture of the year, the table behind it, and what differs from the year before."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from api.console.gantt import Scale, bar_of, off_days_of, scale_of
from config.calendar_files import shipped_calendar
from config.loader import parse_plan
from evaluation.kinds import Role
from evaluation.projection import project_plan
from store.commands.launching import Launch, launch
from tests.api.conftest import counted_queries, launch_again
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}
YAML = SMALL_PLAN.read_text(encoding="utf-8")
CALENDAR = shipped_calendar()


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def seen(who: Browser, cycle: int, *, lang: str = "vi") -> str:
    answer = who.client.get(f"/cycles/{cycle}/plan?lang={lang}", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def next_year(office: Office, yaml: str) -> int:
    now = CALENDAR.instant(date(2026, 1, 5), time(9, 0))
    with office.year.store.transaction(now=now) as transaction:
        order = Launch(authority="thu", plan_yaml=yaml, year=2026, calendar=CALENDAR, accept_projection=True)
        return launch(office.year.store, transaction, order).cycle


def test_who_may_see_the_plan(office: Office) -> None:
    path = f"/cycles/{office.year.cycle}/plan"
    allowed = {
        who: office.person(*who).client.get(path, headers=PAGE).status_code
        for who in (("so-noi-vu", Role.OFFICER), ("xa-2", Role.AUDITOR), ("chu-tich", Role.HEAD), ("xa-1", Role.OFFICER))
    }
    assert list(allowed.values()) == [200, 200, 200, 403]
    launch_again(office.year.store, key="that", sandbox=False)
    stranger = office.person("so-noi-vu", authority="that")
    assert stranger.client.get(path, headers=PAGE).status_code == 404


def test_each_line_stands_word_by_word_in_the_table(office: Office) -> None:
    page = seen(office.person("so-noi-vu"), office.year.cycle)
    line = page[page.index('id="line-report"') : page.index('id="line-plan"')]
    for words in (
        "trước ngày 20 tháng cuối quý",
        "Kế hoạch số 1 của UBND thử",
        "hạn hết thứ Tư 19/03/2025",
        "khóa ",
        "quý II/2025",
        "qua Sở 01",
        "Phối hợp:",
        "7 ngày trước hạn",
        "1 ngày trước khi khóa",
        "Sắp đến hạn",
        "Xã 001",
    ):
        assert words in line, words
    summary = page[page.index('id="line-summary"') :]
    assert "sau khi mọi đơn vị làm xong “Kế hoạch của đơn vị”" in summary


def test_the_picture_says_in_words_what_it_shows(office: Office) -> None:
    page = seen(office.person("so-noi-vu"), office.year.cycle)
    assert re.search(r'role="img" aria-label="mở 06/01/2025, hạn hết thứ Sáu 31/01/2025, xong 0/\d"', page)
    assert "gantt-today" in page
    assert "Tết" in page[page.index('class="gantt-holiday"') :]
    assert " style=" not in page


def test_a_line_that_is_late_and_one_that_is_done_look_so(office: Office) -> None:
    body, year = office.person("so-noi-vu"), office.year
    year.deliver("plan", now=office.now)
    assert '<g class="gantt-done"><title>mở 06/01/2025' in seen(body, year.cycle)
    office.now = year.slot(date(2025, 4, 1))
    year.tick(office.now)
    assert re.search(r'<g class="gantt-late"><title>quý I/2025', seen(body, year.cycle))


def test_the_first_year_has_nothing_to_compare_with(office: Office) -> None:
    assert "Chưa có năm nào trước đó" in seen(office.person("so-noi-vu"), office.year.cycle)


def test_what_differs_from_the_year_before_is_told(office: Office) -> None:
    changed = YAML.replace("{by: Y-01-31}", "{by: Y-02-03}").replace("chậm nhất ngày 31 tháng 01", "chậm nhất ngày 03 tháng 02")
    changed = changed.replace("owed_by: {groups: [so, xa]}", "owed_by: {groups: [xa]}")
    cycle = next_year(office, changed[: changed.index("  - key: after-lock")])
    body = office.person("so-noi-vu")
    page = seen(body, cycle)
    differs = page[page.index('id="changed"') :]
    assert "Khác gì so với năm 2025" in differs
    for words in (
        "Hạn: 31/01/2025 → 03/02/2026, muộn hơn 3 ngày",
        "trước là “chậm nhất ngày 31 tháng 01”, nay là “chậm nhất ngày 03 tháng 02”",
        "Không còn đơn vị: Sở 01 (tên chưa có nguồn), Sở 02 (tên chưa có nguồn)",
        "Năm nay không còn",
    ):
        assert words in differs, words
    assert "3 days later" in seen(body, cycle, lang="en")


def test_a_longer_plan_takes_no_more_queries(office: Office) -> None:
    short = launch_again(office.year.store, key="ngan", sandbox=False, yaml=YAML[: YAML.index("  - key: summary")])
    counts = []
    for who, cycle in ((office.person("so-noi-vu", authority="ngan"), short), (office.person("so-noi-vu"), office.year.cycle)):
        seen(who, cycle)
        with counted_queries(office.year.store) as statements:
            seen(who, cycle)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_days_off_are_joined_and_swaps_are_told_apart() -> None:
    bands = off_days_of(Scale(first=date(2026, 1, 1), last=date(2026, 1, 31)), calendar=CALENDAR)
    kinds = [(one.kind, one.words.rpartition("(")[2].rstrip(")")) for one in bands]
    assert ("makeup", "10/01/2026") in kinds
    assert ("weekend", "11/01/2026") in kinds
    assert ("weekend", "17/01 – 18/01/2026") in kinds
    assert ("holiday", "02/01/2026") in kinds


def test_a_bar_reaches_to_the_end_of_its_last_day() -> None:
    windows = project_plan(parse_plan(YAML, file="plan"), year=2025, calendar=CALENDAR, known={})
    plan = next(one for one in windows if one.stage.key == "plan")
    bar = bar_of(Scale(first=date(2025, 1, 1), last=date(2025, 1, 31)), plan, words="", tone="idle")
    assert bar is not None
    assert (bar.x, bar.due, bar.lock) == (f"{100 * 5 / 31:.3f}%", "100.000%", "")


def test_the_picture_shows_whole_months() -> None:
    windows = project_plan(parse_plan(YAML, file="plan"), year=2025, calendar=CALENDAR, known={})
    scale = scale_of(windows, today=date(2025, 1, 7))
    assert (scale.first.day, scale.last) == (1, date(2025, 7, 31))
    assert scale_of([], today=date(2025, 12, 7)) == Scale(first=date(2025, 12, 1), last=date(2025, 12, 31))
