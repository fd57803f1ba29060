"""
Rows: a sheet as it leaves the system and comes back, one row for each leaf; and what rows that came back change about it.

People work away from the system, in a workbook: what comes back is compared with what is there, and only what is different is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evaluation.scores.faults import At, ScoreError, fault, require
from evaluation.scores.filling import appraise, explain, hand_in, score_self, settle
from evaluation.scores.methods import Given
from evaluation.scores.sheets import PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.filling import Act
    from evaluation.scores.sheets import Sheet

#: Characters of an explanation, a remark or a reason.
LONGEST = 4000
#: Whose columns are whose.
_COLUMNS: dict[Part, tuple[str, ...]] = {
    Part.SELF: ("given", "explanation", "evidence"),
    Part.APPRAISED: ("appraised", "remark"),
    Part.FINAL: ("final",),
}


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


_EMPTY = SheetRow(node="")


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


def fill_in(sheet: Sheet, rows: Mapping[str, SheetRow], *, part: Part = Part.SELF, act: Act, seen: Sheet | None = None) -> Sheet:
    """
    Return the sheet with what rows say otherwise in the columns of one part; all of it or nothing.

    The unit's are what it scored by, explanation and evidence; the appraisers' their score and remark; the council's the final score. An
    empty score takes none away, an empty cell of somebody else changes nothing. `seen` is the sheet as whoever filled it in may see it;
    left out: all of it.

    Raises:
        ScoreError: every row that cannot be taken, or that changes a column of somebody else, each fault with its leaf.
    """
    before, shown = rows_of(sheet), rows_of(seen or sheet)
    faults: list[ScoreFault] = []
    for node, row in rows.items():
        was = before.get(node, SheetRow(node=node))
        faults += _of_others(shown.get(node, was), row, part=part, unit=sheet.scope.unit)
        faults += _too_long(was, row, unit=sheet.scope.unit)
        for change in _changes(was, row, part=part, act=act):
            try:
                sheet = change(sheet)
            except ScoreError as error:
                faults += error.faults
    require(faults)
    return sheet


def _of_others(was: SheetRow, row: SheetRow, *, part: Part, unit: str) -> Iterator[ScoreFault]:
    for owner, names in _COLUMNS.items():
        for name in names:
            if owner is not part and getattr(row, name) not in {getattr(was, name), getattr(_EMPTY, name)}:
                yield fault("column-of-others", At(unit=unit, node=row.node, about=name), owner=PARTS[owner])


def _too_long(was: SheetRow, row: SheetRow, *, unit: str) -> Iterator[ScoreFault]:
    for name in ("explanation", "remark"):
        text = getattr(row, name)
        if text != getattr(was, name) and (len(text) > LONGEST or "\x00" in text):
            yield fault("text-too-long", At(unit=unit, node=row.node, about=name), count=len(text), most=LONGEST)


def _changes(was: SheetRow, row: SheetRow, *, part: Part, act: Act) -> Iterator[Callable[[Sheet], Sheet]]:
    if part is Part.SELF:
        if row.given not in {was.given, Given()}:
            yield lambda sheet: score_self(sheet, row.node, row.given, act=act)
        if row.evidence != was.evidence:
            yield lambda sheet: hand_in(sheet, row.node, row.evidence, act=act)
        if row.explanation != was.explanation:
            yield lambda sheet: explain(sheet, row.node, row.explanation, act=act)
    appraised, final = row.appraised, row.final
    if part is Part.APPRAISED and appraised is not None and (appraised, row.remark) != (was.appraised, was.remark):
        yield lambda sheet: appraise(sheet, row.node, appraised, remark=row.remark, act=act if act.why else replace(act, why=row.remark))
    if part is Part.FINAL and final is not None and final != was.final:
        yield lambda sheet: settle(sheet, row.node, final, act=act)
