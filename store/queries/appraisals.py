"""How far the appraisals of a year are, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.criteria.sets import leaves
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.index import is_survey
from store.criteria import load_criteria, pinned_versions
from store.schema import CYCLE, EXEMPTION, OBLIGATION, PARTY, SCORE, STAGE
from store.scores import sheet_party
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Step
    from store.queries.sight import Readable
    from store.session import Store
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class AppraisalLine:
    """How far the appraisal of a unit is."""

    obligation: int
    unit: str
    unit_name: str
    state: State
    appraised: int
    wanted: int
    reduced: int
    returned: int


def list_appraisals(
    store: Store, connection: Connection, cycle: int, *, now: datetime, readable: Readable | None = None
) -> list[AppraisalLine]:
    """Return the appraisals of a cycle that are about a sheet, in the order of their numbers, of those that may be read."""
    year = load_year(store, connection, cycle, now=now)
    stages = [ref.id for ref in year.stages.values() if ref.kind is StageKind.APPRAISAL]
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.state)
    query = query.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    rows = connection.execute(
        query.where(OBLIGATION.c.stage_id.in_(stages), *(() if readable is None else (readable,))).order_by(OBLIGATION.c.id)
    )
    units = [(row, sheet_party(year, year.stages[row.stage_id], party=row.party_id, subject=row.subject)) for row in rows]
    keys = {ident: key for key, ident in year.people.ids.items()}
    counted = _counted(store, connection, year, {unit for _, unit in units if unit is not None})
    names = dict(connection.execute(select(PARTY.c.id, PARTY.c.name).where(PARTY.c.authority_id == year.authority)).tuples().all())
    return [
        AppraisalLine(obligation=row.id, unit=keys[unit], unit_name=names[unit], state=State(row.state), **counted[unit])
        for row, unit in units
        if unit is not None
    ]


def _counted(store: Store, connection: Connection, year: Year, units: set[int]) -> dict[int, dict[str, int]]:
    """Return how many leaves of each unit are appraised, wanted, reduced and returned: a few queries, however many units."""
    scored: dict[int, dict[str, Any]] = defaultdict(dict)
    names = ("party_id", "node", "self_score", "appraised", "final", "returned")
    for row in connection.execute(select(*(SCORE.c[name] for name in names)).where(SCORE.c.cycle_id == year.cycle)):
        scored[row.party_id][row.node] = row
    exempt: dict[int, set[str]] = defaultdict(set)
    ended = EXEMPTION.c.ended_at.is_(None)
    for row in connection.execute(select(EXEMPTION.c.party_id, EXEMPTION.c.node).where(EXEMPTION.c.cycle_id == year.cycle, ended)):
        exempt[row.party_id].add(row.node)
    steps = {
        group: leaves(load_criteria(store, connection, version), group=group)
        for group, version in pinned_versions(connection, year.cycle).items()
    }
    return {unit: _count(steps[year.people.group(unit)], scored[unit], exempt[unit]) for unit in units}


def _count(steps: tuple[Step, ...], rows: Mapping[str, Any], exempt: set[str]) -> dict[str, int]:
    own = [
        (rows.get(step.node.key), step.node)
        for step in steps
        if not is_survey(step.node) and not exempt & {node.key for node in (step.node, *step.above)}
    ]
    wanted = [row for row, node in own if not node.is_bonus or (row is not None and row.self_score is not None)]
    there = [row for row in wanted if row is not None]
    judged = [row for row in there if row.appraised is not None]
    return {
        "wanted": len(wanted),
        "appraised": sum(not row.returned for row in judged),
        "reduced": sum(row.self_score is not None and Decimal(row.appraised) < Decimal(row.self_score) for row in judged),
        "returned": sum(bool(row.returned) for row in there),
    }
