"""A year entered anew."""

from __future__ import annotations

from datetime import date

from config.calendar_files import shipped_calendar
from config.calendar_years import with_year
from evaluation.workdays import DayKind, ListedDay, YearStatus

OFF = ListedDay(on=date(2028, 3, 15), kind=DayKind.OFF, name="Nghỉ thử", source="bài thử")


def test_a_year_is_replaced_and_the_others_stay() -> None:
    before = shipped_calendar()
    after = with_year(before, year=2028, days=[OFF], status=YearStatus.DECIDED)
    assert [day for day in after.days if day.on.year == 2028] == [OFF]
    assert [day for day in after.days if day.on.year != 2028] == [day for day in before.days if day.on.year != 2028]
    assert (after.status(2028), after.status(2029)) == (YearStatus.DECIDED, YearStatus.PROJECTED)
    assert not after.is_workday(OFF.on)


def test_the_version_says_what_the_calendar_says() -> None:
    def version(*days: ListedDay, status: YearStatus = YearStatus.DECIDED) -> str:
        return with_year(shipped_calendar(), year=2028, days=days, status=status).version

    assert version(OFF) == version(OFF)
    assert len({version(OFF), version(), version(OFF, status=YearStatus.PROJECTED), shipped_calendar().version}) == 4
