"""Lines of lists: an obligation as a page shows it, with its subject, its marks and its time in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.console.marks import Mark, state_mark, time_mark
from api.console.subjects import read_subjects
from api.console.wording import time_said
from evaluation.obligations import FINAL, Punctuality
from evaluation.terms import Turn
from store.queries.status import cycle_stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.console.visiting import Visitor
    from store.queries.health import View
    from store.queries.obligations import ObligationLine


@dataclass(frozen=True, kw_only=True, slots=True)
class DueView:
    """An obligation in a list."""

    id: int
    party: str
    year: int
    title: str
    subject: str
    state: Mark
    time: Mark | None
    when: str
    receivers_turn: bool
    late: bool
    rounds: int


def due_views(visitor: Visitor, connection: View, lines: Sequence[ObligationLine]) -> list[DueView]:
    """Return obligations as they are shown; two queries, however many there are."""
    stages = cycle_stages(connection, {line.cycle for line in lines})
    subjects = read_subjects(visitor.served.store, connection, lines, stages=stages)
    return [_view(visitor, line, subject=subjects.said(line, language=visitor.language)) for line in lines]


def _view(visitor: Visitor, line: ObligationLine, *, subject: str) -> DueView:
    overdue = line.punctuality is Punctuality.OVERDUE
    soon = line.punctuality is Punctuality.DUE_SOON
    return DueView(
        id=line.id,
        party=line.party_name,
        year=line.year,
        title=visitor.either(line.title, line.title_en),
        subject=subject,
        state=state_mark(visitor, kind=line.kind, state=line.state, suspended=line.suspended),
        time=time_mark(visitor, overdue=overdue, turn=line.turn, soon=soon),
        when=time_said(visitor, line),
        receivers_turn=line.turn is Turn.RECEIVER and line.state not in FINAL,
        late=line.late,
        rounds=line.rounds,
    )
