"""
Comparison with last year: points and per cent as two series, places beside the size of their group (domain §4, §2.4).

A change is not worked out where it would say nothing: the criteria set or the group changed, the survey was held in one year only, or
the unit comes from a merger or a split (domain §10: no automatic comparison across mergers). The authority may allow each of these; the
line then still says what is different. A unit that only continues another one under a new key is compared, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.scores.numbers import less

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from evaluation.scores.ranking import GroupTable


class Obstacle(StrEnum):
    """What stands against comparing two years."""

    SET = "set"
    GROUP = "group"
    SURVEY = "survey"
    MERGED = "merged"
    SPLIT = "split"
    NEW = "new"  #: there is nobody to compare with
    ENDED = "ended"  #: of last year alone


#: Vietnamese, English.
OBSTACLES: dict[Obstacle, tuple[str, str]] = {
    Obstacle.SET: ("bộ tiêu chí đã thay đổi", "the criteria set changed"),
    Obstacle.GROUP: ("nhóm xếp hạng đã thay đổi", "the ranking group changed"),
    Obstacle.SURVEY: ("chỉ một trong hai năm có điều tra xã hội học", "a survey was held in one of the two years only"),
    Obstacle.MERGED: ("đơn vị hợp nhất từ nhiều đơn vị", "the unit was merged from several"),
    Obstacle.SPLIT: ("đơn vị tách ra từ một đơn vị", "the unit was split from another"),
    Obstacle.NEW: ("năm trước không có đơn vị này", "the unit was not there last year"),
    Obstacle.ENDED: ("năm nay không còn đơn vị này", "the unit is there no more"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a unit came to in one year."""

    unit: str
    group: str
    criteria: str  #: key and version of its criteria set
    points: Decimal
    maximum: Decimal
    index: Decimal
    place: int | None = None
    of: int = 0
    survey_held: bool = True

    @property
    def placed(self) -> str:
        """Its place beside the size of its group, `46/63`; a dash where it is unranked."""
        return "–" if self.place is None else f"{self.place}/{self.of}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Succession:
    """A unit goes on as another, wholly or in part."""

    before: str
    after: str
    dated: bool = False  #: the one ended, or the other began, on a known day


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A unit's two years side by side; changes are this year less last year."""

    unit: str  #: its key of this year; of one that ended, of last year
    before: Standing | None
    after: Standing | None
    obstacles: tuple[Obstacle, ...]
    continued: bool  #: compared through a succession: the two keys differ
    is_comparable: bool
    points: Decimal | None  #: each year's out of its own maximum, which is to be printed beside it; None: not comparable
    index: Decimal | None
    places: int | None  #: above 0: so many places up; None also where the size of the group changed, or one year is unranked

    def words(self, language: str = "vi") -> str:
        """Return what is different between the two years, as words; empty where nothing is."""
        return "; ".join(OBSTACLES[one][0 if language == "vi" else 1] for one in self.obstacles)


def compare_years(
    before: Iterable[Standing],
    after: Iterable[Standing],
    *,
    successions: Sequence[Succession] = (),
    allowed: frozenset[Obstacle] = frozenset(),
) -> tuple[Comparison, ...]:
    """Return a line for each pair of units, in this year's order (a merged unit has one for each it came from), then what ended."""
    old, new = ({one.unit: one for one in some} for some in (before, after))
    between = _between(frozenset(old), frozenset(new), successions)
    lines: list[Comparison] = []
    met: set[str] = set()
    for one in new.values():
        ends = between.predecessors(one.unit)
        met.update(ends)
        if not ends:
            lines.append(_line(None, one, obstacles=(Obstacle.NEW,), allowed=allowed))
        for end in ends:
            obstacles = _obstacles(old[end], one, merged=len(ends) > 1, split=len(between.heirs(end)) > 1)
            lines.append(_line(old[end], one, obstacles=obstacles, allowed=allowed))
    gone = (one for unit, one in old.items() if unit not in met)
    return (*lines, *(_line(one, None, obstacles=(Obstacle.ENDED,), allowed=allowed) for one in gone))


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupYears:
    """A group's two years side by side."""

    group: str
    sizes: tuple[int, int]  #: how many were ranked, last year and this year
    means: tuple[Decimal | None, Decimal | None]
    gaps: tuple[Decimal | None, Decimal | None]  #: index of the first less that of the last
    bands: tuple[Mapping[str, int], Mapping[str, int]]

    @property
    def gap_change(self) -> Decimal | None:
        """How much wider the gap first–last became; below 0: narrower; None where a year has none."""
        before, after = self.gaps
        return None if before is None or after is None else less(after, before)


