"""Due rules: what holds of every date and count, on the shipped calendar."""

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.calendar_files import shipped_calendar
from evaluation.due_rules import CountedPeriod, DayUnit, Deadline, DueRule, FixedDate, Period, PeriodDate, Roll, Words, due_date

CALENDAR = shipped_calendar()
ONE_DAY = timedelta(days=1)
DATES = st.dates(min_value=date(2019, 1, 1), max_value=date(2031, 6, 30))
EVENT_DAYS = st.integers(min_value=0, max_value=365)


def due(rule: DueRule, *, year: int = 2026, period: Period | None = None, **anchors: date) -> Deadline:
    return due_date(rule, year=year, period=period, anchors=anchors, calendar=CALENDAR)


def counted(count: int, unit: DayUnit = DayUnit.CALENDAR, roll: Roll = Roll.FORWARD) -> CountedPeriod:
    return CountedPeriod(count=count, unit=unit, anchor="release", roll=roll)


def named(words: Words, on: date, *, roll: Roll, at: time | None = None) -> FixedDate:
    return FixedDate(words=words, year_offset=0, month=on.month, day=on.day, roll=roll, at=at)


@given(event_on=DATES, count=st.integers(min_value=1, max_value=365))
def test_counted_period_excludes_its_first_day(event_on: date, count: int) -> None:
    deadline = due(counted(count, roll=Roll.NONE), release=event_on)
    included = [event_on + timedelta(days=day) for day in range(1, count + 1)]
    assert deadline.last_on == included[-1]


@given(event_on=DATES, count=st.integers(min_value=1, max_value=90))
def test_counted_working_period_excludes_its_first_day(event_on: date, count: int) -> None:
    deadline = due(counted(count, DayUnit.WORKING), release=event_on)
    assert len(list(CALENDAR.workdays(event_on + ONE_DAY, deadline.last_on + ONE_DAY))) == count


@given(event_on=DATES, count=EVENT_DAYS)
def test_counted_period_ends_on_a_workday_not_before_its_nominal_end(event_on: date, count: int) -> None:
    deadline = due(counted(count), release=event_on)
    assert CALENDAR.is_workday(deadline.last_on)
    assert deadline.last_on >= deadline.nominal_on == event_on + timedelta(days=count)


@given(on=st.dates(min_value=date(2019, 1, 2), max_value=date(2031, 12, 31)), roll=st.sampled_from(Roll))
def test_before_a_day_is_by_the_day_before(on: date, roll: Roll) -> None:
    eve = on - ONE_DAY
    before = due(named(Words.BEFORE, on, roll=roll), year=on.year)
    by = due(named(Words.BY, eve, roll=roll), year=eve.year)
    assert (before.last_on, before.at, before.nominal_on) == (by.last_on, by.at, by.nominal_on)


@given(day=st.integers(min_value=2, max_value=28), number=st.integers(min_value=1, max_value=12), roll=st.sampled_from(Roll))
def test_before_a_day_of_a_period_is_by_the_day_before(day: int, number: int, roll: Roll) -> None:
    period = Period.month(2026, number)
    before = due(PeriodDate(words=Words.BEFORE, day=day, roll=roll), period=period)
    assert before == due(PeriodDate(words=Words.BY, day=day - 1, roll=roll), period=period)


@given(on=DATES, roll=st.sampled_from(Roll), at=st.none() | st.times())
def test_deadline_lies_in_its_last_date(on: date, roll: Roll, at: time | None) -> None:
    deadline = due(named(Words.BY, on, roll=roll, at=at), year=on.year)
    assert CALENDAR.instant(deadline.last_on) <= deadline.at <= CALENDAR.instant(deadline.last_on + ONE_DAY)
    assert deadline.at.utcoffset() == timedelta(0)


@given(on=DATES)
def test_rolls_hold_the_nominal_date_between_them(on: date) -> None:
    back, none, forward = (due(named(Words.BY, on, roll=roll), year=on.year) for roll in (Roll.BACK, Roll.NONE, Roll.FORWARD))
    assert back.last_on <= none.last_on == on <= forward.last_on
    assert {back.nominal_on, none.nominal_on, forward.nominal_on} == {on}
