"""
The matrix of a cycle: who owes what, units by stages, each obligation with its state, whose turn it is and since when.

One query for the obligations and one for the stages, however many units there are. Names are read once, not once a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, or_, select

from evaluation.naming_order import name_order
from store.queries.status import late, overdue
from store.schema import CYCLE, OBLIGATION, PARTY, REPORT_REQUEST, STAGE, TERM
from store.topics import ANSWERED, TOPIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from store.queries.sight import Readable


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixStage:
    """A column."""

    id: int
    key: str
    kind: str
    title: str
    title_en: str
    waits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixParty:
    """A row."""

    id: int
    key: str
    name: str
    group: str


class MatrixLine(NamedTuple):
    """An obligation of a cell; a tuple, since thousands are made for a page."""

    id: int
    state: str
    suspended: bool
    turn: str
    rounds: int
    since: datetime  #: when the present turn began
    due_on: date | None
    overdue: bool  #: whoever's turn it is
    late: bool  #: its party
    topic: str  #: of the request that it answers; empty: it answers none


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A cycle as a table: stages in the plan's order, parties by group and name, obligations by both ids and due date."""

    stages: tuple[MatrixStage, ...]
    parties: tuple[MatrixParty, ...]
    cells: Mapping[tuple[int, int], tuple[MatrixLine, ...]]


def read_matrix(connection: Connection, cycle: int, *, now: datetime, readable: Readable | None = None, visible: bool = False) -> Matrix:
    """Return the matrix of what may be read of a cycle; `visible`: without what its party may not see yet. Three queries."""
    stages = connection.execute(select(STAGE).where(STAGE.c.cycle_id == cycle).order_by(STAGE.c.position)).all()
    cells: dict[tuple[int, int], list[MatrixLine]] = {}
    for ident, party, stage, state, suspended, rounds, turn, written, opens, due_on, overdue_now, late_now, topic in connection.execute(
        _query(cycle, now=now, readable=readable, visible=visible)
    ):
        since = written if opens is None else max(written, opens)
        line = MatrixLine(ident, state, suspended, turn, rounds, since, due_on, bool(overdue_now), bool(late_now), topic or "")
        cells.setdefault((party, stage), []).append(line)
    owed = {stage for _, stage in cells}
    return Matrix(
        stages=tuple(_stage(row) for row in stages if row.id in owed),
        parties=_parties(connection, cycle, {party for party, _ in cells}),
        cells={place: tuple(lines) for place, lines in cells.items()},
    )


def _query(cycle: int, *, now: datetime, readable: Readable | None, visible: bool) -> Any:  # noqa: ANN401  a statement of SQLAlchemy
    query = (
        select(
            *(OBLIGATION.c[name] for name in ("id", "party_id", "stage_id", "state", "suspended", "rounds")),
            *(TERM.c[name] for name in ("turn", "written_at", "opens_at", "due_on")),
            overdue(now).label("overdue"),
            late(now).label("late"),
            TOPIC,
        )
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .outerjoin(REPORT_REQUEST, ANSWERED)
        .where(OBLIGATION.c.cycle_id == cycle)
        .order_by(OBLIGATION.c.party_id, OBLIGATION.c.stage_id, TERM.c.due_at, OBLIGATION.c.id)
    )
    if readable is not None:
        query = query.where(readable)
    if visible:
        query = query.where(or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now))
    return query


def _parties(connection: Connection, cycle: int, seen: set[int]) -> tuple[MatrixParty, ...]:
    query = select(PARTY.c.id, PARTY.c.key, PARTY.c.name, PARTY.c.group).join(CYCLE, CYCLE.c.authority_id == PARTY.c.authority_id)
    found = [MatrixParty(**row._mapping) for row in connection.execute(query.where(CYCLE.c.id == cycle)) if row.id in seen]
    return tuple(sorted(found, key=lambda one: (one.group, name_order(one.name))))


def _stage(row: Row[Any]) -> MatrixStage:
    return MatrixStage(id=row.id, key=row.key, kind=row.kind, title=row.title, title_en=row.title_en, waits=row.released_at is None)
