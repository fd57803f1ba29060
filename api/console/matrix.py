"""The matrix: units by stages, each cell with its state, since when, whose turn and which round; rows are chosen and acted on together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.responses import HTMLResponse

from api.console.groups import group_said
from api.console.marks import Mark, state_mark, time_mark
from api.console.visiting import Visitor, Visits, frame_of, page
from api.console.wording import age_said
from api.problems.errors import NoCycleError
from api.routes.cycles import Number
from evaluation.obligations import FINAL, State
from evaluation.terms import Turn
from store.queries.health import answering
from store.queries.matrix import Matrix, MatrixLine, MatrixParty, read_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

router = APIRouter(default_response_class=HTMLResponse)
#: What a row can be looked for by, in the order of the choice.
ONLY = ("late", "returned", "review", "open", "submitted")
#: The obligation that speaks for a cell that holds several: the first of these that there is.
_LOUDEST = (State.LAPSED, State.RETURNED, State.OPEN, State.PREPARED, State.SUBMITTED, State.SCHEDULED, State.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """A unit."""

    id: int
    key: str
    name: str
    group: str
    has: str  #: what it can be looked for by
    cells: Markup  #: as they are drawn


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
        drawing = Drawing(visitor=visitor, zone=frame.cycle.zone)
        rows = [_row(drawing, found, party) for party in found.parties]
        groups = sorted((group_said(visitor, key), key) for key in {row.group for row in rows if row.group})
        legend = sorted(drawing.marks, key=lambda mark: (mark.tone, mark.words))
        shown = {"stages": found.stages, "rows": rows, "groups": groups, "legend": legend}
        return page(visitor, "matrix.html", frame, {**shown, "choices": ONLY, "only": only if only in ONLY else ""})


def _row(drawing: Drawing, found: Matrix, party: MatrixParty) -> RowView:
    lines = [(stage, found.cells.get((party.id, stage.id), ())) for stage in found.stages]
    has = {word for _, cell in lines for line in cell for word in _words_of(line)}
    cells = Markup().join(drawing.cell(stage.kind, cell) for stage, cell in lines)
    return RowView(id=party.id, key=party.key, name=party.name, group=party.group, has=" ".join(sorted(has)), cells=cells)


def _words_of(line: MatrixLine) -> Iterator[str]:
    """Yield by what a row with this obligation is found."""
    yield line.state
    if line.late:
        yield "late"
        if line.rounds:
            yield "returned"
    if line.overdue and line.turn == Turn.RECEIVER.value:
        yield "review"


@dataclass(kw_only=True)
class Drawing:
    """The cells of a page; what they say is made once for all that say the same, since there are thousands."""

    visitor: Visitor
    zone: str
    marks: set[Mark] = field(default_factory=set)
    _drawn: dict[tuple[object, ...], tuple[Markup, Markup]] = field(default_factory=dict)

    def cell(self, kind: str, lines: Sequence[MatrixLine]) -> Markup:
        """Return what stands where a unit and a stage of a kind meet: the obligation that speaks for them."""
        if not lines:
            return self._kept((), self._none)[0]
        line = lines[0] if len(lines) == 1 else min(lines, key=_loudness)
        many = f"{sum(State(one.state) in FINAL for one in lines)}/{len(lines)}" if len(lines) > 1 else ""
        same = (kind, many, line.due_on or line.since, *line[1:5], line.overdue, line.topic)
        before, after = self._kept(same, lambda: self._filled(kind, line, many=many))
        return Markup(f"{before}{line.id}{after}")  # noqa: S704  a number between what was escaped

    def _kept(self, same: tuple[object, ...], make: Callable[[], tuple[Markup, Markup]]) -> tuple[Markup, Markup]:
        found = self._drawn.get(same)
        if found is None:
            found = self._drawn[same] = make()
        return found

    def _none(self) -> tuple[Markup, Markup]:
        label = self.visitor.say("không phải làm")
        return Markup('<td><span class="cell-none" role="img" aria-label="{}">·</span></td>\n').format(label), Markup()

    def _filled(self, kind: str, line: MatrixLine, *, many: str) -> tuple[Markup, Markup]:
        """Return the cell before and after the number of its obligation."""
        late = time_mark(self.visitor, overdue=line.overdue, turn=Turn(line.turn))
        mark = late or state_mark(self.visitor, kind=kind, state=State(line.state), suspended=line.suspended)
        self.marks.add(mark)
        detail = _detail(self.visitor, line, zone=self.zone)
        after = _AFTER.format(
            icon=mark.icon, words=mark.words, many=many and f" {many}", detail=detail and Markup("<small>{}</small>").format(detail)
        )
        return Markup('<td><a class="cell mark-{}" href="/obligations/').format(mark.tone), after


_AFTER = Markup(
    '"><svg class="icon" width="18" height="18" aria-hidden="true"><use href="#i-{icon}"/></svg>'
    "<span><b>{words}{many}</b>{detail}</span></a></td>\n"
)


def _loudness(line: MatrixLine) -> tuple[bool, bool, int]:
    state = State(line.state)
    return (not line.late, not line.overdue, _LOUDEST.index(state) if state in _LOUDEST else len(_LOUDEST))


def _detail(visitor: Visitor, line: MatrixLine, *, zone: str) -> str:
    """Return what was asked for, where it was; since when, or until when, and which round."""
    state = State(line.state)
    if state in FINAL:
        return line.topic
    if state is State.SCHEDULED or not line.overdue:
        words = visitor.say("hạn %s") % f"{line.due_on:%d/%m}" if line.due_on else ""
    else:
        words = age_said(visitor, line.due_on or line.since.astimezone(ZoneInfo(zone)).date(), zone=zone)
    return " · ".join(filter(None, (line.topic, words, visitor.say("vòng %s") % line.rounds if line.rounds else "")))
