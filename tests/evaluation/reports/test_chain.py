"""The chain: each report before the one it goes into, in every year that the calendar knows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from evaluation.lint import Lint, lint
from evaluation.reports.chain import chain_of, chains, feeding

if TYPE_CHECKING:
    from evaluation.plans import Plan

PLANS = ("vinh-long-2023", "province-two-tier")
CHAIN = ["quarterly-report", "quarterly-report-to-chair", "quarterly-report-to-ministry"]


shipped = cache(lambda key: load_plan_and_roster(find_plan(key)))


def found(plan: Plan, code: str, *, of: str, year: int) -> list[Lint]:
    """Return what the lint finds under one code when a plan is launched on the roster of a shipped one."""
    roster = shipped(of)[1]
    return [one for one in lint(plan, roster=roster, year=year, calendar=shipped_calendar()) if one.code == code]


@pytest.mark.parametrize("key", PLANS)
def test_chain_of_a_shipped_plan_ends_at_the_ministry(key: str) -> None:
    plan = shipped(key)[0]
    assert [[stage.key for stage in chain] for chain in chains(plan)] == [CHAIN]
    assert [stage.key for stage in chain_of(plan, CHAIN[1])] == CHAIN[1:]
    assert [stage.key for stage in feeding(plan, CHAIN[1])] == CHAIN[:1]


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
@pytest.mark.parametrize("key", PLANS)
def test_shipped_chain_is_in_order_in_every_year(key: str, year: int) -> None:
    plan = shipped(key)[0]
    assert found(plan, "chain-out-of-order", of=key, year=year) == []


def test_units_report_after_the_data_are_closed() -> None:
    plan = shipped("province-two-tier")[0]
    assert [found(plan, "before-cut-off", of=plan.key, year=year) for year in (2024, 2025, 2026, 2027)] == [[]] * 4


def test_link_out_of_order_names_stage_period_and_both_dates() -> None:
    plan = shipped("province-two-tier")[0]
    back = replace(plan.stage(CHAIN[2]), due=plan.stage(CHAIN[1]).due)
    plan = replace(plan, stages=tuple(back if stage.key == CHAIN[2] else stage for stage in plan.stages))
    (one,) = found(plan, "chain-out-of-order", of="province-two-tier", year=2026)
    assert one.where == CHAIN[1]
    assert "kỳ 2026-Q3 hạn 18/09/2026, không sớm hơn 18/09/2026" in one.message_vi
    assert "(quarterly-report-to-chair): in 2026-Q1 due on 19/03/2026, no earlier than 19/03/2026" in one.message_en


def test_cut_off_of_the_plan_decides_what_is_too_early() -> None:
    plan = shipped("province-two-tier")[0]
    first = plan.stage(CHAIN[0])
    assert first.report is not None
    late = replace(first, report=replace(first.report, cut_off=17))
    plan = replace(plan, stages=tuple(late if stage is first else stage for stage in plan.stages))
    (one,) = found(plan, "before-cut-off", of="province-two-tier", year=2026)
    assert (one.where, one.severity) == (CHAIN[0], "warning")
    assert "đóng" not in one.message_vi
    assert "ngày chốt số liệu 17" in one.message_vi
