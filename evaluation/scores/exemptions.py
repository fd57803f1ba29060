"""
Exemptions (miễn chấm, không áp dụng): which nodes a unit is not measured by in a cycle, why, and by whose approval (domain §3.1).

They lower the denominator: points and index then differ. Exempting a field or a criterion exempts all leaves below it. A unit that is
exempt from everything is not evaluated at all: that is another thing, and refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evaluation.criteria.sets import leaves, step_named
from evaluation.scores.faults import At, fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evaluation.criteria.sets import CriteriaSet, Step
    from evaluation.scores.faults import ScoreFault


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """A unit is not measured by a node, in one cycle."""

    cycle: str
    unit: str
    node: str  #: key of a leaf, criterion or field
    reason: str
    approver: str
    document: str = ""  #: number of the document it rests on


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a unit is measured by: its criteria set, its group, and what it is exempt from in the cycle."""

    cycle: str
    unit: str
    criteria: CriteriaSet
    group: str = ""
    exemptions: tuple[Exemption, ...] = ()

    @cached_property
    def exempt_nodes(self) -> frozenset[str]:
        """The nodes that the unit is exempt from in this cycle, as they were named."""
        return frozenset(one.node for one in self.exemptions if (one.cycle, one.unit) == (self.cycle, self.unit))

    def is_exempt(self, step: Step) -> bool:
        """Return whether the unit is exempt from a node, or from one that it stands under."""
        return bool(self.exempt_nodes) and bool(self.exempt_nodes & {node.key for node in (step.node, *step.above)})

    @cached_property
    def leaves(self) -> tuple[Step, ...]:
        """The leaves that the unit's group is measured by, exempt ones among them."""
        return leaves(self.criteria, group=self.group)

    @cached_property
    def owed(self) -> tuple[Step, ...]:
        """The leaves that the unit itself is measured by."""
        return tuple(step for step in self.leaves if not self.is_exempt(step))


def exemption_faults(scope: Scope) -> tuple[ScoreFault, ...]:
    """Return what is wrong with a unit's exemptions in the cycle."""
    own = [one for one in scope.exemptions if (one.cycle, one.unit) == (scope.cycle, scope.unit)]
    return (*_of_each(scope, own), *_of_all(scope, own))


def _of_each(scope: Scope, own: Collection[Exemption]) -> Iterator[ScoreFault]:
    seen: set[str] = set()
    for one in own:
        at = At(unit=one.unit, node=one.node, about="exemption")
        if step_named(scope.criteria, one.node) is None:
            yield fault("no-such-node", at)
        if one.node in seen:
            yield fault("exempt-twice", at)
        seen.add(one.node)
        if not one.reason.strip():
            yield fault("exemption-without-reason", at)
        if not one.approver.strip():
            yield fault("exemption-without-approver", at)


def _of_all(scope: Scope, own: Collection[Exemption]) -> Iterator[ScoreFault]:
    if own and not any(not step.node.is_bonus and step.node.maximum for step in scope.owed):
        yield fault("exempt-from-everything", At(unit=scope.unit, about="exemption"))
