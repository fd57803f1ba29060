"""
Standings: the sums of a unit's index without its tree, for the ranking of thousands of units at once.

A measure is made once for a criteria set, a unit group and what is exempt; each unit's scores are then added up in one pass. What comes
out is what `evaluation.scores.index.index_of` says of the same scores (a property test holds the two together); whatever is wrong with a
score is refused by that very function, with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import InvalidOperation, localcontext
from typing import TYPE_CHECKING

from evaluation.scores.exemptions import exemption_faults
from evaluation.scores.faults import require
from evaluation.scores.index import IndexRules, index_of, is_survey, within
from evaluation.scores.methods import range_of, structure_faults
from evaluation.scores.numbers import EXACT, ZERO, percent, settled, total
from evaluation.scores.ranking import Contender

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from evaluation.scores.exemptions import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What a unit's scores come to: the figures of its index that a ranking needs, unrounded."""

    points: Decimal
    maximum: Decimal
    index: Decimal
    fields: Mapping[str, Decimal | None]  #: index of each field; None: nothing of it applies
    missing: int  #: leaves without a score, counted 0

    def contender(self, unit: str, *, group: str, special: bool = False) -> Contender:
        """Return the unit as it is ranked."""
        return Contender(unit=unit, group=group, index=self.index, points=self.points, fields=self.fields, special=special)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """What units of one group with the same exemptions are measured by, laid out for adding up."""

    scope: Scope  #: of one of these units
    rules: IndexRules
    leaves: tuple[tuple[str, int, bool, Decimal, Decimal], ...]  #: key, number of its field, bonus, least, most
    fields: tuple[tuple[str, Decimal], ...]  #: key and maximum
    maximum: Decimal  #: of what applies


def measure_of(scope: Scope, *, rules: IndexRules) -> Measure:
    """
    Return what a unit, and every other with the same set, group and exemptions, is measured by.

    Raises:
        ScoreError: the set cannot be scored by, an exemption is not in order, or nothing is left to measure by.

    """
    require((*structure_faults(scope.criteria), *exemption_faults(scope)))
    index_of(scope, {}, rules=rules)  # refuses where nothing is left
    found: dict[str, list[tuple[str, bool, Decimal, Decimal]]] = {}
    for step in scope.leaves:
        own = found.setdefault((step.above[0] if step.above else step.node).key, [])
        if not scope.is_exempt(step) and (rules.survey_held or not is_survey(step.node)):
            own.append((step.node.key, step.node.is_bonus, *range_of(step.node)))
    fields = tuple((key, total(most for _, bonus, _, most in own if not bonus)) for key, own in found.items())
    return Measure(
        scope=scope,
        rules=rules,
        leaves=tuple((key, number, bonus, least, most) for number, own in enumerate(found.values()) for key, bonus, least, most in own),
        fields=fields,
        maximum=total(most for _, most in fields),
    )


def totals_of(measure: Measure, scores: Mapping[str, Decimal], *, unit: str = "") -> Totals:
    """
    Return what a unit's scores come to; a leaf without one is missing and counts 0.

    Raises:
        ScoreError: a score is out of its range, or of no leaf of the unit.

    """
    try:
        sums = _sums(measure, scores)
    except InvalidOperation:  # no number
        sums = None
    if sums is None:
        exempt = tuple(replace(one, unit=unit) for one in measure.scope.exemptions)
        index_of(replace(measure.scope, unit=unit, exemptions=exempt), scores, rules=measure.rules)  # says which, and what to do
        raise NoSuchLeafError(unit)
    points = [settled(own) for own in sums.fields]
    whole = total((*points, sums.bonus))
    return Totals(
        points=whole,
        maximum=measure.maximum,
        index=within(percent(whole, measure.maximum) or ZERO, measure.rules),
        fields={key: percent(own, most) for own, (key, most) in zip(points, measure.fields, strict=True)},
        missing=sums.missing,
    )


class NoSuchLeafError(ValueError):
    """The two ways to add up disagree about a unit's scores: a fault of dondoc's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sums:
    fields: list[Decimal]
    bonus: Decimal
    missing: int


def _sums(measure: Measure, scores: Mapping[str, Decimal]) -> _Sums | None:
    """Return the sums by field, bonus and penalty, and how many leaves are missing; None where a score is not in order."""
    with localcontext(EXACT):
        fields, bonus, missing, found = [ZERO] * len(measure.fields), ZERO, 0, 0
        for key, number, is_bonus, least, most in measure.leaves:
            points = scores.get(key)
            if points is None:
                missing += not is_bonus
                continue
            found += 1
            if not least <= points <= most:
                return None
            if is_bonus:
                bonus += points
            else:
                fields[number] += points
    return _Sums(fields=fields, bonus=bonus, missing=missing) if found == len(scores) else None
