"""Lints of parties: whom the selectors of a plan mean."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.lints import dates, listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.lints import Examined, Lint
    from evaluation.plans import Stage

#: Kinds of which a party owes one at a time, whatever the deliverable is called.
_ONE_AT_A_TIME = frozenset({StageKind.SELF_ASSESSMENT, StageKind.QUARTERLY_REPORT})


def selector_lints(examined: Examined) -> Iterator[Lint]:
    """Yield selectors that mean nobody, and parties that lead and co-ordinate at once."""
    for stage in examined.plan.stages:
        owing = examined.selected(stage.owed_by)
        if not owing:
            vi, en = f"{stage.title}: không chọn được đơn vị nào thực hiện", f"{named(stage)}: its “owed_by” selects nobody"
            yield examined.of_stage("owes-nobody", stage, vi=vi, en=en)
        for field, selector in (("coordinating", stage.coordinating), ("about", stage.about)):
            if selector is not None and not examined.selected(selector):
                vi, en = f"{stage.title}: “{field}” không chọn được đơn vị nào", f"{named(stage)}: its “{field}” selects nobody"
                yield examined.of_stage("selects-nobody", stage, vi=vi, en=en)
        both = [party.name for party in examined.selected(stage.coordinating) if party in owing]
        if both:
            vi, en = f"{stage.title}: vừa chủ trì vừa phối hợp: {listed(both)}", f"{named(stage)} is led and co-ordinated by {listed(both)}"
            yield examined.of_stage("leads-and-coordinates", stage, vi=vi, en=en)


def criteria_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages whose items come from the criteria though parties that owe them belong to no unit group."""
    for stage in examined.plan.stages:
        names = [party.name for party in examined.selected(stage.owed_by) if not party.group] if stage.items_from is not None else []
        if names:
            vi = f"{stage.title}: không thuộc nhóm nào nên không có bộ tiêu chí: {listed(names)}"
            yield examined.of_stage(
                "criteria-of-no-group", stage, vi=vi, en=f"{named(stage)}: in no unit group, so without criteria: {listed(names)}"
            )


def twice_lints(examined: Examined) -> Iterator[Lint]:
    """Yield pairs of stages that ask the same of the same parties."""
    for first, second in combinations(examined.plan.stages, 2):
        if _asks_the_same(examined, first, second=second):
            again = set(examined.selected(second.owed_by))
            names = [party.name for party in examined.selected(first.owed_by) if party in again]
            if names:
                yield examined.of_stage(
                    "owes-twice",
                    second,
                    vi=f"{second.title}: đã được giao ở “{first.title}” cho {listed(names)}",
                    en=f"{named(second)} asks again what {named(first)} asks of {listed(names)}",
                )


def _asks_the_same(examined: Examined, first: Stage, *, second: Stage) -> bool:
    return (
        first.kind is second.kind
        and not first.on_request
        and not second.on_request
        and first.owed_to == second.owed_to
        and (first.kind in _ONE_AT_A_TIME or first.deliverable.casefold() == second.deliverable.casefold())
        and _share_a_period(examined, first, second=second)
        and _share_a_subject(examined, first, second=second)
    )


def _share_a_period(examined: Examined, first: Stage, *, second: Stage) -> bool:
    return bool(set(first.periods_of(examined.year)) & set(second.periods_of(examined.year)))


def _share_a_subject(examined: Examined, first: Stage, *, second: Stage) -> bool:
    own, other = ({*stage.subjects, *(party.key for party in examined.selected(stage.about))} for stage in (first, second))
    return bool(own & other) or (not own and not other)


def validity_lints(examined: Examined) -> Iterator[Lint]:
    """Yield one lint that names the owing parties that do not exist at the end of the evaluated year."""
    end = date(examined.year, 12, 31)
    owing = dict.fromkeys(party for stage in examined.plan.stages for party in examined.selected(stage.owed_by))
    gone = [party.name for party in owing if not party.is_valid(end)]
    if gone:
        yield examined.of_plan(
            "not-valid-in-year",
            vi=f"{len(gone)} đơn vị không tồn tại vào {dates([end])}: {listed(gone)}",
            en=f"{len(gone)} parties do not exist on {end}: {listed(gone)}",
        )


def paper_lints(examined: Examined) -> Iterator[Lint]:
    """Yield stages with a rung that asks for an official paper about what is not late yet."""
    for stage in examined.plan.stages:
        early = [rung.key for rung in examined.plan.ladder(stage.ladder) if rung.paper is not None and rung.offset <= 0]
        if early:
            vi, en = (
                f"{stage.title}: {', '.join(early)} yêu cầu văn bản khi chưa quá hạn",
                f"{named(stage)}: {', '.join(early)} ask for a paper too early",
            )
            yield examined.of_stage("paper-before-due", stage, vi=vi, en=en)