def compare_groups(before: Iterable[GroupTable], after: Iterable[GroupTable]) -> tuple[GroupYears, ...]:
    """Return gap, mean, bands and size of each group that was there in both years, in this year's order (domain §4)."""
    old = {table.group: table for table in before}
    return tuple(
        GroupYears(
            group=new.group,
            sizes=(_ranked(was), _ranked(new)),
            means=(was.mean, new.mean),
            gaps=(was.gap, new.gap),
            bands=(was.bands, new.bands),
        )
        for new in after
        if (was := old.get(new.group)) is not None
    )


def _ranked(table: GroupTable) -> int:
    return sum(line.place is not None for line in table.lines)


@dataclass(frozen=True, kw_only=True)
class _Between:
    """Who went on as whom between two years."""

    old: frozenset[str]
    new: frozenset[str]
    links: Sequence[Succession]

    def predecessors(self, unit: str) -> tuple[str, ...]:
        """Return who it was last year: itself, and every unit of last year that went on in it, through any number of steps."""
        found: dict[str, None] = {unit: None}
        waiting = [unit]
        while waiting:
            current = waiting.pop(0)
            earlier = [link.before for link in self.links if link.after == current and link.before not in found]
            found.update(dict.fromkeys(earlier))
            waiting += [name for name in earlier if name not in self.old]
        return tuple(name for name in found if name in self.old)

    def heirs(self, unit: str) -> frozenset[str]:
        """Return who it is this year: itself where it is still there, and every unit that it went on in, through any number of steps."""
        met: set[str] = {unit}
        waiting, found = [unit], set()
        while waiting:
            current = waiting.pop()
            later = [link.after for link in self.links if link.before == current]
            if current in self.new or not later:
                found.add(current)
            waiting += [name for name in later if name not in met]
            met.update(later)
        return frozenset(found)


def _between(old: frozenset[str], new: frozenset[str], links: Sequence[Succession]) -> _Between:
    """
    Return the links of these two years.

    A dated one whose two ends stand in both of them is of an earlier or a later year; an undated one may be of a part that went over.
    """
    both = old & new
    return _Between(old=old, new=new, links=tuple(link for link in links if not (link.dated and {link.before, link.after} <= both)))


def _obstacles(old: Standing, new: Standing, *, merged: bool, split: bool) -> tuple[Obstacle, ...]:
    there = {
        Obstacle.MERGED: merged,
        Obstacle.SPLIT: split,
        Obstacle.SET: old.criteria != new.criteria,
        Obstacle.GROUP: old.group != new.group,
        Obstacle.SURVEY: old.survey_held != new.survey_held,
    }
    return tuple(obstacle for obstacle, holds in there.items() if holds)


def _line(old: Standing | None, new: Standing | None, *, obstacles: tuple[Obstacle, ...], allowed: frozenset[Obstacle]) -> Comparison:
    known = new or old
    assert known is not None  # noqa: S101  one of the two is there
    plain = Comparison(
        unit=known.unit,
        before=old,
        after=new,
        obstacles=obstacles,
        continued=old is not None and new is not None and old.unit != new.unit,
        is_comparable=False,
        points=None,
        index=None,
        places=None,
    )
    if old is None or new is None or set(obstacles) - allowed:
        return plain
    points, index = less(new.points, old.points), less(new.index, old.index)
    return replace(plain, is_comparable=True, points=points, index=index, places=_places_up(old, new))


def _places_up(old: Standing, new: Standing) -> int | None:
    if old.place is None or new.place is None or old.of != new.of:
        return None
    return old.place - new.place
