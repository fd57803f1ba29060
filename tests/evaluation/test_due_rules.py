"""Due rules against the law's own examples: what a plan's words come to, on the shipped calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from config.calendar_files import shipped_calendar
from evaluation.due_rules import (
    CountedPeriod,
    DayUnit,
    Deadline,
    DueRule,
    FixedDate,
    MissingAnchorError,
    Period,
    PeriodDate,
    PeriodMonth,
    Roll,
    Words,
    due_date,
)
from evaluation.workdays import Calendar, UnknownYearError

CALENDAR = shipped_calendar()
ONE_DAY = timedelta(days=1)


def due(rule: DueRule, *, year: int = 2026, period: Period | None = None, calendar: Calendar = CALENDAR, **anchors: date) -> Deadline:
    return due_date(rule, year=year, period=period, anchors=anchors, calendar=calendar)


def counted(count: int, unit: DayUnit = DayUnit.CALENDAR, **changes: object) -> CountedPeriod:
    return CountedPeriod(count=count, unit=unit, anchor="release", **changes)  # type: ignore[arg-type]


def fixed(words: Words, month: int, day: int, **changes: object) -> FixedDate:
    return FixedDate(words=words, month=month, day=day, **{"year_offset": 0, **changes})  # type: ignore[arg-type]


# Counted periods: Civil Code 2015, articles 147-148


@pytest.mark.parametrize(
    ("event_on", "nominal_on", "last_on"),
    [
        pytest.param(
            date(2026, 4, 15), date(2026, 4, 30), date(2026, 5, 4), id="15 days from 15/04/2026: 30/04 is a holiday, ends Mon 04/05"
        ),
        pytest.param(
            date(2025, 12, 26), date(2026, 1, 10), date(2026, 1, 10), id="15 days from 26/12/2025: Sat 10/01 is a make-up day, stays"
        ),
        pytest.param(
            date(2026, 8, 16), date(2026, 8, 31), date(2026, 9, 3), id="15 days from 16/08/2026: Mon 31/08 is swapped off, ends Thu 03/09"
        ),
        pytest.param(
            date(2025, 12, 18), date(2026, 1, 2), date(2026, 1, 5), id="15 days from 18/12/2025: Fri 02/01 is swapped off, ends Mon 05/01"
        ),
        pytest.param(
            date(2026, 3, 2), date(2026, 3, 17), date(2026, 3, 17), id="15 days from 02/03/2026: Tue 17/03, the first day not counted"
        ),
        pytest.param(
            date(2024, 4, 19), date(2024, 5, 4), date(2024, 5, 4), id="15 days from 19/04/2024: Sat 04/05 is a make-up day, stays"
        ),
    ],
)
def test_fifteen_days_from_the_event(event_on: date, nominal_on: date, last_on: date) -> None:
    deadline = due(counted(15), release=event_on)
    assert (deadline.nominal_on, deadline.last_on) == (nominal_on, last_on)
    assert deadline.at == CALENDAR.instant(last_on + ONE_DAY)


@pytest.mark.parametrize(
    ("rule", "event_on", "last_on"),
    [
        pytest.param(counted(5, DayUnit.WORKING), date(2026, 1, 6), date(2026, 1, 12), id="5 working days from Tue 06/01/2026: Mon 12/01"),
        pytest.param(
            counted(5, DayUnit.CALENDAR), date(2026, 1, 6), date(2026, 1, 12), id="5 days from Tue 06/01/2026: Sun 11/01 rolls to Mon"
        ),
        pytest.param(
            counted(4, DayUnit.CALENDAR), date(2026, 1, 6), date(2026, 1, 10), id="4 days from Tue 06/01/2026: the make-up Saturday"
        ),
        pytest.param(
            counted(1, DayUnit.WORKING), date(2026, 1, 9), date(2026, 1, 10), id="1 working day from Fri 09/01/2026: the make-up Saturday"
        ),
        pytest.param(counted(5, roll=Roll.NONE), date(2026, 1, 6), date(2026, 1, 11), id="a plan that says no rolling keeps Sunday"),
        pytest.param(counted(5, roll=Roll.BACK), date(2026, 1, 6), date(2026, 1, 10), id="a plan that rolls back: the make-up Saturday"),
        pytest.param(counted(0), date(2026, 3, 7), date(2026, 3, 9), id="0 days from a Saturday roll to Monday"),
        pytest.param(counted(0, DayUnit.WORKING), date(2026, 3, 4), date(2026, 3, 4), id="0 working days are the day itself"),
        pytest.param(counted(10, DayUnit.WORKING), date(2026, 2, 10), date(2026, 3, 3), id="10 working days over Tết 2026"),
    ],
)
def test_counted_period(rule: CountedPeriod, event_on: date, last_on: date) -> None:
    assert due(rule, release=event_on).last_on == last_on


def test_counted_period_without_its_anchor_names_it() -> None:
    with pytest.raises(MissingAnchorError, match="“release”, which has no date yet") as missing:
        due(counted(5), launch=date(2026, 1, 6))
    assert missing.value.anchor == "release"


# Words: trước ngày, chậm nhất ngày, ngày


@pytest.mark.parametrize(
    ("words", "last_on", "too_late_from"),
    [
        pytest.param(Words.BEFORE, date(2026, 3, 19), datetime(2026, 3, 19, 17, tzinfo=UTC), id="trước ngày 20 ends at 24:00 of day 19"),
        pytest.param(Words.BY, date(2026, 3, 20), datetime(2026, 3, 20, 17, tzinfo=UTC), id="chậm nhất ngày 20 ends at 24:00 of day 20"),
        pytest.param(Words.ON, date(2026, 3, 20), datetime(2026, 3, 20, 17, tzinfo=UTC), id="ngày 20 ends at 24:00 of day 20"),
    ],
)
@pytest.mark.parametrize("periodic", [pytest.param(False, id="a date"), pytest.param(True, id="a day of the quarter's last month")])
def test_words_name_the_last_day(*, words: Words, last_on: date, too_late_from: datetime, periodic: bool) -> None:
    rule = PeriodDate(words=words, day=20) if periodic else fixed(words, 3, 20)
    deadline = due(rule, period=Period.quarter(2026, 1))
    assert (deadline.last_on, deadline.nominal_on, deadline.at) == (last_on, last_on, too_late_from)


BEFORE_20 = PeriodDate(words=Words.BEFORE, day=20)
BEFORE_20_BACK = PeriodDate(words=Words.BEFORE, day=20, roll=Roll.BACK)
BY_20 = PeriodDate(words=Words.BY, day=20)
BY_20_FORWARD = PeriodDate(words=Words.BY, day=20, roll=Roll.FORWARD)


@pytest.mark.parametrize(
    ("year", "quarter", "before_back", "by_forward"),
    [
        pytest.param(2024, 1, 19, 20, id="Q1 2024: Tue 19, Wed 20"),
        pytest.param(2024, 2, 19, 20, id="Q2 2024: Wed 19, Thu 20"),
        pytest.param(2024, 3, 19, 20, id="Q3 2024: Thu 19, Fri 20"),
        pytest.param(2024, 4, 19, 20, id="Q4 2024: Thu 19, Fri 20"),
        pytest.param(2025, 1, 19, 20, id="Q1 2025: Wed 19, Thu 20"),
        pytest.param(2025, 2, 19, 20, id="Q2 2025: Thu 19, Fri 20"),
        pytest.param(2025, 3, 19, 22, id="Q3 2025: Fri 19, Sat 20 to Mon 22"),
        pytest.param(2025, 4, 19, 22, id="Q4 2025: Fri 19, Sat 20 to Mon 22"),
        pytest.param(2026, 1, 19, 20, id="Q1 2026: Thu 19, Fri 20"),
        pytest.param(2026, 2, 19, 22, id="Q2 2026: Fri 19, Sat 20 to Mon 22"),
        pytest.param(2026, 3, 18, 21, id="Q3 2026: Sat 19 back to Fri 18, Sun 20 to Mon 21"),
        pytest.param(2026, 4, 18, 21, id="Q4 2026: Sat 19 back to Fri 18, Sun 20 to Mon 21"),
        pytest.param(2027, 1, 19, 22, id="Q1 2027: Fri 19, Sat 20 to Mon 22"),
        pytest.param(2027, 2, 18, 21, id="Q2 2027: Sat 19 back to Fri 18, Sun 20 to Mon 21"),
        pytest.param(2027, 3, 17, 20, id="Q3 2027: Sun 19 back to Fri 17, Mon 20"),
        pytest.param(2027, 4, 17, 20, id="Q4 2027: Sun 19 back to Fri 17, Mon 20"),
    ],
)
def test_quarterly_report_before_and_by_day_20(year: int, quarter: int, before_back: int, by_forward: int) -> None:
    period = Period.quarter(year, quarter)
    rules = (BEFORE_20, BEFORE_20_BACK, BY_20, BY_20_FORWARD)
    got = [due(rule, year=year, period=period).last_on for rule in rules]
    assert got == [date(year, 3 * quarter, day) for day in (19, before_back, 20, by_forward)]


@pytest.mark.parametrize(
    ("rule", "last_on"),
    [
        pytest.param(fixed(Words.ON, 12, 29), date(2026, 12, 29), id="ngày 29/12 of the evaluated year"),
        pytest.param(fixed(Words.BY, 1, 15, year_offset=1), date(2027, 1, 15), id="đến hết ngày 15/01 of the year after"),
        pytest.param(
            fixed(Words.BEFORE, 1, 1, year_offset=1), date(2026, 12, 31), id="trước ngày 01/01 of the year after is New Year's Eve"
        ),
        pytest.param(fixed(Words.BY, 12, 15, year_offset=-1), date(2025, 12, 15), id="15/12 of the year before"),
        pytest.param(fixed(Words.BEFORE, 3, 1), date(2026, 2, 28), id="trước ngày 01/03 ends with February"),
        pytest.param(fixed(Words.BY, 2, 30), date(2026, 2, 28), id="30/02 becomes 28/02 (Civil Code 148.3)"),
        pytest.param(fixed(Words.BY, 2, 30, year_offset=2), date(2028, 2, 29), id="30/02 of a leap year becomes 29/02"),
        pytest.param(fixed(Words.BY, 4, 31), date(2026, 4, 30), id="31/04 becomes 30/04"),
        pytest.param(fixed(Words.BY, 4, 30), date(2026, 4, 30), id="a fixed date stays on a holiday"),
        pytest.param(fixed(Words.BY, 4, 30, roll=Roll.FORWARD), date(2026, 5, 4), id="a plan that rolls 30/04 forward: Mon 04/05"),
        pytest.param(fixed(Words.BY, 4, 30, roll=Roll.BACK), date(2026, 4, 29), id="a plan that rolls 30/04 back: Wed 29/04"),
        pytest.param(fixed(Words.BY, 1, 2, roll=Roll.FORWARD), date(2026, 1, 5), id="02/01/2026 is swapped off: forward to Mon 05/01"),
        pytest.param(fixed(Words.BY, 1, 2, roll=Roll.BACK), date(2025, 12, 31), id="02/01/2026 is swapped off: back to Wed 31/12"),
        pytest.param(fixed(Words.BY, 1, 10, roll=Roll.FORWARD), date(2026, 1, 10), id="10/01/2026 is a make-up Saturday: stays forward"),
        pytest.param(fixed(Words.BY, 1, 10, roll=Roll.BACK), date(2026, 1, 10), id="10/01/2026 is a make-up Saturday: stays back"),
        pytest.param(
            fixed(Words.BEFORE, 1, 11, roll=Roll.BACK), date(2026, 1, 10), id="trước ngày 11/01/2026 ends with the make-up Saturday"
        ),
    ],
)
def test_fixed_date_of_2026(rule: FixedDate, last_on: date) -> None:
    assert due(rule).last_on == last_on


@pytest.mark.parametrize(
    ("rule", "period", "last_on"),
    [
        pytest.param(PeriodDate(words=Words.BY, day=31), Period.quarter(2026, 2), date(2026, 6, 30), id="day 31 of June is 30/06"),
        pytest.param(PeriodDate(words=Words.BY, day=30), Period.month(2026, 2), date(2026, 2, 28), id="day 30 of February is 28/02"),
        pytest.param(PeriodDate(words=Words.BY, day=30), Period.month(2028, 2), date(2028, 2, 29), id="day 30 of February 2028 is 29/02"),
        pytest.param(PeriodDate(words=Words.BEFORE, day=1), Period.quarter(2026, 1), date(2026, 2, 28), id="trước ngày 01/03 is 28/02"),
        pytest.param(
            PeriodDate(words=Words.BY, day=5, of=PeriodMonth.NEXT),
            Period.quarter(2026, 1),
            date(2026, 4, 5),
            id="day 5 of the month after Q1",
        ),
        pytest.param(
            PeriodDate(words=Words.BY, day=5, of=PeriodMonth.NEXT),
            Period.quarter(2026, 4),
            date(2027, 1, 5),
            id="day 5 of the month after Q4",
        ),
        pytest.param(
            PeriodDate(words=Words.BEFORE, day=1, of=PeriodMonth.NEXT),
            Period.month(2026, 12),
            date(2026, 12, 31),
            id="before 01/01 after M12",
        ),
        pytest.param(PeriodDate(words=Words.BY, day=15), Period.half(2026, 1), date(2026, 6, 15), id="half 1 ends in June"),
        pytest.param(PeriodDate(words=Words.BY, day=15), Period.half(2026, 2), date(2026, 12, 15), id="half 2 ends in December"),
    ],
)
def test_day_of_a_period(rule: PeriodDate, period: Period, last_on: date) -> None:
    assert due(rule, period=period).last_on == last_on


@pytest.mark.parametrize(
    ("period", "key", "months"),
    [
        pytest.param(Period.quarter(2026, 1), "2026-Q1", (1, 3), id="Q1"),
        pytest.param(Period.quarter(2026, 4), "2026-Q4", (10, 12), id="Q4"),
        pytest.param(Period.half(2026, 1), "2026-H1", (1, 6), id="H1"),
        pytest.param(Period.half(2026, 2), "2026-H2", (7, 12), id="H2"),
        pytest.param(Period.month(2026, 3), "2026-M03", (3, 3), id="M03"),
    ],
)
def test_period_knows_its_months(period: Period, key: str, months: tuple[int, int]) -> None:
    assert (period.key, (period.first_month, period.last_month), period.year) == (key, months, 2026)


def test_day_of_a_period_without_period_is_refused() -> None:
    with pytest.raises(ValueError, match=r"day 20.*needs a stage with periods"):
        due(BEFORE_20)


# Time of day, rolling with it, and what the date rests on


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        pytest.param(fixed(Words.BY, 3, 20), datetime(2026, 3, 20, 17, tzinfo=UTC), id="no time of day: 24:00 local"),
        pytest.param(fixed(Words.BY, 3, 20, at=time(17, 0)), datetime(2026, 3, 20, 10, tzinfo=UTC), id="17:00 local"),
        pytest.param(fixed(Words.BEFORE, 3, 20, at=time(11, 30)), datetime(2026, 3, 19, 4, 30, tzinfo=UTC), id="11:30 of the day before"),
        pytest.param(
            fixed(Words.BY, 3, 21, at=time(17, 0), roll=Roll.FORWARD), datetime(2026, 3, 23, 10, tzinfo=UTC), id="17:00 of the rolled day"
        ),
        pytest.param(counted(15, at=time(17, 0)), datetime(2026, 5, 4, 10, tzinfo=UTC), id="17:00 of a counted day"),
        pytest.param(
            PeriodDate(words=Words.BEFORE, day=20, at=time(0, 0)),
            datetime(2026, 3, 18, 17, tzinfo=UTC),
            id="00:00 of day 19 is its beginning",
        ),
    ],
)
def test_time_of_day_ends_the_last_date(rule: DueRule, at: datetime) -> None:
    assert due(rule, period=Period.quarter(2026, 1), release=date(2026, 4, 15)).at == at


@pytest.mark.parametrize(
    ("rule", "projected"),
    [
        pytest.param(fixed(Words.BY, 3, 20), False, id="inside a decided year"),
        pytest.param(fixed(Words.BY, 1, 15, year_offset=1), True, id="in a projected year"),
        pytest.param(fixed(Words.BY, 1, 1, year_offset=1, roll=Roll.BACK), True, id="rolled out of a projected year"),
        pytest.param(CountedPeriod(count=15, unit=DayUnit.CALENDAR, anchor="late"), True, id="counted into a projected year"),
        pytest.param(CountedPeriod(count=2, unit=DayUnit.CALENDAR, anchor="late"), False, id="counted up to its eve"),
    ],
)
def test_projected_is_what_rests_on_a_projected_year(*, rule: DueRule, projected: bool) -> None:
    assert due(rule, late=date(2026, 12, 28)).projected is projected


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(counted(1, DayUnit.WORKING), id="counting working days"),
        pytest.param(counted(1), id="rolling a counted period"),
        pytest.param(fixed(Words.BY, 1, 1, year_offset=1, roll=Roll.BACK), id="rolling a fixed date"),
    ],
)
def test_unknown_year_is_refused_where_its_days_are_asked_for(rule: DueRule) -> None:
    with pytest.raises(UnknownYearError) as refused:
        due(rule, year=2032, release=date(2032, 12, 31))
    assert refused.value.year == 2033


def test_fixed_date_that_does_not_roll_asks_nothing_of_an_unknown_year() -> None:
    assert due(fixed(Words.BY, 1, 15), year=2040).last_on == date(2040, 1, 15)
