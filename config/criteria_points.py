"""Criteria points: numbers of points as people write them, as exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from config.fault_nouns import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.faults import FaultList
    from config.source import Source, Steps

_POINTS = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,3})?")
#: Where points stand in a node.
NODE_POINTS = ("maximum", "threshold", "each", "floor")


def points(value: object) -> Decimal | None:
    """
    Return a number of points with as many decimals as it was written with: `10.50`, or `10,5` as in Vietnamese; None if it is none.

    A spreadsheet and YAML keep 10.05 as the nearest binary number; its shortest decimal is what was written.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    return Decimal(text.replace(",", ".")) if _POINTS.fullmatch(text) else None


def nodes_of(source: Source, *steps: str | int) -> Iterator[tuple[Steps, dict[str, object]]]:
    """Yield every node of a source's tree, or of the part below some steps, a node before its children."""
    for under, node in source.mappings(*(steps or ("criteria",))):
        yield under, node
        yield from nodes_of(source, *under, "children")


def add_bad_points(source: Source, faults: FaultList) -> None:
    """Note every number of points that is none, and those below 0 that may not be."""
    _examine(source, (), source.mapping(), name="total", faults=faults)
    for steps, node in nodes_of(source):
        for name in NODE_POINTS:
            _examine(source, steps, node, name=name, faults=faults)
        for level, given in source.mappings(*steps, "levels"):
            _examine(source, level, given, name="points", faults=faults)


def _examine(source: Source, steps: Steps, given: dict[str, object], *, name: str, faults: FaultList) -> None:
    if name not in given:
        return
    number, place = points(given[name]), source.place((*steps, name))
    if number is None:
        faults.add("bad-points", place, value=shown(given[name]))
    elif number < 0 and not (name == "floor" and given.get("method") == "bonus"):
        faults.add("negative-points", place, key=name, value=shown(given[name]))
