"""What the API answers of an exemption: denominators, places and index before and after; points and per cents are exact text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.wire.schemas import Wire
from evaluation.scores.encoding import number

if TYPE_CHECKING:
    from store.commands.results.exempting import Effect


class DenominatorOut(Wire):
    """The maximum that a node is measured out of, before and after."""

    node: str
    """Empty: the whole."""
    title: str
    before: str
    after: str


class PlaceMovedOut(Wire):
    """A unit whose place in its group moves; null: it has none."""

    unit: str
    before: int | None
    after: int | None
    of: int


class EffectOut(Wire):
    """What an exemption, or its end, does to a unit."""

    exemption: int
    leaves_before: int
    leaves: int
    maximum_before: str
    maximum: str
    index_before: str
    index: str
    denominators: list[DenominatorOut]
    """The whole, the fields and the criteria of the unit whose maximum changes."""
    places: list[PlaceMovedOut]
    """Units whose place moves by it."""
    others: int
    """Other units of the cycle, whose denominators and indices stay as they are."""

    @classmethod
    def of(cls, effect: Effect) -> EffectOut:
        """Return an effect."""
        names = ("maximum_before", "maximum", "index_before", "index")
        return cls(
            exemption=effect.exemption,
            leaves_before=effect.leaves_before,
            leaves=effect.leaves,
            denominators=[
                DenominatorOut(node=one.node, title=one.title, before=number(one.before) or "", after=number(one.after) or "")
                for one in effect.denominators
            ],
            places=[PlaceMovedOut.model_validate(one) for one in effect.places],
            others=effect.others,
            **{name: number(getattr(effect, name)) or "" for name in names},
        )
