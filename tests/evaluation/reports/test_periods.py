"""Report periods: four a year, two of them cumulative, closed on day 14; and the days on which they are due, by every policy."""

from __future__ import annotations

from datetime import date

import pytest

from config.calendar_files import shipped_calendar
from evaluation.due_rules import Period, PeriodDate, Roll, Words, due_date
from evaluation.reports.periods import Nature, ReportPeriod, is_report_period, period_before, report_period


@pytest.mark.parametrize(
    ("key", "nature", "data", "name", "holds"),
    [
        pytest.param("2026-Q1", "quarter", ("2025-12-15", "2026-03-14"), "Báo cáo CCHC quý I năm 2026", (), id="the first quarter"),
        pytest.param(
            "2026-Q2",
            "cumulative",
            ("2025-12-15", "2026-06-14"),
            "Báo cáo CCHC 6 tháng đầu năm 2026",
            ("2026-Q1",),
            id="six months cumulate",
        ),
        pytest.param("2026-Q3", "quarter", ("2026-06-15", "2026-09-14"), "Báo cáo CCHC quý III năm 2026", (), id="the third quarter alone"),
        pytest.param(
            "2026-Q4", "cumulative", ("2025-12-15", "2026-12-14"), "Báo cáo CCHC năm 2026", ("2026-Q2", "2026-Q3"), id="the year cumulates"
        ),
    ],
)
def test_data_of_a_report(key: str, nature: str, data: tuple[str, str], name: str, holds: tuple[str, ...]) -> None:
    assert report_period(key) == ReportPeriod(
        key=key,
        nature=Nature(nature),
        data_from=date.fromisoformat(data[0]),
        data_to=date.fromisoformat(data[1]),
        name_vi=name,
        name_en=report_period(key).name_en,
        holds=holds,
    )


def test_cut_off_is_a_setting() -> None:
    late = report_period("2026-Q3", cut_off=31)
    assert (late.data_from, late.data_to, late.cut_off_on) == (date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 30))


def test_days_after_the_cut_off_of_december_are_next_years() -> None:
    assert report_period("2027-Q1").data_from == date(2026, 12, 15)


@pytest.mark.parametrize("key", ["2026", "2026-H1", "2026-Q5", "2026-Q1/2", ""])
def test_what_names_no_quarter_is_refused(key: str) -> None:
    assert not is_report_period(key)
    with pytest.raises(ValueError, match="names no quarter"):
        report_period(key)


def test_quarter_before_the_first_is_last_years() -> None:
    assert (period_before("2026-Q3"), period_before("2026-Q1")) == ("2026-Q2", "2025-Q4")


#: Of each quarter of 2024-2027: the last day in time of “trước ngày 20” and of “chậm nhất ngày 20” in its last month, not rolled, rolled
#: back, rolled forward. Read from a wall calendar: 20/09 and 20/12/2025, 20/06/2026 and 20/03/2027 are Saturdays, 20/09 and 20/12/2026 and
#: 20/06/2027 are Sundays, 20/09 and 20/12/2027 are Mondays; no public holiday falls there.
DUE = {
    "2024-Q1": ((19, 19, 19), (20, 20, 20)),
    "2024-Q2": ((19, 19, 19), (20, 20, 20)),
    "2024-Q3": ((19, 19, 19), (20, 20, 20)),
    "2024-Q4": ((19, 19, 19), (20, 20, 20)),
    "2025-Q1": ((19, 19, 19), (20, 20, 20)),
    "2025-Q2": ((19, 19, 19), (20, 20, 20)),
    "2025-Q3": ((19, 19, 19), (20, 19, 22)),
    "2025-Q4": ((19, 19, 19), (20, 19, 22)),
    "2026-Q1": ((19, 19, 19), (20, 20, 20)),
    "2026-Q2": ((19, 19, 19), (20, 19, 22)),
    "2026-Q3": ((19, 18, 21), (20, 18, 21)),
    "2026-Q4": ((19, 18, 21), (20, 18, 21)),
    "2027-Q1": ((19, 19, 19), (20, 19, 22)),
    "2027-Q2": ((19, 18, 21), (20, 18, 21)),
    "2027-Q3": ((19, 17, 20), (20, 20, 20)),
    "2027-Q4": ((19, 17, 20), (20, 20, 20)),
}
ROLLS = (Roll.NONE, Roll.BACK, Roll.FORWARD)


@pytest.mark.parametrize("key", DUE)
def test_due_day_of_every_quarter_under_each_policy(key: str) -> None:
    year, number = int(key[:4]), int(key[-1])
    found = tuple(
        tuple(
            due_date(
                PeriodDate(words=words, day=20, roll=roll),
                year=year,
                period=Period.quarter(year, number),
                anchors={},
                calendar=shipped_calendar(),
            ).last_on
            for roll in ROLLS
        )
        for words in (Words.BEFORE, Words.BY)
    )
    assert found == tuple(tuple(date(year, 3 * number, day) for day in days) for days in DUE[key])
