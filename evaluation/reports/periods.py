"""
Report periods: which data a periodic report of a quarter tells of, and what it is called.

Four a year (CV 581/BNV-CCHC): the first quarter and the third are told alone, the second and the fourth cumulate, as the reports of six
months and of the year. Data are closed on a cut-off day, 14 unless the plan says otherwise; the days after it, and those of December after
it, belong to the next report: 15/12 of the year before to 14/03, to 14/06, 15/06 to 14/09, 15/12 of the year before to 14/12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.due_rules import in_month
from evaluation.workdays import ONE_DAY

if TYPE_CHECKING:
    from datetime import date

#: The day of the period's last month on which its data are closed (CV 581/BNV-CCHC).
CUT_OFF_DAY = 14
_KEY = re.compile(r"(\d{4})-Q([1-4])")
_DECEMBER = 12
_SECOND, _THIRD, _FOURTH = 2, 3, 4


class Nature(StrEnum):
    """What the data of a report span."""

    QUARTER = "quarter"  #: the quarter alone
    CUMULATIVE = "cumulative"  #: from the beginning of the reporting year


@dataclass(frozen=True, kw_only=True)
class ReportPeriod:
    """One of the four reports of a year."""

    key: str  #: `2026-Q1`
    nature: Nature
    data_from: date
    data_to: date  #: included: the day on which the data are closed
    name_vi: str
    name_en: str
    holds: tuple[str, ...] = ()  #: keys of earlier reports of the year that a cumulative one holds, none of them twice

    @property
    def cut_off_on(self) -> date:
        """The day on which the data are closed."""
        return self.data_to

    def name(self, language: str) -> str:
        """Return what the report is called, in `vi` or `en`."""
        return self.name_vi if language == "vi" else self.name_en


#: Of each quarter: its name in Vietnamese and in English.
_NAMES = {
    1: ("Báo cáo CCHC quý I năm {year}", "PAR report, first quarter of {year}"),
    2: ("Báo cáo CCHC 6 tháng đầu năm {year}", "PAR report, first six months of {year}"),
    3: ("Báo cáo CCHC quý III năm {year}", "PAR report, third quarter of {year}"),
    4: ("Báo cáo CCHC năm {year}", "PAR report, year {year}"),
}


def report_period(key: str, *, cut_off: int = CUT_OFF_DAY) -> ReportPeriod:
    """
    Return the report of a quarter by its period key, `2026-Q1`.

    A cut-off day that the month lacks is the month's last.

    Raises:
        ValueError: the key names no quarter.

    """
    found = _KEY.fullmatch(key)
    if found is None:
        msg = f"“{key}” names no quarter: write it like 2026-Q1"
        raise ValueError(msg)
    year, number = int(found[1]), int(found[2])
    vi, en = _NAMES[number]
    return ReportPeriod(
        key=key,
        nature=Nature.CUMULATIVE if number in {_SECOND, _FOURTH} else Nature.QUARTER,
        data_from=_closed(year, 6, cut_off) + ONE_DAY if number == _THIRD else _closed(year - 1, _DECEMBER, cut_off) + ONE_DAY,
        data_to=_closed(year, 3 * number, cut_off),
        name_vi=vi.format(year=year),
        name_en=en.format(year=year),
        holds={_SECOND: (f"{year}-Q1",), _FOURTH: (f"{year}-Q2", f"{year}-Q3")}.get(number, ()),
    )


def _closed(year: int, month: int, cut_off: int) -> date:
    return in_month(year, month, cut_off)


def is_report_period(key: str) -> bool:
    """Return whether a subject names a quarter."""
    return _KEY.fullmatch(key) is not None


def period_before(key: str) -> str:
    """Return the key of the quarter before."""
    year, number = (int(part) for part in key.split("-Q"))
    return f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q{_FOURTH}"
