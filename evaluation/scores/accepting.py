"""Accepting self scores as they are, many at once: which leaves may be, without anybody looking away from what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.criteria.sets import Step
    from evaluation.scores.sheets import Sheet


def acceptable_leaves(sheet: Sheet, leaves: Iterable[Step]) -> tuple[Step, ...]:
    """
    Return the leaves whose self score may stand as the appraised one: scored, not judged yet, not returned, evidence there if required.

    A leaf whose required evidence is missing is judged by itself: its unit only explained how it scored (domain §3).
    """
    found = []
    for step in leaves:
        entry = sheet.entry(step.node.key)
        judged = entry.appraised is not None or entry.final is not None or entry.returned
        shown = entry.evidence or not step.node.evidence_required
        if entry.self_score is not None and not judged and shown:
            found.append(step)
    return tuple(found)
