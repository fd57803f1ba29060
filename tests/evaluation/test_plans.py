"""Plans: stages and ladders by name, and the periods in which a stage comes round."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.plans import Periods
from tests.evaluation.one_duty import LADDERS, make_plan, make_stage


@pytest.mark.parametrize(
    ("periods", "only", "keys"),
    [
        pytest.param(Periods.ONCE, (), [None], id="once: no period"),
        pytest.param(Periods.QUARTERS, (), ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], id="four quarters"),
        pytest.param(Periods.QUARTERS, ("Q1", "Q3"), ["2026-Q1", "2026-Q3"], id="two of the quarters"),
        pytest.param(Periods.HALVES, (), ["2026-H1", "2026-H2"], id="two halves"),
        pytest.param(Periods.MONTHS, (), [f"2026-M{month:02}" for month in range(1, 13)], id="twelve months"),
        pytest.param(Periods.MONTHS, ("M03",), ["2026-M03"], id="one month"),
    ],
)
def test_periods_of_a_stage(periods: Periods, only: tuple[str, ...], keys: list[str | None]) -> None:
    stage = make_stage(periods=periods, only_periods=only)
    assert [None if period is None else period.key for period in stage.periods_of(2026)] == keys


def test_a_half_has_six_months_and_a_quarter_three() -> None:
    months = [
        (period.first_month, period.last_month)
        for periods in (Periods.HALVES, Periods.QUARTERS)
        for period in make_stage(periods=periods).periods_of(2026)
        if period is not None
    ]
    assert months == [(1, 6), (7, 12), (1, 3), (4, 6), (7, 9), (10, 12)]


def test_stages_and_ladders_are_found_by_name() -> None:
    plan = make_plan(stages=(make_stage(), make_stage(key="second")))
    assert plan.stage("second").key == "second"
    assert plan.ladder("review") == LADDERS["review"]
    assert plan.ladder("") == ()


@pytest.mark.parametrize("missing", ["stage", "ladder"])
def test_a_name_that_the_plan_lacks_is_refused(missing: str) -> None:
    with pytest.raises(KeyError, match="third"):
        getattr(make_plan(), missing)("third")


def test_titles_speak_of_the_year_it_is_launched_for() -> None:
    titled = replace(
        make_plan(), year=2025, title="Chỉ số CCHC năm 2025, so với 2024, QĐ 12025", stages=(make_stage(title="Báo cáo năm 2026"),)
    )
    moved = titled.named_for(2027)
    assert moved.title == "Chỉ số CCHC năm 2027, so với 2026, QĐ 12025"
    assert moved.stages[0].title == "Báo cáo năm 2028"
    assert moved.stages[0].words == titled.stages[0].words
    assert titled.named_for(2025) == titled
