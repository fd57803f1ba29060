"""Projection: where each line of a plan falls in a year, and what it hangs on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar_files import shipped_calendar
from evaluation.due_rules import (
    CountedPeriod,
    DayUnit,
    DueRule,
    FixedDate,
    MissingAnchorError,
    Period,
    PeriodDate,
    PeriodMonth,
    Roll,
    Words,
)
from evaluation.kinds import StageKind
from evaluation.plans import Periods, Plan, Selector, Stage, Until, Wait
from evaluation.projection import CyclicStagesError, Window, project_plan, stage_window
from evaluation.workdays import UnknownYearError

CALENDAR = shipped_calendar()
YEAR = 2026


def on(month: int, day: int, *, offset: int = 0) -> FixedDate:
    return FixedDate(words=Words.BY, year_offset=offset, month=month, day=day)


def after(anchor: str, count: int = 0, *, unit: DayUnit = DayUnit.CALENDAR, at: time | None = None) -> CountedPeriod:
    """Return days counted without rolling, so that the expected dates can be read off."""
    return CountedPeriod(count=count, unit=unit, anchor=anchor, roll=Roll.NONE, at=at)


def make_stage(key: str, *, opens: DueRule | None = None, due: DueRule | None = None, **changes: object) -> Stage:
    facts: dict[str, object] = {
        "kind": StageKind.DUTY,
        "title": key,
        "title_en": key,
        "owed_by": Selector(keys=("don-vi",)),
        "owed_to": "ubnd",
        "deliverable": "Báo cáo",
        "words": "",
    }
    return Stage(key=key, opens=opens or on(3, 2), due=due, **{**facts, **changes})  # type: ignore[arg-type]


def make_plan(*stages: Stage, year: int = YEAR, reference_on: date = date(2026, 2, 2)) -> Plan:
    return Plan(
        key="ke-hoach",
        title="",
        title_en="",
        year=year,
        reference_on=reference_on,
        authority="ubnd",
        authority_name="UBND",
        roster="",
        standing_body="so-noi-vu",
        chair="chu-tich",
        slot=time(7, 30),
        mails_per_day=6,
        ladders={},
        documents=(),
        stages=stages,
    )


def windows(*stages: Stage, known: Mapping[str, date] | None = None, year: int = YEAR) -> tuple[Window, ...]:
    return project_plan(make_plan(*stages), year=year, calendar=CALENDAR, known=known or {})


def dates(window: Window) -> tuple[date | None, ...]:
    return tuple(deadline.last_on if deadline else None for deadline in (window.opens, window.due, window.locks))


def due_of(key: str, *stages: Stage, **known: date) -> date | None:
    """Return the last due date of a stage; `__` in a known name stands for the dot."""
    rows = windows(*stages, known={name.replace("__", "."): day for name, day in known.items()})
    return next(dates(row)[1] for row in reversed(rows) if row.stage.key == key)


# Rows


def test_rows_come_in_the_order_of_plan_and_periods() -> None:
    rows = windows(
        make_stage("b", periods=Periods.HALVES), make_stage("a"), make_stage("c", periods=Periods.QUARTERS, only_periods=("Q2", "Q3"))
    )
    assert [(row.stage.key, row.subject_period) for row in rows] == [
        ("b", "2026-H1"),
        ("b", "2026-H2"),
        ("a", ""),
        ("c", "2026-Q2"),
        ("c", "2026-Q3"),
    ]


def test_window_has_the_dates_of_its_rules() -> None:
    stage = make_stage("tu-danh-gia", opens=on(12, 1), due=on(1, 15, offset=1), locks=after("tu-danh-gia.due", 10))
    assert dates(*windows(stage)) == (date(2026, 12, 1), date(2027, 1, 15), date(2027, 1, 25))


def test_plan_of_another_year_moves_with_the_year() -> None:
    stage = make_stage("a", opens=on(2, 29), due=on(1, 15, offset=1))
    assert [dates(*windows(stage, year=year))[:2] for year in (2024, 2025)] == [
        (date(2024, 2, 29), date(2025, 1, 15)),
        (date(2025, 2, 28), date(2026, 1, 15)),
    ]


def test_stage_without_known_date_has_no_due() -> None:
    assert dates(*windows(make_stage("a"))) == (date(2026, 3, 2), None, None)


def test_what_counts_from_a_due_that_nobody_knows_is_unknown_too() -> None:
    rows = windows(make_stage("a"), make_stage("b", opens=after("a.due", 1), due=after("b.opens", 5), locks=after("b.due", 5)))
    assert dates(rows[1]) == (None, None, None)


def test_quarterly_report_of_a_year() -> None:
    report = make_stage(
        "bao-cao",
        opens=PeriodDate(words=Words.ON, day=1),
        due=PeriodDate(words=Words.BEFORE, day=20, roll=Roll.BACK),
        locks=CountedPeriod(count=10, unit=DayUnit.WORKING, anchor="bao-cao.due"),
        periods=Periods.QUARTERS,
    )
    assert [dates(row) for row in windows(report)] == [
        (date(2026, 3, 1), date(2026, 3, 19), date(2026, 4, 2)),
        (date(2026, 6, 1), date(2026, 6, 19), date(2026, 7, 3)),
        (date(2026, 9, 1), date(2026, 9, 18), date(2026, 10, 2)),
        (date(2026, 12, 1), date(2026, 12, 18), date(2027, 1, 4)),
    ]


@pytest.mark.parametrize(
    ("opens", "instant"),
    [
        pytest.param(on(3, 2), datetime(2026, 3, 1, 17, tzinfo=UTC), id="a date opens at its 00:00 in Việt Nam"),
        pytest.param(after("launch", 5), datetime(2026, 3, 6, 17, tzinfo=UTC), id="a counted day opens at 00:00 of its last date"),
        pytest.param(
            FixedDate(words=Words.ON, year_offset=0, month=3, day=2, at=time(8, 0)),
            datetime(2026, 3, 1, 17, tzinfo=UTC),
            id="whatever the time of day",
        ),
    ],
)
def test_opening_is_the_beginning_of_its_date(opens: DueRule, instant: datetime) -> None:
    assert windows(make_stage("a", opens=opens), make_stage("moc"))[0].opens_at == instant


def test_opening_that_nobody_knows_has_no_instant() -> None:
    assert windows(make_stage("a", opens=after("event", 1)))[0].opens_at is None


# Launch


def test_launch_is_the_earliest_fixed_opening() -> None:
    report = make_stage("b", opens=PeriodDate(words=Words.ON, day=5, of=PeriodMonth.LAST), periods=Periods.QUARTERS)
    assert due_of("c", make_stage("a", opens=on(4, 1)), report, make_stage("c", opens=after("launch"), due=after("launch", 10))) == date(
        2026, 3, 15
    )


def test_launch_of_a_plan_without_fixed_opening_is_its_reference_date() -> None:
    assert due_of("a", make_stage("a", opens=after("launch"), due=after("launch", 10))) == date(2026, 2, 12)


@pytest.mark.parametrize(
    ("reference_on", "year", "launch_on"),
    [
        pytest.param(date(2026, 2, 2), 2027, date(2027, 2, 2), id="a year later"),
        pytest.param(date(2025, 12, 1), 2027, date(2026, 12, 1), id="a reference in the year before stays in the year before"),
        pytest.param(date(2024, 2, 29), 2027, date(2025, 2, 28), id="29/02 becomes 28/02"),
    ],
)
def test_reference_date_moves_with_the_year(reference_on: date, year: int, launch_on: date) -> None:
    plan = make_plan(make_stage("a", opens=after("launch")), reference_on=reference_on)
    row = project_plan(plan, year=year, calendar=CALENDAR, known={})[0]
    assert dates(row)[0] == launch_on


def test_known_launch_replaces_the_reference() -> None:
    stages = make_stage("a", opens=on(4, 1)), make_stage("b", opens=after("launch"), due=after("launch", 10))
    assert due_of("b", *stages, launch=date(2026, 5, 5)) == date(2026, 5, 15)


# Release

SELF_ASSESSMENT = make_stage("tu-danh-gia", opens=on(3, 2), due=on(3, 20), locks=on(3, 31))


@pytest.mark.parametrize(
    ("until", "awaited", "released_on"),
    [
        pytest.param(Until.ALL_DONE, SELF_ASSESSMENT, date(2026, 3, 20), id="all done: its due"),
        pytest.param(Until.DECIDED, SELF_ASSESSMENT, date(2026, 3, 20), id="decided: its due"),
        pytest.param(Until.LOCKED, SELF_ASSESSMENT, date(2026, 3, 31), id="locked: its lock"),
        pytest.param(Until.LOCKED, make_stage("tu-danh-gia", due=on(3, 20)), date(2026, 3, 20), id="locked without a lock: its due"),
        pytest.param(
            Until.ALL_DONE,
            make_stage("tu-danh-gia", due=PeriodDate(words=Words.BY, day=20), periods=Periods.QUARTERS),
            date(2026, 12, 20),
            id="all periods done: the last due",
        ),
    ],
)
def test_release_of_a_stage_that_waits(until: Until, awaited: Stage, released_on: date) -> None:
    appraisal = make_stage(
        "tham-dinh", opens=after("release"), due=after("release", 0), waits_for=(Wait(stage="tu-danh-gia", until=until),)
    )
    assert due_of("tham-dinh", awaited, appraisal) == released_on


def test_release_is_the_latest_of_all_waits() -> None:
    waits = tuple(Wait(stage=key, until=Until.ALL_DONE) for key in ("a", "b", "c"))
    awaited = [make_stage(key, due=on(month, 10)) for key, month in (("a", 4), ("b", 6), ("c", 5))]
    assert due_of("d", *awaited, make_stage("d", due=after("release", 5), waits_for=waits)) == date(2026, 6, 15)


def test_release_is_unknown_as_long_as_one_wait_is() -> None:
    waits = tuple(Wait(stage=key, until=Until.ALL_DONE) for key in ("a", "b"))
    assert due_of("d", make_stage("a", due=on(4, 10)), make_stage("b"), make_stage("d", due=after("release", 5), waits_for=waits)) is None


def test_late_release_moves_counted_periods_and_never_fixed_dates() -> None:
    waits = (Wait(stage="tu-danh-gia", until=Until.ALL_DONE),)
    appraisal = make_stage("tham-dinh", opens=on(3, 23), due=after("release", 15), locks=on(5, 29), waits_for=waits)
    rows = windows(SELF_ASSESSMENT, appraisal, known={"release:tham-dinh": date(2026, 5, 4)})
    assert dates(rows[1]) == (date(2026, 3, 23), date(2026, 5, 19), date(2026, 5, 29))


def test_release_of_a_stage_that_waits_for_nothing_is_its_opening() -> None:
    assert due_of("b", make_stage("a", opens=on(2, 2)), make_stage("b", opens=on(4, 6), due=after("release", 5))) == date(2026, 4, 11)


def test_release_of_each_period_is_its_own_opening() -> None:
    report = make_stage("a", opens=PeriodDate(words=Words.ON, day=5), due=after("release", 5), periods=Periods.HALVES)
    assert [dates(row)[1] for row in windows(report)] == [date(2026, 6, 10), date(2026, 12, 10)]


def test_release_that_the_opening_itself_counts_from_is_the_launch() -> None:
    stage = make_stage("b", opens=after("release", 3), due=after("release", 5))
    assert dates(windows(make_stage("a", opens=on(2, 2)), stage)[1]) == (date(2026, 2, 5), date(2026, 2, 7), None)


# Requests

EXPLANATION = make_stage("giai-trinh", opens=after("event"), due=after("event", 5), on_request=True)


def test_requested_stage_has_no_dates_before_the_request() -> None:
    assert dates(*windows(EXPLANATION)) == (None, None, None)


def test_requested_stage_counts_from_the_request() -> None:
    assert dates(*windows(EXPLANATION, known={"event": date(2026, 4, 1)})) == (date(2026, 4, 1), date(2026, 4, 6), None)


@pytest.mark.parametrize(
    ("waits", "due_on"),
    [
        pytest.param([("giai-trinh", Until.ALL_DONE)], date(2026, 3, 7), id="alone: from the launch, for all of no requests are done"),
        pytest.param(
            [("giai-trinh", Until.ALL_DONE), ("tu-danh-gia", Until.ALL_DONE)], date(2026, 3, 25), id="beside another: from the other"
        ),
        pytest.param([("giai-trinh", Until.DECIDED)], None, id="a decision on a request needs the request"),
    ],
)
def test_waiting_for_requests_that_nobody_made(waits: list[tuple[str, Until]], due_on: date | None) -> None:
    waits_for = tuple(Wait(stage=stage, until=until) for stage, until in waits)
    assert due_of("c", EXPLANATION, SELF_ASSESSMENT, make_stage("c", due=after("release", 5), waits_for=waits_for)) == due_on


# Dates of other stages


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        pytest.param("tu-danh-gia.opens", date(2026, 3, 12), id="its opening"),
        pytest.param("tu-danh-gia.due", date(2026, 3, 30), id="its due"),
        pytest.param("tu-danh-gia.locks", date(2026, 4, 10), id="its lock"),
    ],
)
def test_counting_from_another_stage(anchor: str, expected: date) -> None:
    assert due_of("b", SELF_ASSESSMENT, make_stage("b", due=after(anchor, 10))) == expected


def test_counting_from_a_stage_that_stands_further_down() -> None:
    assert due_of("b", make_stage("b", due=after("tu-danh-gia.due", 1)), SELF_ASSESSMENT) == date(2026, 3, 21)


@pytest.mark.parametrize(
    ("awaited", "own", "expected"),
    [
        pytest.param(Periods.QUARTERS, Periods.QUARTERS, [3, 6, 9, 12], id="the same quarter"),
        pytest.param(Periods.ONCE, Periods.QUARTERS, [2, 2, 2, 2], id="what comes once"),
        pytest.param(Periods.QUARTERS, Periods.ONCE, [12], id="the last quarter, for what comes once"),
        pytest.param(Periods.MONTHS, Periods.QUARTERS, [3, 6, 9, 12], id="the last month of the quarter"),
        pytest.param(Periods.HALVES, Periods.QUARTERS, [6, 6, 12, 12], id="the half around the quarter"),
    ],
)
def test_counting_from_another_stage_by_period(awaited: Periods, own: Periods, expected: list[int]) -> None:
    due: DueRule = on(2, 10) if awaited is Periods.ONCE else PeriodDate(words=Words.BY, day=10)
    rows = windows(make_stage("a", due=due, periods=awaited), make_stage("b", due=after("a.due", 5), periods=own))
    assert [dates(row)[1] for row in rows if row.stage.key == "b"] == [date(2026, month, 15) for month in expected]


@pytest.mark.parametrize("anchor", ["khong-co.due", "a.closes", "lauch", ""])
def test_anchor_that_the_plan_does_not_have_is_named(anchor: str) -> None:
    with pytest.raises(MissingAnchorError) as missing:
        windows(make_stage("a", due=after(anchor, 1)))
    assert missing.value.anchor == anchor


def test_wait_for_a_stage_that_the_plan_does_not_have_is_named() -> None:
    with pytest.raises(MissingAnchorError) as missing:
        windows(make_stage("a", due=after("release", 1), waits_for=(Wait(stage="khong-co", until=Until.ALL_DONE),)))
    assert missing.value.anchor == "khong-co"


# Circles


def waiting(key: str, stage: str, *, due: DueRule | None = None) -> Stage:
    return make_stage(key, due=due, waits_for=(Wait(stage=stage, until=Until.ALL_DONE),))


@pytest.mark.parametrize(
    ("stages", "circle"),
    [
        pytest.param([waiting("a", "b"), waiting("b", "a")], ("a", "b"), id="two stages wait for each other"),
        pytest.param([waiting("a", "a")], ("a",), id="a stage waits for itself"),
        pytest.param(
            [waiting("a", "b"), waiting("b", "c"), waiting("c", "a")], ("a", "b", "c"), id="three stages, in the order of waiting"
        ),
        pytest.param([waiting("x", "a"), waiting("a", "b"), waiting("b", "a")], ("a", "b"), id="a stage outside the circle is not blamed"),
        pytest.param(
            [waiting("a", "b", due=on(5, 1)), waiting("b", "a", due=on(4, 1))], ("a", "b"), id="fixed dates do not hide the circle"
        ),
        pytest.param([make_stage("a", due=after("a.due", 1))], ("a",), id="a date counted from itself"),
        pytest.param([make_stage("a", due=after("a.locks", 1), locks=after("a.due", 1))], ("a",), id="due and lock from each other"),
        pytest.param(
            [make_stage("a", due=after("b.due", 1)), make_stage("b", due=after("c.locks", 1)), make_stage("c", locks=after("a.due", 1))],
            ("a", "b", "c"),
            id="dates counted from each other",
        ),
        pytest.param(
            [make_stage("b", due=after("a.due", 1)), waiting("a", "b", due=after("release", 1))],
            ("b", "a"),
            id="a date on a wait on the date",
        ),
    ],
)
def test_circle_is_refused_with_its_stages(stages: list[Stage], circle: tuple[str, ...]) -> None:
    with pytest.raises(CyclicStagesError) as refused:
        windows(*stages)
    assert refused.value.stages == circle
    assert " → ".join((*circle, circle[0])) in str(refused.value)


def test_circle_is_refused_for_a_single_window_too() -> None:
    stages = waiting("a", "b"), waiting("b", "a"), make_stage("c")
    with pytest.raises(CyclicStagesError):
        stage_window(make_plan(*stages), stages[2], None, year=YEAR, calendar=CALENDAR, known={})


def test_known_release_ends_its_wait_and_with_it_the_circle() -> None:
    rows = windows(waiting("a", "b"), waiting("b", "a", due=after("release", 5)), known={"release:b": date(2026, 5, 4)})
    assert dates(rows[1])[1] == date(2026, 5, 9)


# Known dates


def test_known_date_takes_the_place_of_the_rule_and_moves_what_hangs_on_it() -> None:
    stages = SELF_ASSESSMENT, make_stage("b", due=after("tu-danh-gia.due", 10))
    rows = windows(*stages, known={"tu-danh-gia.due": date(2026, 4, 1)})
    assert [dates(row) for row in rows] == [
        (date(2026, 3, 2), date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 3, 2), date(2026, 4, 11), None),
    ]


def test_known_date_gives_a_stage_without_date_one() -> None:
    assert due_of("a", make_stage("a"), a__due=date(2026, 4, 1)) == date(2026, 4, 1)


def test_known_date_keeps_the_time_of_day_of_the_rule() -> None:
    stage = make_stage("a", due=FixedDate(words=Words.BY, year_offset=0, month=3, day=20, at=time(17, 0)))
    (row,) = windows(stage, known={"a.due": date(2026, 4, 1)})
    assert row.due is not None
    assert row.due.at == datetime(2026, 4, 1, 10, tzinfo=UTC)


def test_known_date_of_one_period_leaves_the_others() -> None:
    report = make_stage("a", due=PeriodDate(words=Words.BY, day=20), periods=Periods.HALVES)
    assert [dates(row)[1] for row in windows(report, known={"a.due:2026-H1": date(2026, 7, 1)})] == [date(2026, 7, 1), date(2026, 12, 20)]


def test_known_date_without_a_period_is_that_of_every_period() -> None:
    report = make_stage("a", due=PeriodDate(words=Words.BY, day=20), periods=Periods.HALVES)
    assert [dates(row)[1] for row in windows(report, known={"a.due": date(2026, 7, 1)})] == [date(2026, 7, 1)] * 2


def test_known_date_cuts_a_circle_of_dates() -> None:
    stages = make_stage("a", due=after("b.due", 1)), make_stage("b", due=after("a.due", 1))
    assert [dates(row)[1] for row in windows(*stages, known={"b.due": date(2026, 4, 1)})] == [date(2026, 4, 2), date(2026, 4, 1)]


def test_known_opening_moves_the_release() -> None:
    assert due_of("a", make_stage("a", opens=on(3, 2), due=after("release", 5)), a__opens=date(2026, 4, 1)) == date(2026, 4, 6)


# How sure a date is


def test_only_dates_of_projected_years_are_marked() -> None:
    rows = windows(make_stage("a", due=on(12, 15)), make_stage("b", due=on(1, 15, offset=1)))
    assert [row.projected for row in rows] == [False, True]


def test_date_that_hangs_on_a_projected_one_is_projected() -> None:
    new_year = FixedDate(words=Words.BY, year_offset=1, month=1, day=1, roll=Roll.BACK)
    awaited, counted = windows(make_stage("a", due=new_year), make_stage("b", due=after("a.due", -10)))
    assert (dates(awaited)[1], dates(counted)[1]) == (date(2026, 12, 31), date(2026, 12, 21))
    assert (awaited.projected, counted.projected) == (True, True)


def test_known_date_rests_on_no_calendar() -> None:
    (row,) = windows(make_stage("a", due=on(1, 15, offset=1)), known={"a.due": date(2027, 1, 20)})
    assert not row.projected


def test_unknown_year_is_refused() -> None:
    with pytest.raises(UnknownYearError) as refused:
        windows(make_stage("a", due=after("release", 5, unit=DayUnit.WORKING)), year=2033)
    assert refused.value.year == 2033


# One window alone

PLAN = make_plan(
    make_stage("a", due=PeriodDate(words=Words.BEFORE, day=20, roll=Roll.BACK), locks=after("a.due", 5), periods=Periods.QUARTERS),
    make_stage("b", due=after("release", 15), waits_for=(Wait(stage="a", until=Until.LOCKED), Wait(stage="c", until=Until.ALL_DONE))),
    EXPLANATION,
    make_stage(
        "c", opens=after("a.due", 1), due=after("c.opens", 10, unit=DayUnit.WORKING), periods=Periods.MONTHS, only_periods=("M03", "M12")
    ),
    make_stage("d", opens=after("launch", 2), due=after("b.due", 3)),
)


@given(
    row=st.integers(min_value=0, max_value=8),
    year=st.integers(min_value=2018, max_value=2030),
    launch=st.none() | st.dates(min_value=date(2018, 1, 1), max_value=date(2030, 12, 31)),
    release=st.none() | st.dates(min_value=date(2018, 1, 1), max_value=date(2030, 12, 31)),
)
def test_one_window_alone_is_the_row_of_the_plan(row: int, year: int, launch: date | None, release: date | None) -> None:
    facts = {"launch": launch, "release:b": release}
    known = {name: day for name, day in facts.items() if day}
    rows = project_plan(PLAN, year=year, calendar=CALENDAR, known=known)
    assert len(rows) == 9
    window = rows[row]
    assert stage_window(PLAN, window.stage, window.period, year=year, calendar=CALENDAR, known=known) == window


def test_window_of_a_period_that_the_plan_leaves_out() -> None:
    report = make_stage("a", due=PeriodDate(words=Words.BY, day=20), periods=Periods.QUARTERS, only_periods=("Q1",))
    window = stage_window(make_plan(report), report, Period.quarter(YEAR, 3), year=YEAR, calendar=CALENDAR, known={})
    assert dates(window)[1] == date(2026, 9, 20)
