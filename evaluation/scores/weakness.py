"""Weak criteria of a unit: what scored zero or low, per field, and how much was lost by it (domain §2.2: review low or zero criteria)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.scores.index import trace
from evaluation.scores.numbers import less

if TYPE_CHECKING:
    from evaluation.scores.index import UnitIndex

#: A leaf is weak below so many per cent of its maximum; a customary default.
WEAK_BELOW = Decimal(50)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weak:
    """A leaf that a unit did badly in."""

    field: str  #: key of the field that it stands under
    node: str
    title: str
    points: Decimal
    maximum: Decimal
    index: Decimal
    lost: Decimal  #: points below the maximum
    unscored: bool = False  #: it counts 0 for want of a score

    @property
    def is_zero(self) -> bool:
        """Whether nothing at all was scored."""
        return not self.points


def weak_criteria(index: UnitIndex, *, below: Decimal = WEAK_BELOW, unscored: bool = False) -> tuple[Weak, ...]:
    """
    Return the leaves under so many per cent, those of zero always, field by field, in each what lost most first.

    What is exempt, left out or beside the sum is not weak; what counts 0 for want of a score only where `unscored`
    asks for it, and says so.
    """
    found: list[Weak] = []
    for field in index.fields:
        own = []
        for leaf in trace(index, field.node):
            per_cent = leaf.index
            if per_cent is not None and (unscored or not leaf.missing) and (per_cent < below or not leaf.points):
                lost = less(leaf.maximum, leaf.points)
                weak = Weak(
                    field=field.node,
                    node=leaf.node,
                    title=leaf.title,
                    points=leaf.points,
                    maximum=leaf.maximum,
                    index=per_cent,
                    lost=lost,
                    unscored=bool(leaf.missing),
                )
                own.append(weak)
        found += sorted(own, key=lambda one: -one.lost)
    return tuple(found)
