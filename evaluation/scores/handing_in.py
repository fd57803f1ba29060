"""Handing in: what keeps a sheet from being signed, an appraisal from being handed in, an explanation from being closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.scores.faults import At, fault
from evaluation.scores.index import is_survey
from evaluation.scores.sheets import Lack, Ruling, missing_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from evaluation.criteria.sets import Step
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.sheets import Sheet

_LACKS = {Lack.SCORE: "not-self-scored", Lack.EXPLANATION: "not-explained"}


def self_assessment_faults(sheet: Sheet) -> tuple[ScoreFault, ...]:
    """
    Return what the unit must still do before its head signs: score each leaf, and explain those without evidence (domain §3).

    Evidence that is required and missing is no fault beside an explanation.
    """
    return tuple(fault(_LACKS[one.lack], At(unit=sheet.scope.unit, node=one.node)) for one in missing_of(sheet) if one.lack in _LACKS)


def evidence_warnings(sheet: Sheet) -> tuple[ScoreFault, ...]:
    """Return the leaves whose required evidence is missing: told before the head signs; explained they refuse nothing (domain §3)."""
    lacking = (one for one in missing_of(sheet) if one.lack is Lack.EVIDENCE)
    return tuple(fault("required-evidence", At(unit=sheet.scope.unit, node=one.node)) for one in lacking)


def appraisable(sheet: Sheet) -> tuple[Step, ...]:
    """Return the leaves that an appraisal gives a score: not the survey's, and a bonus only where the unit asks for it."""
    return tuple(
        step
        for step in sheet.scope.owed
        if not is_survey(step.node) and not (step.node.is_bonus and sheet.entry(step.node.key).self_score is None)
    )


def charged_leaves(sheet: Sheet, party: str, *, on: date) -> tuple[Step, ...]:
    """Return the leaves that a party's appraisal of a unit is to score: those that it leads on a day; all, where it leads none."""
    every = appraisable(sheet)
    led = tuple(step for step in every if (lead := step.lead_on(on)) is not None and lead.party == party)
    return led or every


def appraisal_faults(
    sheet: Sheet, *, leaves: Iterable[Step] | None = None, confirmed: Collection[str] | None = None
) -> tuple[ScoreFault, ...]:
    """
    Return what the appraisal of a unit still lacks, of some leaves or of all.

    Where a second appraiser confirms, `confirmed` names the leaves that have that.
    """
    found = []
    for step in appraisable(sheet) if leaves is None else leaves:
        entry, at = sheet.entry(step.node.key), At(unit=sheet.scope.unit, node=step.node.key)
        if entry.final is not None:
            continue
        if entry.returned:
            found.append(fault("still-returned", at))
        elif entry.appraised is None:
            found.append(fault("not-appraised", at))
        elif confirmed is not None and entry.node not in confirmed:
            found.append(fault("not-confirmed", at))
    return tuple(found)


def explanation_faults(sheet: Sheet) -> tuple[ScoreFault, ...]:
    """Return the explanations that nobody has ruled on yet: until then the window does not close."""
    waiting = (entry for entry in sheet.entries.values() if entry.explanation is not None and entry.explanation.answers)
    return tuple(
        fault("ruling-waits", At(unit=sheet.scope.unit, node=entry.node))
        for entry in waiting
        if entry.explanation is not None and entry.explanation.ruling is Ruling.OPEN and entry.final is None
    )


def reduced_leaves(sheet: Sheet) -> tuple[str, ...]:
    """Return the leaves whose appraised score is below the unit's, in the order of the tree."""
    return tuple(step.node.key for step in sheet.scope.owed if sheet.entry(step.node.key).is_reduced)
