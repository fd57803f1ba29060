"""
Numbers of scores: sums, shares and their display, in exact decimals (domain §3: unrounded computation, half up only for display).

A share may have no end (1 of 3): it is carried with sixty digits, and a result is cut at thirty decimals. What is equal is equal so,
whatever way it was added up, and no two results of a real set are that near each other without being equal. None of it depends on the
decimal context of whoever calls.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ZERO, HUNDRED = Decimal(0), Decimal(100)
#: What everything is worked out in, whatever the caller's decimal context.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_SAME = Decimal(1).scaleb(-30)
#: Decimals that a result is shown with (domain §3).
DECIMALS = 2
#: By how much displayed parts may miss the displayed total (domain §3: 0.01 to 0.02).
TOLERANCE = Decimal("0.02")


def settled(value: Decimal) -> Decimal:
    """Return the number cut at thirty decimals, without zeros that say nothing: equal numbers are written alike."""
    plain = EXACT.quantize(value, _SAME).normalize(EXACT)
    return ZERO if not plain else EXACT.quantize(plain, Decimal(1)) if plain == plain.to_integral_value() else plain


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum; 0 of none."""
    added = ZERO
    for value in values:
        added = EXACT.add(added, value)
    return settled(added)


def less(value: Decimal, other: Decimal) -> Decimal:
    """Return how much the first is above the second."""
    return settled(EXACT.subtract(value, other))


def times(value: Decimal, other: Decimal) -> Decimal:
    """Return the product."""
    return settled(EXACT.multiply(value, other))


def share(maximum: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return `maximum × part ÷ whole`, divided once; `whole` is not 0."""
    return settled(EXACT.divide(EXACT.multiply(maximum, part), whole))


def percent(points: Decimal, maximum: Decimal) -> Decimal | None:
    """Return points in per cent of a maximum; None of a maximum of 0: there is nothing to have a share of."""
    return share(HUNDRED, points, maximum) if maximum else None


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """Return the mean; None of none."""
    return share(Decimal(1), total(values), Decimal(len(values))) if values else None


def displayed(value: Decimal, decimals: int = DECIMALS) -> Decimal:
    """Return the number as it is shown: rounded half up (away from 0), with that many decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=EXACT)


def parts_agree(parts: Iterable[Decimal], whole: Decimal, *, decimals: int = DECIMALS, tolerance: Decimal = TOLERANCE) -> bool:
    """Return whether displayed parts make up the displayed total within a tolerance: displayed numbers are never compared for equality."""
    shown = total(displayed(part, decimals) for part in parts)
    return abs(less(shown, displayed(whole, decimals))) <= tolerance


def number_written(value: Decimal) -> str:
    """Return the one way a number is written in what is kept: `83.54`, no exponent, no zeros at the end, no `-0`."""
    written = format(settled(value), "f")
    plain = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if plain in {"", "-", "-0"} else plain
