"""Settings: what a line of a plan says of improvement: whose criteria are owed in its stage, and where the measures are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evaluation.improvement.weak import LOW


class WeakOf(StrEnum):
    """Whose weak criteria of last year are owed in a stage."""

    UNITS = "units"  #: each unit answers for its own
    PROVINCE = "province"  #: those of the authority's own index: whoever leads the criterion answers


class Per(StrEnum):
    """Down to what a lead owes something of its own."""

    FIELD = "field"  #: lĩnh vực
    CRITERION = "criterion"  #: tiêu chí
    LEAF = "leaf"  #: whatever has nothing under it: tiêu chí thành phần, or a criterion without any


@dataclass(frozen=True, kw_only=True)
class Improving:
    """What makes a stage one of improvement: who answers for which criteria, and where the measures are owed."""

    weak: WeakOf | None = None  #: weak criteria that are taken in are owed here
    low: int = LOW  #: per cent of the maximum under which a criterion is weak; zero always is
    leads_of: str = ""  #: key of a criteria set: each lead owes each criterion that it leads
    per: Per = Per.CRITERION  #: down to what
    measures: str = ""  #: key of the stage in which the measures planned here are owed

    @property
    def follows_leads(self) -> bool:
        """Whether who owes is whoever leads the criterion on the day."""
        return bool(self.leads_of) or self.weak is WeakOf.PROVINCE
