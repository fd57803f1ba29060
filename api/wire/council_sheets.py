"""What the council reads before it votes, over the wire; points and per cents are text: exact, unrounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.wire.schemas import Wire
from evaluation.scores.encoding import number

if TYPE_CHECKING:
    from store.queries.council_sheets import CouncilSheet, LeafLine, UnitLine


class CouncilUnitOut(Wire):
    """A unit that the council may be asked about, as its scores stand."""

    unit: str
    name: str
    index: str
    """Empty: none of its leaves but the survey's has a score yet."""
    provisional: int
    """Leaves of which only the unit's own score is there."""
    missing: int
    """Leaves without any score."""

    @classmethod
    def of(cls, line: UnitLine) -> CouncilUnitOut:
        """Return a unit."""
        index = number(line.index) or ""
        return cls(unit=line.unit, name=line.name, index=index, provisional=line.provisional, missing=line.missing)


class CouncilUnitsOut(Wire):
    """The units of the council's cycle."""

    items: list[CouncilUnitOut]


class CouncilLeafOut(Wire):
    """A node with its points; of a leaf its three scores and the words beside them."""

    node: str
    depth: int
    title: str
    maximum: str | None
    points: str | None
    index: str | None
    self_score: str | None
    appraised: str | None
    final: str | None
    proposed: str
    """The final score that an open matter settles if it is carried; empty: none."""
    explanation: str
    remark: str
    evidence: int
    """How many files of evidence there are."""
    hidden: bool
    """Something was given or is proposed that who asks does not see yet: the leaf is of their own unit."""

    @classmethod
    def of(cls, line: LeafLine) -> CouncilLeafOut:
        """Return a node."""
        figure, entry = line.figure, line.entry
        return cls(
            node=figure.node,
            depth=line.depth,
            title=figure.title,
            maximum=number(figure.maximum),
            points=number(figure.points),
            index=number(figure.index),
            self_score=number(entry.self_score),
            appraised=number(entry.appraised),
            final=number(entry.final),
            proposed=line.proposed,
            explanation="" if entry.explanation is None else entry.explanation.text,
            remark=entry.remark,
            evidence=len(entry.evidence),
            hidden=line.hidden,
        )


class CouncilSheetOut(Wire):
    """A unit's sheet as the council reads it before it votes."""

    unit: str
    name: str
    index: str
    points: str
    maximum: str
    lines: list[CouncilLeafOut]

    @classmethod
    def of(cls, sheet: CouncilSheet) -> CouncilSheetOut:
        """Return a sheet."""
        trace = sheet.trace
        return cls(
            unit=trace.unit.key,
            name=trace.unit.name,
            index=number(trace.index.index) or "",
            points=number(trace.index.points) or "",
            maximum=number(trace.index.maximum) or "",
            lines=[CouncilLeafOut.of(line) for line in sheet.lines],
        )
