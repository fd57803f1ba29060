"""
Rows: a sheet as it leaves the system and comes back, one row for each leaf; and what a unit's rows change about its sheet.

A unit works away from the system, in a workbook: what comes back is compared with what is there, and only what is different is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.scores.faults import At, ScoreError, fault, require
from evaluation.scores.filling import explain, hand_in, score_self
from evaluation.scores.methods import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.filling import Act
    from evaluation.scores.sheets import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """What stands in the row of a leaf."""

    node: str
    given: Given = field(default_factory=Given)
    explanation: str = ""
    evidence: tuple[str, ...] = ()
    appraised: Decimal | None = None
    remark: str = ""
    final: Decimal | None = None


def rows_of(sheet: Sheet) -> dict[str, SheetRow]:
    """Return a row for each leaf that the unit is measured by, in the order of the tree."""
    rows = {}
    for step in sheet.scope.owed:
        entry = sheet.entry(step.node.key)
        rows[entry.node] = SheetRow(
            node=entry.node,
            given=entry.given or Given(),
            explanation=entry.explanation.text if entry.explanation else "",
            evidence=entry.evidence,
            appraised=entry.appraised,
            remark=entry.remark,
            final=entry.final,
        )
    return rows


def fill_in(sheet: Sheet, rows: Mapping[str, SheetRow], *, act: Act) -> Sheet:
    """
    Return the sheet with what a unit's rows say otherwise: scores, explanations, evidence; all of it or nothing.

    An empty score takes none away. What appraisers and council gave is not the unit's to change.

    Raises:
        ScoreError: every row that cannot be taken, each fault with its leaf.
    """
    before = rows_of(sheet)
    faults: list[ScoreFault] = []
    for node, row in rows.items():
        for change in _changes(before.get(node, SheetRow(node=node)), row, act=act):
            try:
                sheet = change(sheet)
            except ScoreError as error:
                faults += error.faults
        if node in before and (row.appraised, row.remark, row.final) != (before[node].appraised, before[node].remark, before[node].final):
            faults.append(fault("not-the-units", At(unit=sheet.scope.unit, node=node)))
    require(faults)
    return sheet


def _changes(before: SheetRow, row: SheetRow, *, act: Act) -> Iterator[Callable[[Sheet], Sheet]]:
    if row.given not in {before.given, Given()}:
        yield lambda sheet: score_self(sheet, row.node, row.given, act=act)
    if row.evidence != before.evidence:
        yield lambda sheet: hand_in(sheet, row.node, row.evidence, act=act)
    if row.explanation != before.explanation:
        yield lambda sheet: explain(sheet, row.node, row.explanation, act=act)
