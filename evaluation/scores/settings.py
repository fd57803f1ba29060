"""
Settings of results: what an authority decides about the index and the ranking of a cycle, in one record, as JSON and back (domain §14).

Without a word of the authority the defaults of the rules hold. A cycle has its own settings, else those of the authority.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evaluation.scores.comparison import Obstacle
from evaluation.scores.encoding import (
    decode_index_rules,
    decode_ranking_rules,
    encode_index_rules,
    encode_ranking_rules,
    number,
    read_number,
)
from evaluation.scores.faults import At, fault
from evaluation.scores.index import IndexRules
from evaluation.scores.numbers import HUNDRED, ZERO
from evaluation.scores.ranking import RankingRules
from evaluation.scores.showing import ScoresShown
from evaluation.scores.weakness import WEAK_BELOW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from decimal import Decimal

    from evaluation.scores.faults import ScoreFault

#: Names of bands, and of whatever else people type, are no longer.
LONGEST_NAME = 60
MOST_BANDS = 12
MOST_DECIMALS_SHOWN = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultRules:
    """What an authority decides about its results."""

    index: IndexRules = field(default_factory=IndexRules)
    ranking: RankingRules = field(default_factory=RankingRules)
    unranked: tuple[str, ...] = ()  #: keys of special units: evaluated, not ranked
    weak_below: Decimal = WEAK_BELOW  #: a leaf under so many per cent is weak
    appraised_scores_shown: ScoresShown = ScoresShown.AFTER_APPRAISAL  #: to the unit, before they are published
    allowed: frozenset[Obstacle] = frozenset()  #: what does not stand against comparing two years


def encode_rules(rules: ResultRules) -> dict[str, Any]:
    """Return the settings as JSON values."""
    return {
        **encode_index_rules(rules.index),
        **encode_ranking_rules(rules.ranking),
        "unranked": list(rules.unranked),
        "weak_below": number(rules.weak_below),
        "appraised_scores_shown": rules.appraised_scores_shown.value,
        "allowed": sorted(one.value for one in rules.allowed),
    }


def decode_rules(value: Mapping[str, Any]) -> ResultRules:
    """Return the settings that JSON values encode; KeyError, TypeError, ValueError or ArithmeticError if they encode none."""
    return ResultRules(
        index=decode_index_rules(value),
        ranking=decode_ranking_rules(value),
        unranked=tuple(value["unranked"]),
        weak_below=read_number(value["weak_below"]),
        appraised_scores_shown=ScoresShown(
            value.get("appraised_scores_shown", ScoresShown.AFTER_APPRAISAL.value)
        ),  # older ones say nothing
        allowed=frozenset(Obstacle(one) for one in value["allowed"]),
    )


def rule_faults(rules: ResultRules, *, fields: Collection[str], units: Collection[str]) -> Iterator[ScoreFault]:
    """
    Yield what is wrong with settings, each with the value it stands in.

    `fields` are the keys that tie-break keys may name beside `points` (those that every set in use has); `units` those of the cycle.
    """
    ranking, index = rules.ranking, rules.index
    steps = [band.least for band in ranking.bands]
    if steps != sorted(set(steps), reverse=True):
        yield fault("bands-disordered", At(about="bands"), bands=", ".join(f"{band.name} ≥ {band.least:f}" for band in ranking.bands))
    for key in ranking.tie_keys:
        if key != "points" and key not in fields:
            yield fault("tie-key-unknown", At(about="tie_keys"), key=key, known=", ".join(("points", *fields)))
    for key in rules.unranked:
        if key not in units:
            yield fault("unranked-unknown", At(unit=key, about="unranked"))
    if index.cap is not None and index.cap <= (index.floor or ZERO):
        yield fault("cap-below-floor", At(about="cap"), cap=index.cap, floor=index.floor or ZERO)
    if not 0 <= rules.weak_below <= HUNDRED:
        yield fault("weak-out-of-range", At(about="weak_below"), value=rules.weak_below)
