"""
Charts drawn by the server: bars beside the words and numbers that they show, so that the table itself is the text of the chart.

A bar is a small SVG of a hundred units across; it stretches with its cell, and the words beside it keep their size on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDE, _MIDDLE = Decimal(100), Decimal(50)
_PLACES = Decimal("0.01")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A line of a chart: what, how much in words, and the bar in hundredths of the width."""

    label: str
    value: str
    start: str
    width: str
    tone: str = "plain"  #: `plain`, `up` or `down`


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A chart; what it is called says the page, by its key."""

    key: str
    bars: tuple[Bar, ...]
    middle: bool = False  #: bars go both ways from the middle


def bar_chart(key: str, lines: Iterable[tuple[str, str, Decimal]], *, most: Decimal | None = None) -> Chart:
    """Return a chart of lines (label, words, value from 0 on); `most`: what the whole width stands for, else the greatest value."""
    some = list(lines)
    whole = most or max((value for _, _, value in some), default=_WIDE) or _WIDE
    bars = (Bar(label=label, value=words, start="0", width=_part(value, whole, of=_WIDE)) for label, words, value in some)
    return Chart(key=key, bars=tuple(bars))


def change_chart(key: str, lines: Sequence[tuple[str, str, Decimal]]) -> Chart:
    """Return a chart of changes (label, words, value), up to the right and down to the left of the middle."""
    whole = max((abs(value) for _, _, value in lines), default=_WIDE) or _WIDE
    bars = []
    for label, words, value in lines:
        width = Decimal(_part(abs(value), whole, of=_MIDDLE))
        start = _MIDDLE - width if value < 0 else _MIDDLE
        bars.append(Bar(label=label, value=words, start=f"{start}", width=f"{width}", tone="down" if value < 0 else "up"))
    return Chart(key=key, bars=tuple(bars), middle=True)


def _part(value: Decimal, whole: Decimal, *, of: Decimal) -> str:
    """Return how far a value reaches, never over the edge and never below 0: an index may be above 100 by its bonus."""
    return f"{(min(max(value / whole, Decimal(0)), Decimal(1)) * of).quantize(_PLACES)}"
