"""Waiting stages: released when what they wait for has happened, by the tick that looks next, and never forgotten."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.terms import TermReason
from store.commands import moves, transferring
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from store.session import Store

WHY = Remark(reason="thử", basis="01/QĐ-THU")
YAML = SMALL_PLAN.read_text(encoding="utf-8")


def with_waits(store: Store, *, summary: str, after: str = "[{stage: report, until: locked}]") -> SmallYear:
    """The small year with other waits of its two waiting stages."""
    yaml = YAML.replace("waits_for: [{stage: plan, until: all_done}]", f"waits_for: {summary}")
    yaml = yaml.replace("waits_for: [{stage: report, until: locked}]", f"waits_for: {after}")
    calendar = shipped_calendar()
    return launch_small(store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=yaml)


def released_on(year: SmallYear, stage: str) -> list[bool]:
    return [year.obligation(ident).released for ident in year.ids(stage)]


def test_all_done_waits_for_the_last_one(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    *others, heir, last = any_year.ids("plan")
    for ident in others:
        any_year.move(moves.waive, ident, now=now, remark=WHY)
    any_year.move(transferring.transfer, last, now=now, successor=5, remark=WHY, undeclared=True)
    any_year.tick(now)
    assert released_on(any_year, "summary") == [False]
    any_year.move(moves.waive, heir, now=now, remark=WHY)
    any_year.tick(now)
    assert released_on(any_year, "summary") == [True]
    assert verify(any_year.store) == []


def test_a_late_release_moves_counted_periods(any_year: SmallYear) -> None:
    any_year.tick(any_year.slot(date(2025, 1, 8)))
    late = any_year.slot(date(2025, 2, 20))
    any_year.deliver("plan", now=late)
    any_year.tick(late)
    summary = any_year.obligation(any_year.ids("summary")[0])
    assert (summary.state, summary.term.reason, summary.term.made_as) == (State.OPEN, TermReason.PLAN, TermReason.INITIAL)
    assert summary.term.due_on == date(2025, 3, 7)
    assert any_year.actions().count("release-stage") == 1


def test_a_fixed_due_stands_and_one_before_its_release_is_a_repair(any_store: Store) -> None:
    year = with_waits(any_store, summary="[{stage: plan, until: all_done}]", after="[{stage: plan, until: all_done}]")
    year.tick(year.slot(date(2025, 1, 8)))
    late = year.slot(date(2025, 7, 21))
    year.deliver("plan", now=late)
    year.tick(late)
    assert {year.obligation(ident).term.due_on for ident in year.ids("after-lock")} == {date(2025, 7, 15)}
    assert year.scalar("select subject from obligation where subject like 'released-after-due%'") == "released-after-due/after-lock"
    assert verify(any_store) == []


def test_locked_waits_for_the_last_lock_and_follows_an_extension(any_year: SmallYear) -> None:
    report = any_year.ids("report")[-1]
    any_year.tick(any_year.slot(date(2025, 6, 2)))
    any_year.move(moves.extend, report, now=any_year.slot(date(2025, 6, 2)), due_on=date(2025, 7, 10), remark=WHY)
    any_year.tick(any_year.slot(date(2025, 7, 10)))
    assert released_on(any_year, "after-lock") == [False, False]
    any_year.tick(any_year.slot(date(2025, 8, 1)))
    assert released_on(any_year, "after-lock") == [True, True]
    assert verify(any_year.store) == []


def test_decided_needs_one_accepted_and_none_open(any_store: Store) -> None:
    year = with_waits(any_store, summary="[{stage: plan, until: decided}]")
    now = year.slot(date(2025, 1, 8))
    year.tick(now)
    first, *others = year.ids("plan")
    for ident in others:
        year.move(moves.waive, ident, now=now, remark=WHY)
    for act in (moves.prepare, moves.submit):
        year.move(act, first, now=now)
    year.tick(now)
    assert released_on(year, "summary") == [False]
    year.move(moves.accept, first, now=now)
    year.tick(now)
    assert released_on(year, "summary") == [True]


def test_decided_is_not_reached_by_waiving_all(any_store: Store) -> None:
    year = with_waits(any_store, summary="[{stage: plan, until: decided}]")
    now = year.slot(date(2025, 1, 8))
    for ident in year.ids("plan"):
        year.move(moves.waive, ident, now=now, remark=WHY)
    year.tick(now)
    assert released_on(year, "summary") == [False]


def test_a_chain_of_waits_goes_on_where_the_middle_has_nothing_left_to_do(any_store: Store) -> None:
    """`after-lock` waits for `summary`, which was waived while it still waited for `plan`."""
    year = with_waits(any_store, summary="[{stage: plan, until: all_done}]", after="[{stage: summary, until: all_done}]")
    now = year.slot(date(2025, 1, 8))
    year.tick(now)
    year.move(moves.waive, year.ids("summary")[0], now=now, remark=WHY)
    year.tick(now)
    assert released_on(year, "after-lock") == [False, False]
    year.deliver("plan", now=now)
    year.tick(now)
    assert released_on(year, "after-lock") == [True, True], "one tick goes all the way"
    assert verify(any_store) == []


def test_a_chain_of_locks_goes_on_when_the_middle_is_released_late(any_store: Store) -> None:
    """The middle's lock had passed before its release; from the release on its successor is looked at again."""
    year = with_waits(any_store, summary="[{stage: after-lock, until: locked}]", after="[{stage: plan, until: all_done}]")
    year.tick(year.slot(date(2025, 1, 8)))
    year.tick(year.slot(date(2025, 8, 4)))
    assert released_on(year, "summary") == [False]
    late = year.slot(date(2025, 8, 5))
    year.deliver("plan", now=late)
    year.tick(late)
    assert released_on(year, "summary") == [True]
    assert verify(any_store) == []


@pytest.mark.parametrize("step_size", [1, 2])
def test_a_release_in_several_steps_releases_all(small_year: SmallYear, step_size: int) -> None:
    small_year.tick(small_year.slot(date(2025, 8, 4)), step_size=step_size)
    assert released_on(small_year, "after-lock") == [True, True]
    assert verify(small_year.store) == []
