"""
The index (Chỉ số CCHC): points, maximum and per cent of every node of a unit's tree, from its leaves (domain §3).

`index% = 100 × Σ points of applicable leaves / Σ maximum of applicable leaves`, of a field and a criterion likewise. Exempt leaves are
in neither sum. In a year without a survey its leaves are in neither: the appraisal alone is rescaled to 100, and the result says so;
a survey that scored 0 is another thing. Bonus and penalty are added after the sum. A leaf that has no score yet counts 0 and the
result is not complete. The tree of figures is the trace from every total to its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.criteria.sets import Method
from evaluation.scores.exemptions import exemption_faults
from evaluation.scores.faults import At, fault, refusal, require
from evaluation.scores.methods import range_faults, structure_faults
from evaluation.scores.numbers import ZERO, percent, settled, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from evaluation.criteria.sets import Node, Step
    from evaluation.scores.exemptions import Scope
    from evaluation.scores.faults import ScoreFault

NO_SURVEY_WORDS = (
    "Không tổ chức điều tra xã hội học: điểm thẩm định quy đổi về thang 100.",
    "No survey was held: the appraisal alone is rescaled to 100.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexRules:
    """What the authority decides about the index of a cycle (domain §14.3, §14.9)."""

    survey_held: bool = True  #: False: the survey's leaves count nowhere
    cap: Decimal | None = None  #: the most per cent after bonus; None: no cap
    floor: Decimal | None = None  #: the least per cent after penalty; None: none


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A node's points and maximum; those of its leaves, never its own beside them."""

    node: str
    title: str
    points: Decimal  #: without bonus and penalty
    maximum: Decimal  #: of applicable leaves; 0: nothing of it applies
    survey_points: Decimal = ZERO  #: of the points, those that come from the survey
    survey_maximum: Decimal = ZERO
    bonus: Decimal = ZERO  #: what is added or taken off after the sum
    missing: tuple[str, ...] = ()  #: leaves without a score, counted 0
    exempt: bool = False  #: a leaf that the unit is exempt from
    left_out: bool = False  #: a leaf of the survey in a year without one
    children: tuple[Figure, ...] = ()

    @property
    def index(self) -> Decimal | None:
        """Points in per cent of the maximum, unrounded; None if nothing of it applies."""
        return percent(self.points, self.maximum)

    @property
    def appraised_points(self) -> Decimal:
        """The points that do not come from the survey."""
        return total((self.points, -self.survey_points))

    @property
    def appraised_maximum(self) -> Decimal:
        """The maximum of what does not come from the survey."""
        return total((self.maximum, -self.survey_maximum))


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitIndex:
    """What a unit's scores come to."""

    unit: str
    fields: tuple[Figure, ...]
    whole: Figure  #: everything together, before bonus and penalty
    points: Decimal  #: with bonus and penalty, as achieved: not rescaled
    maximum: Decimal  #: the denominator: what applies to the unit
    index: Decimal  #: per cent, unrounded, after bonus, penalty, cap and floor
    uncapped: Decimal  #: the same before cap and floor
    survey_held: bool

    @property
    def is_complete(self) -> bool:
        """Whether every leaf that counts has a score."""
        return not self.whole.missing

    @property
    def is_capped(self) -> bool:
        """Whether the cap or the floor changed the index."""
        return self.index != self.uncapped

    def figure(self, node: str) -> Figure | None:
        """Return the figure of a node, or None."""
        return next((one for one in figures(self.fields) if one.node == node), None)

    def note(self, language: str = "vi") -> str:
        """Return what has to stand under the printed result; empty where nothing has."""
        if self.survey_held:
            return ""
        return NO_SURVEY_WORDS[0] if language == "vi" else NO_SURVEY_WORDS[1]


