"""Working days of Vietnam's public sector, as the shipped calendar has them, and the arithmetic on them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar_files import shipped_calendar
from evaluation.workdays import Calendar, DayKind, ListedDay, UnknownYearError, YearStatus

CALENDAR = shipped_calendar()
ONE_DAY = timedelta(days=1)
#: A year from both ends of the shipped calendar, so that no step leaves it.
DATES = st.dates(min_value=date(2019, 1, 1), max_value=date(2031, 12, 31))
COUNTS = st.integers(min_value=1, max_value=120)


def make_calendar(*days: ListedDay, zone: str = "Asia/Ho_Chi_Minh", **years: YearStatus) -> Calendar:
    statuses = {int(year.removeprefix("y")): status for year, status in years.items()}
    return Calendar(version="test", days=days, years=statuses, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        pytest.param(date(2026, 3, 2), True, id="an ordinary Monday"),
        pytest.param(date(2026, 3, 7), False, id="an ordinary Saturday"),
        pytest.param(date(2026, 3, 8), False, id="an ordinary Sunday"),
        pytest.param(date(2026, 1, 1), False, id="1/1, Labour Code 112"),
        pytest.param(date(2026, 2, 13), True, id="the Friday before Tết 2026"),
        pytest.param(date(2026, 2, 16), False, id="Tết 2026, first day"),
        pytest.param(date(2026, 2, 20), False, id="Tết 2026, last day"),
        pytest.param(date(2026, 2, 23), True, id="the Monday after Tết 2026"),
        pytest.param(date(2026, 4, 27), False, id="Giỗ Tổ 2026 fell on Sunday, made up on Monday (Labour Code 111)"),
        pytest.param(date(2026, 11, 24), False, id="24/11 is off from 2026"),
        pytest.param(date(2025, 11, 24), True, id="24/11 was worked until 2025"),
        pytest.param(date(2018, 12, 31), False, id="swap 31/12/2018, Monday off"),
        pytest.param(date(2019, 1, 5), True, id="swap 31/12/2018, Saturday 05/01/2019 worked"),
        pytest.param(date(2019, 4, 29), False, id="swap 29/04/2019, Monday off"),
        pytest.param(date(2019, 5, 4), True, id="swap 29/04/2019, Saturday 04/05/2019 worked"),
        pytest.param(date(2024, 4, 29), False, id="swap 29/04/2024, Monday off"),
        pytest.param(date(2024, 5, 4), True, id="swap 29/04/2024, Saturday 04/05/2024 worked"),
        pytest.param(date(2025, 5, 2), False, id="swap 02/05/2025, Friday off"),
        pytest.param(date(2025, 4, 26), True, id="swap 02/05/2025, Saturday 26/04/2025 worked"),
        pytest.param(date(2026, 1, 2), False, id="swap 02/01/2026 (12729/VPCP-KGVX), Friday off"),
        pytest.param(date(2026, 1, 10), True, id="swap 02/01/2026 (12729/VPCP-KGVX), Saturday 10/01/2026 worked"),
        pytest.param(date(2026, 1, 3), False, id="the Saturday next to a swap stays off"),
        pytest.param(date(2026, 8, 31), False, id="swap 31/08/2026, Monday off"),
        pytest.param(date(2026, 8, 22), True, id="swap 31/08/2026, Saturday 22/08/2026 worked"),
    ],
)
def test_is_workday(*, on: date, worked: bool) -> None:
    assert CALENDAR.is_workday(on) is worked


@pytest.mark.parametrize(
    ("on", "forward", "back"),
    [
        pytest.param(date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 4), id="a working day stays"),
        pytest.param(date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 6), id="over a weekend"),
        pytest.param(date(2026, 1, 10), date(2026, 1, 10), date(2026, 1, 10), id="a make-up Saturday stays"),
        pytest.param(date(2026, 1, 1), date(2026, 1, 5), date(2025, 12, 31), id="New Year 2026 with its swap, over the year's end"),
        pytest.param(date(2026, 2, 14), date(2026, 2, 23), date(2026, 2, 13), id="all of Tết 2026"),
        pytest.param(date(2026, 8, 31), date(2026, 9, 3), date(2026, 8, 28), id="the swapped Monday and Quốc khánh 2026"),
        pytest.param(date(2026, 4, 26), date(2026, 4, 28), date(2026, 4, 24), id="Giỗ Tổ 2026 and the day that makes it up"),
        pytest.param(date(2026, 8, 23), date(2026, 8, 24), date(2026, 8, 22), id="back from Sunday to a make-up Saturday"),
    ],
)
def test_rolling(on: date, forward: date, back: date) -> None:
    assert (CALENDAR.roll_forward(on), CALENDAR.roll_back(on)) == (forward, back)


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        pytest.param(date(2026, 1, 6), 5, date(2026, 1, 12), id="five working days after Tue 06/01/2026 count the make-up Saturday"),
        pytest.param(date(2026, 1, 12), -5, date(2026, 1, 6), id="and five before Mon 12/01/2026 count it back"),
        pytest.param(date(2026, 3, 6), 1, date(2026, 3, 9), id="the day after Friday is Monday"),
        pytest.param(date(2026, 3, 9), -1, date(2026, 3, 6), id="the day before Monday is Friday"),
        pytest.param(date(2026, 3, 7), 1, date(2026, 3, 9), id="from an off day: the next working day is the first"),
        pytest.param(date(2026, 3, 7), -1, date(2026, 3, 6), id="from an off day backwards"),
        pytest.param(date(2026, 3, 7), 0, date(2026, 3, 7), id="none leaves even an off day where it is"),
        pytest.param(date(2025, 12, 31), 1, date(2026, 1, 5), id="over New Year 2026 and its swap"),
        pytest.param(date(2026, 2, 13), 2, date(2026, 2, 24), id="over Tết 2026"),
    ],
)
def test_add_workdays(on: date, count: int, expected: date) -> None:
    assert CALENDAR.add_workdays(on, count) == expected


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        pytest.param(date(2026, 1, 9), date(2026, 1, 13), [9, 10, 12], id="a make-up Saturday is in it"),
        pytest.param(date(2026, 1, 9), date(2026, 1, 12), [9, 10], id="the end is not in it"),
        pytest.param(date(2026, 1, 9), date(2026, 1, 9), [], id="an empty span"),
        pytest.param(date(2026, 1, 9), date(2026, 1, 5), [], id="an end before the beginning"),
        pytest.param(date(2026, 1, 10), date(2026, 1, 11), [10], id="one day"),
    ],
)
def test_workdays_of_span(first: date, end: date, expected: list[int]) -> None:
    assert [on.day for on in CALENDAR.workdays(first, end)] == expected


def test_month_of_tet_has_fifteen_workdays() -> None:
    assert len(list(CALENDAR.workdays(date(2026, 2, 1), date(2026, 3, 1)))) == 15


# How sure a year is


@pytest.mark.parametrize("year", [2017, 2033])
def test_year_outside_calendar_is_refused(year: int) -> None:
    with pytest.raises(UnknownYearError) as refused:
        CALENDAR.is_workday(date(year, 6, 1))
    assert (refused.value.year, refused.value.known) == (year, tuple(range(2018, 2033)))
    assert f"working days of {year} are unknown" in str(refused.value)
    assert "2018-2032" in str(refused.value)
    assert f"dondoc calendar import --year {year}" in str(refused.value)


def test_year_marked_unknown_is_refused_and_not_named_as_known() -> None:
    calendar = make_calendar(y2026=YearStatus.DECIDED, y2027=YearStatus.UNKNOWN)
    with pytest.raises(UnknownYearError) as refused:
        calendar.is_workday(date(2027, 1, 4))
    assert refused.value.known == (2026,)


def test_empty_calendar_says_that_it_holds_none() -> None:
    with pytest.raises(UnknownYearError, match="the calendar holds: none"):
        make_calendar().is_workday(date(2026, 1, 5))


@pytest.mark.parametrize(
    ("step", "year"),
    [
        pytest.param(lambda: CALENDAR.add_workdays(date(2032, 12, 31), 1), 2033, id="counting past the last year"),
        pytest.param(lambda: CALENDAR.add_workdays(date(2018, 1, 2), -1), 2017, id="counting before the first year"),
        pytest.param(lambda: CALENDAR.roll_back(date(2018, 1, 1)), 2017, id="rolling back out of the first year"),
        pytest.param(lambda: list(CALENDAR.workdays(date(2032, 12, 31), date(2033, 1, 2))), 2033, id="a span that runs out"),
    ],
)
def test_leaving_known_years_is_refused(step: object, year: int) -> None:
    assert callable(step)
    with pytest.raises(UnknownYearError) as refused:
        step()
    assert refused.value.year == year


@pytest.mark.parametrize(
    ("first", "end", "projected"),
    [
        pytest.param(date(2026, 1, 1), date(2026, 12, 31), False, id="inside a decided year"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 1), True, id="into a projected year by one day"),
        pytest.param(date(2027, 3, 1), date(2027, 3, 1), True, id="one projected day"),
        pytest.param(date(2024, 6, 1), date(2026, 6, 1), False, id="over three decided years"),
    ],
)
def test_projected_in(*, first: date, end: date, projected: bool) -> None:
    assert CALENDAR.projected_in(first, end) is projected


def test_year_not_listed_is_unknown() -> None:
    assert make_calendar(y2026=YearStatus.DECIDED).status(2025) is YearStatus.UNKNOWN


def test_listed_day_beats_weekday_in_any_calendar() -> None:
    off = ListedDay(on=date(2026, 3, 2), kind=DayKind.OFF, name="", source="test")
    makeup = ListedDay(on=date(2026, 3, 8), kind=DayKind.MAKEUP_WORKDAY, name="", source="test")
    calendar = make_calendar(off, makeup, y2026=YearStatus.DECIDED)
    assert [on.day for on in calendar.workdays(date(2026, 3, 1), date(2026, 3, 10))] == [3, 4, 5, 6, 8, 9]


# Law's dates and instants


@pytest.mark.parametrize(
    ("on", "at", "expected"),
    [
        pytest.param(
            date(2026, 1, 1), time(0, 0), datetime(2025, 12, 31, 17, tzinfo=UTC), id="00:00 in Việt Nam is 17:00 UTC the day before"
        ),
        pytest.param(date(2026, 1, 1), time(7, 0), datetime(2026, 1, 1, tzinfo=UTC), id="07:00 is midnight UTC"),
        pytest.param(date(2026, 1, 1), time(17, 30), datetime(2026, 1, 1, 10, 30, tzinfo=UTC), id="17:30 is 10:30 UTC"),
    ],
)
def test_instant(on: date, at: time, expected: datetime) -> None:
    instant = CALENDAR.instant(on, at)
    assert (instant, instant.utcoffset()) == (expected, timedelta(0))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(datetime(2026, 1, 1, 16, 59, 59, tzinfo=UTC), date(2026, 1, 1), id="a second before local midnight"),
        pytest.param(datetime(2026, 1, 1, 17, 0, tzinfo=UTC), date(2026, 1, 2), id="local midnight begins the next day"),
    ],
)
def test_local_date(at: datetime, expected: date) -> None:
    assert CALENDAR.local_date(at) == expected


# Properties


@given(on=DATES)
def test_roll_forward_gives_first_workday_not_before(on: date) -> None:
    rolled = CALENDAR.roll_forward(on)
    assert rolled >= on
    assert CALENDAR.is_workday(rolled)
    assert not list(CALENDAR.workdays(on, rolled))


@given(on=DATES)
def test_roll_back_gives_last_workday_not_after(on: date) -> None:
    rolled = CALENDAR.roll_back(on)
    assert rolled <= on
    assert CALENDAR.is_workday(rolled)
    assert not list(CALENDAR.workdays(rolled + ONE_DAY, on + ONE_DAY))


@given(on=DATES, count=COUNTS)
def test_add_workdays_counts_that_many_workdays(on: date, count: int) -> None:
    after = CALENDAR.add_workdays(on, count)
    assert CALENDAR.is_workday(after)
    assert len(list(CALENDAR.workdays(on + ONE_DAY, after + ONE_DAY))) == count


@given(on=DATES.filter(CALENDAR.is_workday), count=st.integers(min_value=-120, max_value=120))
def test_add_workdays_is_undone_by_its_opposite(on: date, count: int) -> None:
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(on, count), -count) == on


@given(on=DATES, days=st.integers(min_value=0, max_value=60), count=COUNTS)
def test_add_workdays_never_overtakes_a_later_start(on: date, days: int, count: int) -> None:
    assert CALENDAR.add_workdays(on, count) <= CALENDAR.add_workdays(on + timedelta(days=days), count)


@given(on=DATES, count=COUNTS)
def test_one_more_workday_is_a_later_date(on: date, count: int) -> None:
    assert CALENDAR.add_workdays(on, count) < CALENDAR.add_workdays(on, count + 1)


@given(first=DATES, days=st.integers(min_value=0, max_value=60), cut=st.integers(min_value=0, max_value=60))
def test_half_open_spans_join_without_gap_or_overlap(first: date, days: int, cut: int) -> None:
    end = first + timedelta(days=days)
    middle = min(first + timedelta(days=cut), end)
    assert [*CALENDAR.workdays(first, middle), *CALENDAR.workdays(middle, end)] == list(CALENDAR.workdays(first, end))


@given(on=DATES, at=st.times(), zone=st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Asia/Kolkata"]))
def test_local_date_of_instant_is_the_date(on: date, at: time, zone: str) -> None:
    calendar = make_calendar(zone=zone)
    assert calendar.local_date(calendar.instant(on, at)) == on


@given(on=DATES)
def test_local_day_is_half_open(on: date) -> None:
    begin, end = CALENDAR.instant(on), CALENDAR.instant(on + ONE_DAY)
    assert end - begin == ONE_DAY
    assert (CALENDAR.local_date(begin), CALENDAR.local_date(end - timedelta(microseconds=1)), CALENDAR.local_date(end)) == (
        on,
        on,
        on + ONE_DAY,
    )
