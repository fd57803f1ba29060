"""
Editions: what is published of a year, worked out from its leaves: results, places, bands, the tables of the groups.

An edition holds only what was decided: rules, criteria sets, exemptions, the scores of leaves. Everything else is computed from it each
time, so that whoever holds the leaves can check the rest (`evaluation.scores.publication`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.criteria.sets import Decision
from evaluation.scores.faults import At, fault, require
from evaluation.scores.index import IndexRules, index_of, is_survey
from evaluation.scores.ranking import Contender, RankingRules, rank_units
from evaluation.scores.sheets import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from evaluation.criteria.sets import CriteriaSet
    from evaluation.scores.exemptions import Scope
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.index import UnitIndex
    from evaluation.scores.ranking import GroupTable

_MOST_NAMED = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A unit with what it is measured by and the scores of its leaves."""

    scope: Scope
    name: str
    special: bool = False  #: evaluated, not ranked
    scores: Mapping[Part, Mapping[str, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What an authority publishes of a cycle."""

    authority: str
    cycle: str
    year: int  #: the evaluated year
    decision: Decision = field(default_factory=Decision)
    corrects: str = ""  #: SHA-256 of the bundle that this one corrects, by a new decision
    accepted: str = ""  #: why it is published though leaves have no final score (they count 0); empty: then it is refused
    index_rules: IndexRules = field(default_factory=IndexRules)
    ranking_rules: RankingRules = field(default_factory=RankingRules)
    weak_below: Decimal | None = None  #: a leaf under so many per cent is weak; None: frozen before that was kept
    units: tuple[Measured, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an edition comes to."""

    final: Mapping[str, UnitIndex]
    #: What the units and the appraisers gave, by unit: without the survey, which neither of them scores.
    self_scored: Mapping[str, UnitIndex]
    appraised: Mapping[str, UnitIndex]
    tables: tuple[GroupTable, ...]


def outcome_of(edition: Edition) -> Outcome:
    """
    Return the results, places and tables of an edition.

    Raises:
        ScoreError: a unit's leaves have no final score and nobody accepted that, or any of its scores, exemptions or rules is not in order.
    """
    require(_set_faults(edition))
    rules = edition.index_rules
    final = {unit.scope.unit: index_of(unit.scope, unit.scores.get(Part.FINAL, {}), rules=rules) for unit in edition.units}
    if not edition.accepted:
        require(_incomplete(found) for found in final.values() if not found.is_complete)
    contenders = [
        Contender(
            unit=unit.scope.unit,
            group=unit.scope.group,
            index=final[unit.scope.unit].index,
            points=final[unit.scope.unit].points,
            fields={one.node: one.index for one in final[unit.scope.unit].fields},
            special=unit.special,
        )
        for unit in edition.units
    ]
    return Outcome(
        final=final,
        self_scored=_without_survey(edition, Part.SELF),
        appraised=_without_survey(edition, Part.APPRAISED),
        tables=rank_units(contenders, rules=edition.ranking_rules),
    )


def _without_survey(edition: Edition, part: Part) -> dict[str, UnitIndex]:
    rules = IndexRules(survey_held=False, cap=edition.index_rules.cap, floor=edition.index_rules.floor)
    given = (unit for unit in edition.units if unit.scores.get(part) and _has_more_than_survey(unit.scope))
    return {unit.scope.unit: index_of(unit.scope, unit.scores[part], rules=rules) for unit in given}


def _has_more_than_survey(scope: Scope) -> bool:
    """Return whether a unit is measured by anything that its self-assessment and its appraisal are in per cent of."""
    return any(step.node.maximum and not step.node.is_bonus and not is_survey(step.node) for step in scope.owed)


def _set_faults(edition: Edition) -> Iterator[ScoreFault]:
    """Yield units whose criteria set bears the key of another: an edition names its sets by key."""
    sets: dict[str, CriteriaSet] = {}
    for unit in edition.units:
        criteria = unit.scope.criteria
        if sets.setdefault(criteria.key, criteria) != criteria:
            yield fault("sets-of-one-key", At(unit=unit.scope.unit), key=criteria.key)


def _incomplete(found: UnitIndex) -> ScoreFault:
    missing = found.whole.missing
    named = ", ".join(missing[:_MOST_NAMED]) + (", …" if len(missing) > _MOST_NAMED else "")
    return fault("not-complete", At(unit=found.unit), count=len(missing), nodes=named)