def index_of(scope: Scope, scores: Mapping[str, Decimal], *, rules: IndexRules) -> UnitIndex:
    """
    Return a unit's index from the scores of its leaves, by their keys; a leaf without one is missing and counts 0.

    Raises:
        ScoreError: the set cannot be scored by, an exemption is not in order, a score is out of its range or of no leaf of the unit.
    """
    require((*structure_faults(scope.criteria), *exemption_faults(scope), *_score_faults(scope, scores, rules)))
    tree = _Tree(scope=scope, scores=scores, rules=rules, applied={step.node.key: step for step in scope.leaves})
    fields = tuple(tree.figure(node) for node in scope.criteria.fields if tree.has_any(node))
    whole = _together("", scope.criteria.title, fields)
    if not whole.maximum:
        raise refusal("nothing-to-measure", At(unit=scope.unit))
    points = total((whole.points, whole.bonus))
    uncapped = percent(points, whole.maximum) or ZERO
    return UnitIndex(
        unit=scope.unit,
        fields=fields,
        whole=whole,
        points=points,
        maximum=whole.maximum,
        index=within(uncapped, rules),
        uncapped=uncapped,
        survey_held=rules.survey_held,
    )


def is_survey(node: Node) -> bool:
    """Return whether a leaf's points come from the survey."""
    return node.scoring is not None and node.scoring.method is Method.SURVEY


def figures(fields: tuple[Figure, ...]) -> Iterator[Figure]:
    """Yield every figure in the order of the tree, a node before what is below it."""
    for one in fields:
        yield one
        yield from figures(one.children)


def deepening(fields: tuple[Figure, ...], depth: int = 0) -> Iterator[tuple[Figure, int]]:
    """Yield every figure in the order of the tree, with how many stand above it."""
    for one in fields:
        yield one, depth
        yield from deepening(one.children, depth + 1)


def trace(index: UnitIndex, node: str = "") -> tuple[Figure, ...]:
    """Return the leaves that a total is made of, in the order of the tree; without a node those of the whole."""
    start = (index.whole,) if not node else tuple(one for one in (index.figure(node),) if one is not None)
    return tuple(one for one in figures(start) if not one.children)


def within(value: Decimal, rules: IndexRules) -> Decimal:
    """Return an index as cap and floor leave it."""
    if rules.cap is not None and value > rules.cap:
        return rules.cap
    return rules.floor if rules.floor is not None and value < rules.floor else value


def _score_faults(scope: Scope, scores: Mapping[str, Decimal], rules: IndexRules) -> Iterator[ScoreFault]:
    own = {step.node.key: step for step in scope.leaves}
    for key, points in scores.items():
        at = At(unit=scope.unit, node=key)
        if key not in own:
            yield fault("no-such-leaf", at)
        elif scope.is_exempt(own[key]):
            yield fault("leaf-exempt", at)
        elif is_survey(own[key].node) and not rules.survey_held:
            yield fault("survey-not-held", at)
        else:
            yield from range_faults(own[key].node, points, at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tree:
    """One pass over a unit's tree."""

    scope: Scope
    scores: Mapping[str, Decimal]
    rules: IndexRules
    applied: Mapping[str, Step]

    def has_any(self, node: Node) -> bool:
        """Whether any leaf of a node is meant for the unit's group."""
        return node.key in self.applied if node.is_leaf else any(map(self.has_any, node.children))

    def figure(self, node: Node) -> Figure:
        if node.is_leaf:
            return self._leaf(node, self.applied[node.key])
        return _together(node.key, node.title, tuple(self.figure(child) for child in node.children if self.has_any(child)))

    def _leaf(self, node: Node, step: Step) -> Figure:
        surveyed = is_survey(node)
        exempt, left_out = self.scope.is_exempt(step), surveyed and not self.rules.survey_held
        if exempt or left_out:
            return Figure(node=node.key, title=node.title, points=ZERO, maximum=ZERO, exempt=exempt, left_out=left_out)
        points = settled(self.scores.get(node.key, ZERO))
        if node.is_bonus:
            return Figure(node=node.key, title=node.title, points=ZERO, maximum=ZERO, bonus=points)
        maximum = settled(node.maximum or ZERO)
        return Figure(
            node=node.key,
            title=node.title,
            points=points,
            maximum=maximum,
            survey_points=points if surveyed else ZERO,
            survey_maximum=maximum if surveyed else ZERO,
            missing=() if node.key in self.scores else (node.key,),
        )


def _together(node: str, title: str, children: tuple[Figure, ...]) -> Figure:
    return Figure(
        node=node,
        title=title,
        points=total(one.points for one in children),
        maximum=total(one.maximum for one in children),
        survey_points=total(one.survey_points for one in children),
        survey_maximum=total(one.survey_maximum for one in children),
        bonus=total(one.bonus for one in children),
        missing=tuple(key for one in children for key in one.missing),
        children=children,
    )
