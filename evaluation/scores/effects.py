"""Effects of an exemption: which denominators change, whose place moves by it, and how many units it leaves as they are (domain §3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.scores.index import deepening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from evaluation.scores.index import UnitIndex
    from evaluation.scores.ranking import GroupTable


@dataclass(frozen=True, kw_only=True, slots=True)
class Denominator:
    """The maximum that a node of a unit is measured out of, before and after; unrounded."""

    node: str  #: empty: the whole
    title: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceMoved:
    """A unit whose place in its group moves; None: it has none."""

    unit: str
    before: int | None
    after: int | None
    of: int


def denominators_changed(before: UnitIndex, after: UnitIndex) -> tuple[Denominator, ...]:
    """Return the whole, the fields and the criteria that a unit is measured out of by another maximum, from the top down."""
    whole = Denominator(node="", title="", before=before.maximum, after=after.maximum)
    now = {one.node: one.maximum for one, _ in deepening(after.fields)}
    parts = (
        Denominator(node=one.node, title=one.title, before=one.maximum, after=now[one.node])
        for one, depth in deepening(before.fields)
        if one.children or not depth
    )
    return tuple(one for one in (whole, *parts) if one.before != one.after)


def places_moved(before: Iterable[GroupTable], after: Iterable[GroupTable]) -> tuple[PlaceMoved, ...]:
    """Return the units whose place is another, in the order of the places that they get."""
    was = _places(before)
    return tuple(
        PlaceMoved(unit=unit, before=was[unit][0], after=place, of=of)
        for unit, (place, of) in _places(after).items()
        if unit in was and was[unit][0] != place
    )


def _places(tables: Iterable[GroupTable]) -> Mapping[str, tuple[int | None, int]]:
    return {line.contender.unit: (line.place, line.of) for table in tables for line in table.lines}
