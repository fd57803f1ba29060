"""
Naming: how the obligations of a criterion and of its measures are called.

A criterion by its number, `2.1`; its third measure `2.1/bp-3` (biện pháp), and one that is about no one criterion `KH/bp-1` (kế hoạch).
"""

from __future__ import annotations

import re

OWN_PLAN = "KH"  #: before the number of a measure that is about no one criterion
_MEASURE = "bp-"
_SUBJECT = re.compile(rf"(?P<criterion>{OWN_PLAN}|[0-9]+(?:[.-][a-z0-9]+)*)(?:/{_MEASURE}(?P<number>[0-9]+))?")


def measure_subject(criterion: str, number: int) -> str:
    """Return the subject of a measure's obligation; one without a criterion is of the unit's own plan."""
    return f"{measure_prefix(criterion)}{number}"


def measure_prefix(criterion: str) -> str:
    """Return how the subjects of the measures of a criterion begin."""
    return f"{criterion or OWN_PLAN}/{_MEASURE}"


def named_by(subject: str) -> tuple[str, int]:
    """Return the criterion that a subject of improvement names, and the number of its measure; empty, 0: it names none."""
    found = _SUBJECT.fullmatch(subject)
    if found is None or (found["criterion"] == OWN_PLAN and found["number"] is None):
        return "", 0
    return "" if found["criterion"] == OWN_PLAN else found["criterion"], int(found["number"] or 0)
