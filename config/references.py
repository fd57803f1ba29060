"""References: whether the words of a file stand for something: keys and dates that are there, and no circles of keys."""

from __future__ import annotations

from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from config.fault_nouns import NOUNS, Both, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from config.faults import FaultList, Place
    from config.source import Source, Steps


def add_unknown(noun: str, texts: Iterable[tuple[Steps, str]], *, known: Collection[str], source: Source, faults: FaultList) -> None:
    """Note every text that is not among the known words."""
    for steps, text in texts:
        if text and text not in known:
            faults.add("unknown-word", source.place(steps), noun=NOUNS[noun], value=shown(text), near=suggestion(text, known))


def add_impossible_dates(texts: Iterable[tuple[Steps, str]], *, source: Source, faults: FaultList) -> None:
    """Note every text that names no day of the calendar."""
    for steps, text in texts:
        if as_date(text) is None:
            faults.add("bad-date", source.place(steps), value=shown(text))


def as_date(text: object) -> date | None:
    """Return a date written year-month-day, or None."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def first_places(noun: str, texts: Iterable[tuple[Steps, str]], *, source: Source, faults: FaultList) -> dict[str, Steps]:
    """Return the way to the first use of each key; every later use is noted as a fault."""
    first: dict[str, Steps] = {}
    for steps, text in texts:
        if text in first:
            where = position(source.place(first[text]))
            faults.add("duplicate", source.place(steps), noun=NOUNS[noun], value=shown(text), first=where)
        first.setdefault(text, steps)
    return first


def position(place: Place) -> Both:
    """Return where something stands as part of a sentence."""
    if place.cell:
        return Both(en=f"in {place.cell}", vi=f"ở ô {place.cell}")
    return Both(en=f"on line {place.line}", vi=f"ở dòng {place.line}")


def circles(needs: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Return circles such that every circle of the graph shares a step with one of them; each begins with its least key."""
    left = {node: set(needed) for node, needed in needs.items()}
    found: list[tuple[str, ...]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            walk = error.args[1][::-1]  # each node needs the next
            for node, needed in pairwise(walk):
                left[node].discard(needed)
            ring = walk[:-1]
            start = ring.index(min(ring))
            found.append((*ring[start:], *ring[:start]))
        else:
            return found


def add_circles(what: Both, needs: Mapping[str, Iterable[str]], *, places: Mapping[str, Place], faults: FaultList) -> None:
    """Note every circle at the place of its first member, naming all members."""
    for ring in circles(needs):
        faults.add("circle", places[ring[0]], what=what, circle=" → ".join((*ring, ring[0])))
