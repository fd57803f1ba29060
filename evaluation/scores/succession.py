"""
Succession of sheets: what a successor takes over of what its predecessor had scored (domain §10).

Nothing passes by itself: the successor's sheet begins empty, the predecessor's stands beside it as a source. What is taken over are the
unit's own scores and how it scored, of leaves that both sets have with the same method and maximum and that the successor has not scored;
nothing of an appraisal, which was about another unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.criteria.sets import leaves
from evaluation.scores.filling import explain, score_self

if TYPE_CHECKING:
    from evaluation.criteria.sets import Node
    from evaluation.scores.filling import Act
    from evaluation.scores.sheets import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOver:
    """A sheet with what was taken over, and of which leaves."""

    sheet: Sheet
    nodes: tuple[str, ...]
    left: tuple[str, ...]  #: scored by the predecessor and not taken: scored already, exempt, or not the same leaf


def taken_over(own: Sheet, source: Sheet, *, act: Act) -> TakenOver:
    """Return the successor's sheet with the predecessor's own scores, and how it scored, of the leaves that can be taken over."""
    sheet, taken = own, []
    mine = {step.node.key: step.node for step in own.scope.owed}
    theirs = {step.node.key: step.node for step in leaves(source.scope.criteria)}
    scored = [key for key, entry in source.entries.items() if entry.given is not None]
    for key in scored:
        here, there = own.entry(key), source.entry(key)
        untouched = here.self_score is None and here.appraised is None and here.final is None and here.explanation is None
        if there.given is None or not untouched or not _is_same(mine.get(key), theirs.get(key)):
            continue
        sheet = score_self(sheet, key, there.given, act=act)
        if there.explanation is not None and not there.explanation.answers:
            sheet = explain(sheet, key, there.explanation.text, act=act)
        taken.append(key)
    return TakenOver(sheet=sheet, nodes=tuple(taken), left=tuple(key for key in scored if key not in taken))


def _is_same(mine: Node | None, theirs: Node | None) -> bool:
    """Return whether two leaves are scored alike: by the same method, to the same maximum."""
    return mine is not None and theirs is not None and (mine.maximum, mine.scoring) == (theirs.maximum, theirs.scoring)
