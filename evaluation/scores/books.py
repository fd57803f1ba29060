"""
Books: the sheets of many units in one workbook, a row for each unit and leaf.

A book is away for days, while units and appraisers go on. Each row goes out with a stamp of its leaf: a row that says what it said then
changes nothing, whatever became of the leaf; one that says otherwise is taken only where the leaf is still as it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.scores.faults import At, ScoreError, fault
from evaluation.scores.methods import Given
from evaluation.scores.numbers import number_written
from evaluation.scores.rows import fill_in, rows_of
from evaluation.scores.sheets import Part
from evaluation.scores.typing_in import given_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.filling import Act
    from evaluation.scores.rows import SheetRow
    from evaluation.scores.sheets import Entry, Sheet

_HALF = 8  #: hexadecimal digits: of the leaf as a whole, and again of what the book's part says of it
STAMP = 2 * _HALF


class BookPart(StrEnum):
    """Which scores a book is of: the council's are settled in its sessions."""

    SELF = "self"
    APPRAISED = "appraised"

    @property
    def part(self) -> Part:
        """The part of a sheet that it is."""
        return Part(self.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class BookRow:
    """What a row says of a leaf, how the leaf was stamped when the row was written, and in which row of the workbook it stands."""

    said: SheetRow
    stamp: str
    number: int = 0


def stamp_of_leaf(entry: Entry, row: SheetRow, *, part: Part) -> str:
    """Return the stamp of a leaf: of all that is there of it, and of what the part says of it."""
    answer = entry.explanation
    said = ("", "") if answer is None else (answer.text, answer.ruling.value if answer.answers else "")
    scores = (_written(one) for one in (entry.self_score, entry.appraised, entry.final))
    return _digest(given_text(entry.given), *scores, *said, entry.remark, entry.returned) + _own(row, part)


def is_as_written(row: BookRow, *, part: Part) -> bool:
    """Return whether a row says what it said when it was written."""
    return _own(row.said, part) == row.stamp[_HALF:]


def take_rows(sheet: Sheet, rows: Mapping[str, BookRow], *, seen: Sheet, part: Part, act: Act) -> tuple[Sheet, tuple[ScoreFault, ...]]:
    """
    Return a unit's sheet with what the rows of a book say otherwise, and why some of them cannot be taken: then it is as it was.

    `seen` is the sheet as whoever filled the book in sees it: its leaves were stamped so. What stands there already is no change. What
    other parts said stays as it is, whatever the book shows of it.
    """
    now, shown = rows_of(sheet), rows_of(seen)
    changed = {node: row for node, row in rows.items() if node not in now or _own(row.said, part) != _own(now[node], part)}
    stale = [
        node
        for node, row in changed.items()
        if node in now and stamp_of_leaf(seen.entry(node), shown[node], part=part)[:_HALF] != row.stamp[:_HALF]
    ]
    faults = tuple(fault("leaf-stale", At(unit=sheet.scope.unit, node=node)) for node in stale)
    said = {node: _of_part(row.said, now.get(node), part) for node, row in changed.items() if node not in stale}
    after = sheet
    try:
        after = fill_in(sheet, said, part=part, act=act)
    except ScoreError as error:
        faults += error.faults
    return (sheet, faults) if faults else (after, ())


def _of_part(said: SheetRow, now: SheetRow | None, part: Part) -> SheetRow:
    """Return what stands in a leaf with what the part says otherwise."""
    if now is None:
        return said
    if part is Part.SELF:
        return replace(now, given=said.given, explanation=said.explanation)
    return replace(now, appraised=said.appraised, remark=said.remark)


def _own(row: SheetRow, part: Part) -> str:
    if part is Part.SELF:
        return _digest("" if row.given == Given() else given_text(row.given), row.explanation)
    return _digest(_written(row.appraised), row.remark)


def _written(points: Decimal | None) -> str:
    return "" if points is None else number_written(points)


def _digest(*said: str) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:_HALF]
