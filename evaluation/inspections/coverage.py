"""Coverage: of how many units a year's inspections reach how many, per group, and who has not been inspected for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.inspections.drawing import share_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspectable:
    """A unit that may be inspected, and what is known of its inspections."""

    unit: str
    group: str
    planned: bool = False  #: an inspection of it stands in this year's plan
    inspected: bool = False  #: it took place
    last_year: int | None = None  #: evaluated year in which it was inspected last; None: never, as far as is known


@dataclass(frozen=True, kw_only=True, slots=True)
class Covered:
    """How far a group, or the whole year, is reached."""

    group: str  #: empty: all
    units: int
    planned: int  #: those that took place among them
    inspected: int
    wanted: int | None = None  #: of the plan's share; None: the plan says none

    @property
    def missing(self) -> int:
        """How many more have to be planned for the share."""
        return max((self.wanted or 0) - self.planned, 0)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The whole, its groups, and the units without an inspection for long, the longest first."""

    whole: Covered
    groups: tuple[Covered, ...]
    neglected: tuple[Inspectable, ...]


def coverage(units: Iterable[Inspectable], *, share: int | None, year: int, neglected_years: int) -> Coverage:
    """
    Return what the inspections of an evaluated year reach.

    A unit is neglected when it is not inspected this year and was not in the `neglected_years` years before it.
    """
    every = tuple(units)
    groups: dict[str, list[Inspectable]] = {}
    for one in every:
        groups.setdefault(one.group, []).append(one)
    long = [one for one in every if not one.planned and (one.last_year is None or year - one.last_year > neglected_years)]
    return Coverage(
        whole=_covered("", every, share=share),
        groups=tuple(_covered(group, own, share=share) for group, own in groups.items()),
        neglected=tuple(sorted(long, key=lambda one: (one.last_year or 0, one.unit))),
    )


def _covered(group: str, units: Iterable[Inspectable], *, share: int | None) -> Covered:
    own = tuple(units)
    return Covered(
        group=group,
        units=len(own),
        planned=sum(one.planned or one.inspected for one in own),
        inspected=sum(one.inspected for one in own),
        wanted=None if share is None else share_of(len(own), share),
    )


def last_inspected(years: Iterable[tuple[str, int]], *, before: int) -> Mapping[str, int]:
    """Return the last year before one in which each unit was inspected, of pairs (unit, year)."""
    found: dict[str, int] = {}
    for unit, year in years:
        if year < before:
            found[unit] = max(year, found.get(unit, year))
    return found
