"""The matrix: units by stages, each cell with its state, since when, whose turn and which round; rows are chosen and acted on together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from api.console.marks import Mark, state_mark, time_mark
from api.console.unit import group_said
from api.console.visiting import Visitor, Visits, frame_of, page
from api.console.wording import age_said
from api.errors import NoCycleError
from api.routes.cycles import Number
from evaluation.obligations import FINAL, State
from evaluation.terms import Turn
from store.queries.health import answering
from store.queries.matrix import Matrix, MatrixLine, MatrixParty, MatrixStage, read_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.queries.frame import FrameCycle

router = APIRouter(default_response_class=HTMLResponse)
#: What a row can be looked for by, in the order of the choice.
ONLY = ("late", "returned", "review", "open", "submitted")
#: The obligation that speaks for a cell that holds several: the first of these that there is.
_LOUDEST = (State.LAPSED, State.RETURNED, State.OPEN, State.PREPARED, State.SUBMITTED, State.SCHEDULED, State.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class CellView:
    """What stands where a unit and a stage meet."""

    id: int  #: the obligation that speaks for it
    mark: Mark
    detail: str
    many: str  #: `2/4`: how many of the cell's are done; empty for one


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """A unit."""

    id: int
    key: str
    name: str
    group: str
    has: str  #: what it can be looked for by
    cells: tuple[CellView | None, ...]


@router.get("/cycles/{id}")  # noqa: FAST003  `Number` is its alias
def matrix(cycle: Number, visitor: Visits, only: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """A year as a table, of what may be read."""
    store, seen = visitor.served.store, visitor.seen
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="matrix", cycle=cycle)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        readable = seen.readable(store, connection, now=visitor.now)
        found = read_matrix(connection, cycle, now=visitor.now, readable=readable, visible=seen.sandboxes)
        rows = rows_of(visitor, found, frame.cycle)
        groups = sorted((group_said(visitor, key), key) for key in {row.group for row in rows if row.group})
        legend = sorted({cell.mark for row in rows for cell in row.cells if cell}, key=lambda mark: (mark.tone, mark.words))
        shown = {"stages": found.stages, "rows": rows, "groups": groups, "legend": legend}
        return page(visitor, "matrix.html", frame, {**shown, "choices": ONLY, "only": only if only in ONLY else ""})


def rows_of(visitor: Visitor, found: Matrix, cycle: FrameCycle) -> list[RowView]:
    """Return the rows of a matrix as they are shown."""
    return [_row(visitor, found, party, cycle) for party in found.parties]


def _row(visitor: Visitor, found: Matrix, party: MatrixParty, cycle: FrameCycle) -> RowView:
    lines = [(stage, found.cells.get((party.id, stage.id), ())) for stage in found.stages]
    has = {word for _, cell in lines for line in cell for word in _words_of(line)}
    cells = tuple(_cell(visitor, stage, cell, zone=cycle.zone) if cell else None for stage, cell in lines)
    return RowView(id=party.id, key=party.key, name=party.name, group=party.group, has=" ".join(sorted(has)), cells=cells)


def _words_of(line: MatrixLine) -> set[str]:
    """Return by what a row with this obligation is found."""
    review = line.overdue and line.turn == Turn.RECEIVER.value
    said = {"late": line.late, "review": review, "returned": line.rounds > 0 and line.late}
    return {line.state, *(word for word, holds in said.items() if holds)}


def _cell(visitor: Visitor, stage: MatrixStage, cell: Sequence[MatrixLine], *, zone: str) -> CellView:
    line = min(cell, key=_loudness)
    state = State(line.state)
    late = time_mark(visitor, overdue=line.overdue, turn=Turn(line.turn))
    done = sum(State(one.state) in FINAL for one in cell)
    return CellView(
        id=line.id,
        mark=late or state_mark(visitor, kind=stage.kind, state=state, suspended=line.suspended),
        detail=_detail(visitor, line, zone=zone),
        many=f"{done}/{len(cell)}" if len(cell) > 1 else "",
    )


def _loudness(line: MatrixLine) -> tuple[bool, bool, int]:
    state = State(line.state)
    return (not line.late, not line.overdue, _LOUDEST.index(state) if state in _LOUDEST else len(_LOUDEST))


def _detail(visitor: Visitor, line: MatrixLine, *, zone: str) -> str:
    """Return since when, or until when, and which round."""
    state = State(line.state)
    if state in FINAL:
        return ""
    if state is State.SCHEDULED or not line.overdue:
        words = visitor.say("hạn %s") % f"{line.due_on:%d/%m}" if line.due_on else ""
    else:
        words = age_said(visitor, line.due_on or line.since.astimezone(ZoneInfo(zone)).date(), zone=zone)
    return " · ".join(filter(None, (words, visitor.say("vòng %s") % line.rounds if line.rounds else "")))
