"""Counts of measures: how far those of each unit are, as the periodic report tells it (lồng ghép)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.improvement.measures import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable

_DONE = frozenset({Progress.DONE, Progress.ACCEPTED})


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A measure as far as it is counted."""

    obligation: int
    unit: str  #: name of who owes it
    progress: Progress
    late: bool


@dataclass(frozen=True, kw_only=True)
class UnitMeasures:
    """The measures of a unit; each number is that of the obligations behind it."""

    unit: str
    done: tuple[int, ...]  #: said to be done, handed in or accepted
    under_way: tuple[int, ...]
    not_begun: tuple[int, ...]
    late: tuple[int, ...]  #: of those that are not done

    @property
    def total(self) -> int:
        """How many there are; what was dropped counts for nothing."""
        return len(self.done) + len(self.under_way) + len(self.not_begun)


def count_measures(measures: Iterable[Measured]) -> tuple[UnitMeasures, ...]:
    """Return the measures unit by unit, who is late with most first, then by name; a dropped one is left out."""
    of: dict[str, list[Measured]] = {}
    for one in measures:
        if one.progress is not Progress.DROPPED:
            of.setdefault(one.unit, []).append(one)
    counted = [_counted(unit, some) for unit, some in of.items()]
    return tuple(sorted(counted, key=lambda one: (-len(one.late), one.unit)))


def _counted(unit: str, some: list[Measured]) -> UnitMeasures:
    return UnitMeasures(
        unit=unit,
        done=tuple(one.obligation for one in some if one.progress in _DONE),
        under_way=tuple(one.obligation for one in some if one.progress is Progress.UNDER_WAY),
        not_begun=tuple(one.obligation for one in some if one.progress is Progress.NOT_BEGUN),
        late=tuple(one.obligation for one in some if one.late and one.progress not in _DONE),
    )
