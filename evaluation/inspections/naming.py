"""
Subjects of inspections: what an obligation of an inspection, a remedy or a re-inspection is about, as text.

An inspection is about a unit: `xa-1`, a further one of the same year `xa-1/kt-2`. A finding is the n-th of its unit in the year: `xa-1/3`;
so is its first remedy and its first re-inspection, and a further one `xa-1/3/2`. The unit stands before the first stroke.
"""

from __future__ import annotations

_FURTHER = "kt-"
FIRST = 1


def unit_named(subject: str) -> str:
    """Return the key of the unit that the subject of an inspection, a finding or a round of one names."""
    return subject.partition("/")[0]


def inspection_subject(unit: str, number: int) -> str:
    """Return the subject of the n-th inspection of a unit in a year."""
    return unit if number == FIRST else f"{unit}/{_FURTHER}{number}"


def finding_key(unit: str, number: int) -> str:
    """Return the stable key of the n-th finding about a unit in a year."""
    return f"{unit}/{number}"


def round_subject(finding: str, number: int) -> str:
    """Return the subject of the n-th remedy, re-inspection or urging of a finding."""
    return finding if number == FIRST else f"{finding}/{number}"


def finding_of(subject: str) -> str:
    """Return the key of the finding that a subject is about: without its round; empty where it names none."""
    parts = subject.split("/")
    return "/".join(parts[:2]) if len(parts) > 1 and parts[1].isdigit() else ""
