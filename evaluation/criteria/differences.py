"""Differences: what another version of a criteria set, or next year's, adds, drops, moves and says otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.criteria.sets import walk
from evaluation.criteria.words import METHODS, Changed, printed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from evaluation.criteria.sets import CriteriaSet, Lead, Scoring, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that is different about one node; what was and what is, in Vietnamese."""

    node: str  #: its key in the newer set; of one that was dropped, in the older
    title: str
    changed: Changed
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What came of comparing two sets."""

    differences: tuple[Difference, ...]
    counts: Mapping[Changed, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything is different."""
        return bool(self.differences)


def compare(before: CriteriaSet, after: CriteriaSet) -> Compared:
    """
    Return what is different in `after`, in its order, and then what it dropped.

    Nodes are the same that have the same key; of the others those that alone share their words, as after a renumbering.
    """
    old = {step.node.key: step for step in walk(before)}
    new = {step.node.key: step for step in walk(after)}
    former = _renumbered(old, new)
    found: list[Difference] = []
    for key, step in new.items():
        earlier = old.get(former.get(key, key))
        if earlier is None:
            found.append(_of(step, Changed.ADDED, after=_points(step.node.maximum)))
        else:
            found += _changes(earlier, step, former=former)
    gone = (step for key, step in old.items() if key not in new and key not in former.values())
    found += [_of(step, Changed.DROPPED, before=_points(step.node.maximum)) for step in gone]
    return Compared(differences=tuple(found), counts=Counter(one.changed for one in found))


def _renumbered(old: Mapping[str, Step], new: Mapping[str, Step]) -> dict[str, str]:
    """Return new keys by old ones of the nodes that kept nothing but their words."""
    gone = {_words(step): key for key, step in _alone(old, besides=new).items()}
    return {key: gone[_words(step)] for key, step in _alone(new, besides=old).items() if _words(step) in gone}


def _alone(steps: Mapping[str, Step], *, besides: Mapping[str, Step]) -> dict[str, Step]:
    left = {key: step for key, step in steps.items() if key not in besides}
    often = Counter(_words(step) for step in left.values())
    return {key: step for key, step in left.items() if often[_words(step)] == 1}


def _words(step: Step) -> tuple[str, bool]:
    return step.node.title.casefold(), step.node.is_leaf


def _of(step: Step, changed: Changed, *, before: str = "", after: str = "") -> Difference:
    return Difference(node=step.node.key, title=step.node.title, changed=changed, before=before, after=after)


def _changes(before: Step, after: Step, *, former: Mapping[str, str]) -> list[Difference]:
    old, new = before.node, after.node
    pairs = (
        (Changed.RENUMBERED, old.key, new.key),
        (Changed.MOVED, *_parents(before, after, former=former)),
        (Changed.POINTS, _points(old.maximum), _points(new.maximum)),
        (Changed.WORDS, old.title, new.title),
        (Changed.METHOD, _method(old.scoring), _method(new.scoring)),
        (Changed.EVIDENCE, _evidence(before), _evidence(after)),
        (Changed.GROUPS, ", ".join(old.groups), ", ".join(new.groups)),
        (Changed.LEADS, "; ".join(map(_lead, old.leads)), "; ".join(map(_lead, new.leads))),
    )
    return [_of(after, changed, before=was, after=now) for changed, was, now in pairs if was != now]


def _parents(before: Step, after: Step, *, former: Mapping[str, str]) -> tuple[str, str]:
    was = before.above[-1].key if before.above else ""
    now = after.above[-1].key if after.above else ""
    return ("", "") if former.get(now, now) == was else (was, now)


def _points(points: Decimal | None) -> str:
    """Return points without the zeros that change nothing."""
    return "" if points is None else printed(points.quantize(1) if points == points.to_integral_value() else points.normalize())


def _method(scoring: Scoring | None) -> str:
    if scoring is None:
        return ""
    rest = [
        *(f"{_points(level.points)}: {level.words}" for level in scoring.levels),
        *([f"ngưỡng {_points(scoring.threshold)} %"] if scoring.threshold is not None else []),
        *([f"mỗi lỗi {_points(scoring.each)}"] if scoring.each is not None else []),
        *([f"không dưới {_points(scoring.floor)}"] if scoring.floor is not None else []),
        *([scoring.origin] if scoring.origin else []),
    ]
    name = METHODS[scoring.method][0]
    return f"{name} ({'; '.join(rest)})" if rest else name


def _evidence(step: Step) -> str:
    return step.node.evidence + (" (bắt buộc)" if step.node.evidence_required else "")


def _lead(lead: Lead) -> str:
    start = f" từ {lead.from_on:%d/%m/%Y}" if lead.from_on else ""
    return f"{lead.party}{start}" + (f" đến hết {lead.to_on:%d/%m/%Y}" if lead.to_on else "")
