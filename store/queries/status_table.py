"""
A cycle as a table, units by stages: in each cell how many obligations stand where, what is late, what is due next.

It is what everybody looks at, so it is made of plain values that are written as JSON without a detour. Its queries do not grow with the
units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from evaluation.kinds import StageKind
from store.queries.status import counted, unit_statuses
from store.schema import AUTHORITY, CYCLE, JOURNAL_HEAD, OBLIGATION, PARTY, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection, Row


@dataclass(frozen=True, kw_only=True)
class CycleHead:
    """A cycle, as far as its kept status asks for it: whose it is, its parties, and the last entry of the authority's journal."""

    id: int
    authority: int
    sandbox: bool
    zone: str
    standing_body: int
    chair: int
    journal: int


def cycle_head(connection: Connection, cycle: int) -> CycleHead | None:
    """Return the head of a cycle; None if there is none. One query."""
    query = (
        select(
            CYCLE.c.id,
            CYCLE.c.authority_id.label("authority"),
            AUTHORITY.c.sandbox,
            AUTHORITY.c.zone,
            CYCLE.c.standing_body_id.label("standing_body"),
            CYCLE.c.chair_id.label("chair"),
            func.coalesce(JOURNAL_HEAD.c.number, 0).label("journal"),
        )
        .join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id)
        .outerjoin(JOURNAL_HEAD, JOURNAL_HEAD.c.authority_id == CYCLE.c.authority_id)
        .where(CYCLE.c.id == cycle)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else CycleHead(**row._mapping)


def next_change(connection: Connection, cycle: int, *, now: datetime, visible: bool) -> datetime | None:
    """Return the next moment at which time alone changes the table: something falls due, or comes to be seen; None: never."""
    ahead = select(func.min(TERM.c.due_at)).join(OBLIGATION, _current()).where(OBLIGATION.c.cycle_id == cycle, TERM.c.due_at > now)
    moments = [connection.execute(ahead).scalar_one()]
    if visible:
        seen = select(func.min(OBLIGATION.c.visible_from)).where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.visible_from > now)
        moments.append(connection.execute(seen).scalar_one())
    return min((moment for moment in moments if moment is not None), default=None)


def status_table(connection: Connection, cycle: int, *, now: datetime, visible: bool = False) -> dict[str, Any]:
    """Return the stages and units of a cycle as plain values; `visible`: without what its party may not see yet. At most five queries."""
    stages = connection.execute(select(STAGE).where(STAGE.c.cycle_id == cycle).order_by(STAGE.c.position)).all()
    keys = {stage.id: stage.key for stage in stages}
    totals: dict[int, dict[str, Any]] = {stage.id: _nothing() for stage in stages}
    of_units: dict[int, dict[str, Any]] = {}
    cells: dict[int, dict[str, dict[str, Any]]] = {}
    for party, stage, *counts in _cells(connection, cycle, now=now, visible=visible):
        if party not in cells:
            of_units[party], cells[party] = _nothing(), {}
        mine = cells[party]
        key = keys[stage]
        if key not in mine:
            mine[key] = _nothing()
        for total in (mine[key], of_units[party], totals[stage]):
            _count(total, *counts)
    units = _units(connection, cycle, stages=stages)
    return {
        "stages": [_stage(stage, totals[stage.id]) for stage in stages],
        "units": [{**units[party], "total": of_units[party], "stages": cells[party]} for party in cells],
    }


def _units(connection: Connection, cycle: int, *, stages: Iterable[Row[Any]]) -> dict[int, dict[str, Any]]:
    """Return the names of the parties of a cycle's authority, and the status of those that owe a self-assessment."""
    status = {}
    if any(stage.kind == StageKind.SELF_ASSESSMENT.value for stage in stages):
        status = {one.unit: {"vi": one.status.vi, "en": one.status.en} for one in unit_statuses(connection, cycle)}
    query = select(PARTY.c.id, PARTY.c.key, PARTY.c.name, PARTY.c.group).join(CYCLE, CYCLE.c.authority_id == PARTY.c.authority_id)
    rows = connection.execute(query.where(CYCLE.c.id == cycle))
    return {ident: {"unit": key, "name": name, "group": group, "status": status.get(key)} for ident, key, name, group in rows}


def _cells(connection: Connection, cycle: int, *, now: datetime, visible: bool) -> Iterable[Row[Any]]:
    """Return party, stage, state and what is counted; names are read apart, so that the database sorts numbers alone."""
    by = (OBLIGATION.c.party_id, OBLIGATION.c.stage_id, OBLIGATION.c.state)
    query = select(*by, *counted(now)).join(TERM, _current()).where(OBLIGATION.c.cycle_id == cycle).group_by(*by).order_by(*by)
    if visible:
        query = query.where(or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now))
    return connection.execute(query)


def _current() -> Any:  # noqa: ANN401  a condition of SQLAlchemy
    return and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term)


def _nothing() -> dict[str, Any]:
    return {"obligations": 0, "counts": {}, "late": 0, "uncorrected": 0, "review_overdue": 0, "next_due": None}


def _count(  # noqa: PLR0913, PLR0917 -- a row as it comes
    total: dict[str, Any], state: str, number: int, late: int, uncorrected: int, review_overdue: int, next_due: date | None
) -> None:
    total["obligations"] += number
    counts = total["counts"]
    counts[state] = counts.get(state, 0) + number
    total["late"] += late
    total["uncorrected"] += uncorrected
    total["review_overdue"] += review_overdue
    if next_due is not None and (total["next_due"] is None or next_due < total["next_due"]):
        total["next_due"] = next_due


def _stage(row: Row[Any], total: dict[str, Any]) -> dict[str, Any]:
    named = {"key": row.key, "kind": row.kind, "title": row.title, "title_en": row.title_en}
    return {**named, "waits": row.released_at is None, "total": total}
