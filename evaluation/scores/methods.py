"""
Methods: the score of a leaf from what is said about it, by the method that its criteria set gives it (domain §3).

`levels` the points of the level chosen · `ratio` the maximum times done ÷ of, nothing under the threshold (the threshold itself is
enough) · `points` given by judgement · `deduction` the maximum less so much for each error, never below the floor · `imported` and
`survey` a value brought in · `bonus` from its floor (a penalty) to its maximum, beside the sum. All parameters are the leaf's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.criteria.sets import MOST_DECIMALS, Method, Scoring, walk
from evaluation.scores.faults import At, fault
from evaluation.scores.numbers import HUNDRED, ZERO, displayed, less, share, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.criteria.sets import CriteriaSet, Node
    from evaluation.scores.faults import ScoreFault


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What is said about a leaf; what its method does not ask for is empty."""

    level: int | None = None  #: levels, bonus with levels: which one, from 1
    done: Decimal | None = None  #: ratio: so many …
    of: Decimal | None = None  #: … of so many
    rate: Decimal | None = None  #: ratio: the share itself, in per cent
    errors: int | None = None  #: deduction: how many
    points: Decimal | None = None  #: every method but ratio and deduction: the points themselves


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """What comes of it: points, or what is wrong."""

    points: Decimal | None = None
    faults: tuple[ScoreFault, ...] = ()


#: Digits before the point; longer ones are no count of anything.
_MOST_DIGITS = 15
#: What each method is scored by: one of the ways, each with all of its values.
WAYS: dict[Method, tuple[tuple[str, ...], ...]] = {
    Method.LEVELS: (("level",), ("points",)),
    Method.RATIO: (("done", "of"), ("rate",)),
    Method.POINTS: (("points",),),
    Method.DEDUCTION: (("errors",),),
    Method.IMPORTED: (("points",),),
    Method.SURVEY: (("points",),),
    Method.BONUS: (("level",), ("points",)),
}
#: Words of what is given, in Vietnamese and English.
VALUES: dict[str, tuple[str, str]] = {
    "level": ("mức", "level"),
    "done": ("số đạt", "done"),
    "of": ("tổng số", "of how many"),
    "rate": ("tỷ lệ %", "rate in per cent"),
    "errors": ("số lỗi", "errors"),
    "points": ("điểm", "points"),
}


def score_leaf(node: Node, given: Given, *, unit: str = "") -> Scored:
    """Return the points of a leaf by its method, or every fault of what was given."""
    faults = (*structure_faults_of(node), *_wrong_values(node, given, unit=unit))
    if faults:
        return Scored(faults=faults)
    scoring = _scoring(node)
    match scoring.method:
        case Method.RATIO:
            points = _by_ratio(scoring, _most(node), given)
        case Method.DEDUCTION:
            taken_off = times(scoring.each or ZERO, Decimal(given.errors or 0))
            points = max(less(_most(node), taken_off), scoring.floor or ZERO)
        case _:
            points = given.points if given.points is not None else scoring.levels[(given.level or 1) - 1].points
    return Scored(points=points)


def range_of(node: Node) -> tuple[Decimal, Decimal]:
    """Return the least and the most points of a leaf: from 0 to its maximum; a bonus from its floor, which is a penalty."""
    scoring = _scoring(node)
    return (scoring.floor or ZERO if scoring.method is Method.BONUS else ZERO), _most(node)


def _is_number(value: Decimal) -> bool:
    """Return whether a value is a number that anything could be counted with."""
    return value.is_finite() and value.adjusted() <= _MOST_DIGITS


def range_faults(node: Node, points: Decimal, *, at: At) -> Iterator[ScoreFault]:
    """Yield what is wrong with a score whoever gave it: no number, below the least, above the most (domain §3)."""
    if not _is_number(points):
        yield fault("score-no-number", at, value=str(points))
        return
    least, most = range_of(node)
    if not least <= points <= most:
        yield fault("score-out-of-range", at, value=points, least=least, most=most)


def typed_faults(node: Node, points: Decimal, *, at: At) -> Iterator[ScoreFault]:
    """Yield what is wrong with a score that a person typed: its range, more decimals than points have, points that no level gives."""
    yield from range_faults(node, points, at=at)
    if _is_number(points) and points != displayed(points, MOST_DECIMALS):
        yield fault("score-decimals", at, value=points, most=MOST_DECIMALS)


def structure_faults(criteria: CriteriaSet) -> tuple[ScoreFault, ...]:
    """Return why nothing can be scored by a set: parents that are leaves too, maxima that are none or negative, impossible parameters."""
    return tuple(found for step in walk(criteria) for found in structure_faults_of(step.node))


