"""Lints of periodic reports: each link of the chain before the next, and none before the data are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.lints import dates, named
from evaluation.plans import Periods, ReportRule
from evaluation.reports.chain import links
from evaluation.reports.periods import report_period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.due_rules import Deadline
    from evaluation.lints import Examined, Lint
    from evaluation.plans import Stage
    from evaluation.projection import Window


def chain_lints(examined: Examined) -> Iterator[Lint]:
    """Yield periodic reports that are due no earlier than the report they go into (each link before the next)."""
    for inner, outer in [*links(examined.plan), *_unsaid_links(examined)]:
        yield from _link_lints(examined, inner, outer=outer)


def _unsaid_links(examined: Examined) -> Iterator[tuple[Stage, Stage]]:
    """Yield the links that a plan does not name: who receives a quarterly report owes one of its own."""
    reports = [stage for stage in examined.plan.stages if stage.kind is StageKind.QUARTERLY_REPORT]
    for inner in reports:
        if inner.report is not None:
            continue
        receiver = inner.through or inner.owed_to
        for outer in reports:
            if outer is not inner and any(party.key == receiver for party in examined.selected(outer.owed_by)):
                yield inner, outer


def _link_lints(examined: Examined, inner: Stage, *, outer: Stage) -> Iterator[Lint]:
    outer_due = {window.period: window.due for window in examined.windows_of[outer.key]}
    late = [
        (window, window.due, then)
        for window in examined.windows_of[inner.key]
        if window.due and (then := outer_due.get(window.period)) and window.due.last_on >= then.last_on
    ]
    if late:
        vi = "; ".join(_said(*one, words="kỳ {period} hạn {due}, không sớm hơn {then}") for one in late)
        en = "; ".join(_said(*one, words="in {period} due on {due}, no earlier than {then}") for one in late)
        yield examined.of_stage(
            "chain-out-of-order",
            inner,
            vi=f"{inner.title}: {vi} là hạn của “{outer.title}”; dời hạn này sớm lên, hoặc hạn kia muộn lại",
            en=f"{named(inner)}: {en} of {named(outer)}, which it goes into; move this one earlier, or that one later",
        )


def _said(window: Window, due: Deadline, then: Deadline, *, words: str) -> str:
    return words.format(period=window.subject_period, due=dates([due.last_on]), then=dates([then.last_on]))


def cut_off_lints(examined: Examined) -> Iterator[Lint]:
    """Yield periodic reports that are due before the period's data are closed."""
    for stage in examined.plan.stages:
        rule = stage.report or ReportRule()
        if stage.periods is not Periods.QUARTERS or (stage.report is None and stage.kind is not StageKind.QUARTERLY_REPORT):
            continue
        early = [
            window.due.last_on
            for window in examined.windows_of[stage.key]
            if window.due and window.due.last_on < report_period(window.subject_period, cut_off=rule.cut_off).cut_off_on
        ]
        if early:
            yield examined.of_stage(
                "before-cut-off",
                stage,
                vi=f"{stage.title}: hạn {dates(early)} trước ngày chốt số liệu {rule.cut_off}, phải ước số liệu",
                en=f"{named(stage)} is due on {dates(early)}, before the data are closed on day {rule.cut_off}",
            )
