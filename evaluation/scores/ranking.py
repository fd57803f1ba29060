"""
Ranking (xếp hạng, xếp loại): places inside groups, on unrounded values, bands, gaps and means (domain §4).

No written tie rule was found, so that it is a setting. Default: exactly equal values share a place and the next is skipped (1, 2, 2, 4).
Keys that break ties go before any tie rule. Special units are evaluated and stand in the table without a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from evaluation.scores.faults import At, fault, require
from evaluation.scores.numbers import DECIMALS, displayed, less, mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evaluation.scores.faults import ScoreFault

_BELOW = Decimal("-Infinity")


class TieRule(StrEnum):
    """What becomes of units that nothing tells apart."""

    SHARED = "shared"  #: they share a place (cùng hạng), the next is skipped: 1, 2, 2, 4
    DENSE = "dense"  #: they share a place, none is skipped: 1, 2, 2, 3
    DISTINCT = "distinct"  #: each has a place of its own, in the order of their keys: 1, 2, 3, 4; the table says which were equal


class By(StrEnum):
    """Which value decides a band."""

    EXACT = "exact"
    DISPLAYED = "displayed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A band (loại): from so many per cent on."""

    name: str
    least: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class RankingRules:
    """What the authority decides about ranking (domain §14.3)."""

    ties: TieRule = TieRule.SHARED
    #: What breaks ties, the first first: `points`, or the key of a field, whose index then decides; more is better.
    tie_keys: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    bands_by: By = By.EXACT
    decimals: int = DECIMALS


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """A unit with what it is ranked by; all values unrounded."""

    unit: str
    group: str
    index: Decimal
    points: Decimal
    fields: Mapping[str, Decimal | None] = field(default_factory=dict)  #: index of each field; None: nothing of it applies
    special: bool = False  #: evaluated, not ranked (cơ quan đặc thù)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A unit's line in the table of its group."""

    contender: Contender
    place: int | None  #: None: evaluated without a place
    of: int  #: how many are ranked in the group: 46/63 is not 46/34
    tied_with: tuple[str, ...] = ()  #: whom nothing tells it apart from, whether or not they share the place
    band: str = ""
    ahead: Decimal | None = None  #: index by which it is behind the one before; None of the first and the unranked
    ahead_points: Decimal | None = None  #: the same in points: another series, never one from the other (domain §2.4)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupTable:
    """The table of a group: the ranked by place, then the unranked."""

    group: str
    lines: tuple[Placed, ...]
    mean: Decimal | None  #: of the index of all that are ranked
    gap: Decimal | None  #: index of the first less that of the last (domain §2.4)
    gap_points: Decimal | None  #: points of the best less those of the worst
    field_means: Mapping[str, Decimal]
    bands: Mapping[str, int]  #: how many of the ranked are in each band, in the order of the rules

    def line(self, unit: str) -> Placed | None:
        """Return a unit's line, or None."""
        return next((one for one in self.lines if one.contender.unit == unit), None)


def rank_units(contenders: Iterable[Contender], *, rules: RankingRules) -> tuple[GroupTable, ...]:
    """
    Return the table of each group, in the order of the groups' keys.

    Raises:
        ScoreError: the bands are not in order, a tie key is neither `points` nor a field, or a unit is there twice.
    """
    everyone = tuple(contenders)
    require(_faults(everyone, rules))
    by_group: dict[str, list[Contender]] = {}
    for one in everyone:
        by_group.setdefault(one.group, []).append(one)
    return tuple(_table(group, by_group[group], rules=rules) for group in sorted(by_group))


def band_of(index: Decimal, rules: RankingRules) -> str:
    """Return the band of an index, by its exact or its displayed value; empty below all of them."""
    value = displayed(index, rules.decimals) if rules.bands_by is By.DISPLAYED else index
    return next((band.name for band in rules.bands if value >= band.least), "")


def _faults(contenders: Sequence[Contender], rules: RankingRules) -> Iterator[ScoreFault]:
    seen: set[str] = set()
    for one in contenders:
        if one.unit in seen:
            yield fault("ranked-twice", At(unit=one.unit))
        seen.add(one.unit)
        for key in rules.tie_keys:
            if key != "points" and key not in one.fields:
                yield fault("no-such-tie-key", At(unit=one.unit, about="tie_keys"), key=key)
    steps = [band.least for band in rules.bands]
    if steps != sorted(set(steps), reverse=True):
        yield fault("bands-disordered", At(about="bands"), bands=", ".join(f"{band.name} ≥ {band.least:f}" for band in rules.bands))


def _strength(one: Contender, rules: RankingRules) -> tuple[Decimal, ...]:
    """Return what decides the place, more is better; a field that does not apply to the unit weighs nothing: below every value."""
    keys = (one.points if key == "points" else _or_below(one.fields[key]) for key in rules.tie_keys)
    return (one.index, *keys)


def _or_below(value: Decimal | None) -> Decimal:
    return _BELOW if value is None else value


def _table(group: str, members: list[Contender], *, rules: RankingRules) -> GroupTable:
    ranked = sorted((one for one in members if not one.special), key=lambda one: one.unit)
    ranked.sort(key=lambda one: _strength(one, rules), reverse=True)
    lines = tuple(_placed(ranked, rules=rules))
    special = sorted((one for one in members if one.special), key=lambda one: one.unit)
    unranked = tuple(Placed(contender=one, place=None, of=len(ranked), band=band_of(one.index, rules)) for one in special)
    points = [one.points for one in ranked]
    return GroupTable(
        group=group,
        lines=(*lines, *unranked),
        mean=mean([one.index for one in ranked]),
        gap=less(ranked[0].index, ranked[-1].index) if ranked else None,
        gap_points=less(max(points), min(points)) if points else None,
        field_means=_field_means(ranked),
        bands={band.name: sum(line.band == band.name for line in lines) for band in rules.bands},
    )


def _placed(ranked: Sequence[Contender], *, rules: RankingRules) -> Iterator[Placed]:
    before: Contender | None = None
    first, dense = 1, 1
    for _, equals in groupby(ranked, key=lambda one: _strength(one, rules)):
        tied = list(equals)
        for offset, one in enumerate(tied):
            place = {TieRule.SHARED: first, TieRule.DENSE: dense, TieRule.DISTINCT: first + offset}[rules.ties]
            yield Placed(
                contender=one,
                place=place,
                of=len(ranked),
                tied_with=tuple(other.unit for other in tied if other is not one),
                band=band_of(one.index, rules),
                ahead=None if before is None else less(before.index, one.index),
                ahead_points=None if before is None else less(before.points, one.points),
            )
            before = one
        first, dense = first + len(tied), dense + 1


def _field_means(ranked: Sequence[Contender]) -> dict[str, Decimal]:
    keys = dict.fromkeys(key for one in ranked for key in one.fields)
    means = {key: mean([value for one in ranked if (value := one.fields.get(key)) is not None]) for key in keys}
    return {key: value for key, value in means.items() if value is not None}