def structure_faults_of(node: Node) -> Iterator[ScoreFault]:
    """Yield what is wrong with one node of a set."""
    at = At(node=node.key, about="maximum")
    if node.maximum is not None and (not node.maximum.is_finite() or node.maximum < 0):
        yield fault("maximum-negative", at, value=str(node.maximum))
    elif node.is_leaf and node.maximum is None:
        yield fault("maximum-missing", at)
    elif node.is_leaf:
        yield from _parameter_faults(node, _scoring(node))
    if not node.is_leaf and node.scoring is not None:
        yield fault("leaf-is-parent", At(node=node.key, about="scoring"), children=", ".join(child.key for child in node.children))


def _parameter_faults(node: Node, scoring: Scoring) -> Iterator[ScoreFault]:
    least, most = range_of(node)
    for number, level in enumerate(scoring.levels, start=1):
        if not least <= level.points <= most:
            yield fault("level-out-of-range", At(node=node.key, about="levels"), level=number, value=level.points, least=least, most=most)
    if scoring.method is Method.LEVELS and not scoring.levels:
        yield fault("levels-missing", At(node=node.key, about="levels"))
    if scoring.threshold is not None and not 0 <= scoring.threshold <= HUNDRED:
        yield fault("threshold-out-of-range", At(node=node.key, about="threshold"), value=scoring.threshold)
    if scoring.method is Method.DEDUCTION and (scoring.each is None or scoring.each <= 0):
        yield fault("deduction-missing", At(node=node.key, about="each"))
    floor = scoring.floor or ZERO
    if scoring.method is Method.BONUS and floor > 0:
        yield fault("floor-of-bonus", At(node=node.key, about="floor"), value=floor)
    if scoring.method is Method.DEDUCTION and not 0 <= floor <= most:
        yield fault("floor-out-of-range", At(node=node.key, about="floor"), value=floor, most=most)


def _wrong_values(node: Node, given: Given, *, unit: str) -> Iterator[ScoreFault]:
    if not node.is_leaf:
        yield fault("not-a-leaf", At(unit=unit, node=node.key))
        return
    scoring = _scoring(node)
    there = [name for name in VALUES if getattr(given, name) is not None]
    ways = [way for way in WAYS[scoring.method] if scoring.levels or way != ("level",)]
    if tuple(there) not in ways:
        vi, en = (" · ".join(" + ".join(VALUES[name][language] for name in way) for way in ways) for language in (0, 1))
        yield fault("given-otherwise", At(unit=unit, node=node.key), asked=(vi, en), there=_listed(there))
        return
    for name in there:
        yield from _wrong_value(node, given, name=name, at=At(unit=unit, node=node.key, about=name))
    if given.done is not None and given.of is not None and given.done > given.of > 0:
        yield fault("done-above-all", At(unit=unit, node=node.key, about="done"), value=given.done, most=given.of)


def _wrong_value(node: Node, given: Given, *, name: str, at: At) -> Iterator[ScoreFault]:
    value, scoring = Decimal(getattr(given, name)), _scoring(node)
    if not _is_number(value):
        yield fault("score-no-number", at, value=str(value))
    elif name == "level" and not 1 <= value <= len(scoring.levels):
        yield fault("no-such-level", at, value=value, most=len(scoring.levels))
    elif name == "points":
        yield from typed_faults(node, value, at=at)
        if scoring.levels and value not in {level.points for level in scoring.levels}:
            yield fault("points-of-no-level", at, value=value, levels=_points_of_levels(scoring))
    elif name == "of" and value <= 0:
        yield fault("of-nothing", at, value=value)
    elif value < 0 or (name == "rate" and value > HUNDRED):
        yield fault("value-out-of-range", at, what=VALUES[name], value=value)


def _by_ratio(scoring: Scoring, most: Decimal, given: Given) -> Decimal:
    part, whole = (given.rate, HUNDRED) if given.rate is not None else (given.done or ZERO, given.of or HUNDRED)
    if scoring.threshold is not None and times(part, HUNDRED) < times(scoring.threshold, whole):
        return ZERO
    return share(most, part, whole)


def _scoring(node: Node) -> Scoring:
    return node.scoring or Scoring()


def _most(node: Node) -> Decimal:
    return node.maximum or ZERO


def _listed(names: list[str]) -> tuple[str, str]:
    if not names:
        return "chưa có gì", "nothing"
    return ", ".join(VALUES[name][0] for name in names), ", ".join(VALUES[name][1] for name in names)


def _points_of_levels(scoring: Scoring) -> tuple[str, str]:
    plain = [format(level.points, "f") for level in scoring.levels]
    return "; ".join(one.replace(".", ",") for one in plain), "; ".join(plain)
