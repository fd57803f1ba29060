"""Leading: which criteria a stage asks their leads about, and who leads each on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.criteria.sets import walk
from evaluation.improvement.settings import Per

if TYPE_CHECKING:
    from datetime import date

    from evaluation.criteria.sets import CriteriaSet, Step


def followed(criteria: CriteriaSet, *, per: Per) -> tuple[Step, ...]:
    """Return the nodes that are followed one by one, in the order of the tree; one that ends above the depth asked for counts itself."""
    return tuple(step for step in walk(criteria) if _is_followed(step, per=per))


def _is_followed(step: Step, *, per: Per) -> bool:
    match per:
        case Per.FIELD:
            return step.depth == 0
        case Per.CRITERION:
            return step.depth == 1 or (step.depth == 0 and step.node.is_leaf)
        case Per.LEAF:
            return step.node.is_leaf


def leads_on(steps: tuple[Step, ...], *, day: date) -> dict[str, str]:
    """Return the party that leads each node on a day, by the node's key; empty where nobody does."""
    found = {step.node.key: step.lead_on(day) for step in steps}
    return {key: "" if lead is None else lead.party for key, lead in found.items()}
