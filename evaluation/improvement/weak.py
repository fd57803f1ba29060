"""
Weak criteria: what reached few points or none last year.

Zero is weak always; what reached less than so many per cent of its maximum is, by a setting of the plan's line. The rule is the province's
(domain §2.2: "tiêu chí đạt điểm thấp hoặc chưa đạt điểm"); the share is none of the sources' and so a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: Under this share of its maximum, in per cent, a criterion is low, unless the plan says otherwise.
LOW = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What a criterion reached last year."""

    unit: str  #: key of the party; empty: the province itself
    criterion: str  #: number in its criteria set
    points: Decimal
    maximum: Decimal
    cause: str = ""
    line: int = 0  #: where it stands in the file

    @property
    def percent(self) -> Decimal:
        """The share of the maximum that was reached, in per cent, unrounded."""
        return Decimal(100) * self.points / self.maximum


def is_weak(result: Result, *, low: int = LOW) -> bool:
    """Return whether a criterion reached no points, or less than so many per cent of its maximum."""
    return result.points <= 0 or result.percent < low
