"""The chain of reports: which report goes into which, up to the last addressee (xã → sở, Sở Nội vụ → Chủ tịch → Bộ)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.plans import Plan, Stage


def is_link(stage: Stage) -> bool:
    """Return whether a stage is a periodic report: of that kind, or said to be one by its plan."""
    return stage.kind is StageKind.QUARTERLY_REPORT or stage.report is not None


def chain_of(plan: Plan, stage: str) -> tuple[Stage, ...]:
    """Return a stage's report and those it goes into, one after the other; each once, even where the plan goes in a circle."""
    found: dict[str, Stage] = {}
    key = stage
    while key and key not in found:
        found[key] = plan.stage(key)
        rule = found[key].report
        key = rule.feeds if rule is not None else ""
    return tuple(found.values())


def chains(plan: Plan) -> tuple[tuple[Stage, ...], ...]:
    """Return every chain from the report that nothing goes into, in the plan's order; a report that stands alone is no chain."""
    fed = {stage.report.feeds for stage in plan.stages if stage.report is not None}
    begins = [stage for stage in plan.stages if stage.report is not None and stage.report.feeds and stage.key not in fed]
    return tuple(chain_of(plan, stage.key) for stage in begins)


def feeding(plan: Plan, stage: str) -> tuple[Stage, ...]:
    """Return the stages whose reports go into a stage's, in the plan's order."""
    return tuple(one for one in plan.stages if one.report is not None and one.report.feeds == stage)


def links(plan: Plan) -> Iterator[tuple[Stage, Stage]]:
    """Yield each report with the one it goes into."""
    for stage in plan.stages:
        if stage.report is not None and stage.report.feeds:
            yield stage, plan.stage(stage.report.feeds)
