"""Sources: plain data read from a file, and the place of every value in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.faults import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The way to a value: keys and positions from the top.
Steps = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a file says, before anyone has asked whether it makes sense: texts, numbers, truth values, lists, mappings."""

    file: str
    data: object
    places: Mapping[Steps, Place]  #: of values
    key_places: Mapping[Steps, Place] = field(default_factory=dict)  #: of the keys they stand under

    def place(self, steps: Steps) -> Place:
        """Return where a value stands, or else what holds it."""
        while steps and steps not in self.places:
            steps = steps[:-1]
        return self.places.get(steps, Place())

    def key_place(self, steps: Steps) -> Place:
        """Return where a key stands, or would stand, or else what should hold it."""
        return self.key_places.get(steps) or self.place(steps)

    def mapping(self, steps: Steps = ()) -> dict[str, object]:
        """Return the mapping at that place; empty if something else is there."""
        value = self._at(steps)
        return value if isinstance(value, dict) else {}

    def mappings(self, *steps: str | int) -> Iterator[tuple[Steps, dict[str, object]]]:
        """Yield the mappings of the list at that place, with the way to each; whatever else it holds is passed over."""
        value = self._at(steps)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield (*steps, index), item

    def texts(self, *steps: str | int) -> Iterator[tuple[Steps, str]]:
        """Yield the text at that place, or the texts of the list at that place, with the way to each."""
        value = self._at(steps)
        if isinstance(value, str):
            yield steps, value
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, str):
                yield (*steps, index), item

    def _at(self, steps: Steps) -> object:
        value = self.data
        for step in steps:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value
