"""What letters speak of, as plain facts: the cycle that runs, and what was published of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """The cycle that an item belongs to."""

    id: int
    title: str
    title_en: str
    year: int  #: evaluated
    version: int = 1  #: of the plan in force
    signed: str = ""  #: number and date of the document that issued it, as they were entered
    standing_body: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TheirResult:
    """What an edition says of a unit."""

    unit: str  #: name
    year: int  #: evaluated
    decision: str
    decided_on: date | None
    corrects: bool  #: it corrects an earlier edition
    path: str  #: of the page where anybody reads it, after the base URL
    decimals: int
    running: Running
    group: str = ""  #: key
    index: Decimal | None = None  #: per cent; None: the unit was not evaluated
    points: Decimal | None = None
    maximum: Decimal | None = None
    place: int | None = None  #: None: evaluated without a place, or not at all
    of: int = 0
    band: str = ""
    missing: int = 0  #: leaves counted 0 for want of a score
    plan_due: date | None = None  #: last local date of its improvement; None: the plan names none
