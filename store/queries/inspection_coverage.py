"""What the inspections of a cycle reach, and the draws that chose them: a reader learns nothing of one that is a surprise to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import not_, select

from evaluation.inspections.coverage import Coverage, Inspectable, coverage, last_inspected
from evaluation.kinds import StageKind
from evaluation.obligations import State
from store.commands.inspections.drawing import share_units
from store.queries.inspected import inspected_years
from store.queries.inspection_lines import DrawLine
from store.queries.inspections import list_inspections
from store.schema import CYCLE, INSPECTION, INSPECTION_DRAW, OBLIGATION, PARTY, STAGE
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.queries.sight import Readable
    from store.session import Store


def list_draws(connection: Connection, *, cycle: int, readable: Readable) -> list[DrawLine]:
    """Return the draws of a cycle, in order; none that put an inspection into the plan of which the reader does not know."""
    drawn = select(INSPECTION.c.draw_id).join(OBLIGATION, OBLIGATION.c.id == INSPECTION.c.obligation_id)
    drawn = drawn.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    unknown = connection.execute(drawn.where(INSPECTION.c.cycle_id == cycle, INSPECTION.c.draw_id.is_not(None), not_(readable))).scalars()
    query = select(INSPECTION_DRAW, STAGE.c.key).join(STAGE, STAGE.c.id == INSPECTION_DRAW.c.stage_id)
    query = query.where(INSPECTION_DRAW.c.cycle_id == cycle, INSPECTION_DRAW.c.id.not_in(set(unknown)))
    rows = connection.execute(query.order_by(INSPECTION_DRAW.c.id))
    return [
        DrawLine(
            id=row.id,
            stage=row.key,
            seed=row.seed,
            wanted=row.wanted,
            pool=tuple(orjson.loads(row.pool)),
            result=tuple(orjson.loads(row.result)),
            at=row.at,
        )
        for row in rows
    ]


def coverage_of(
    store: Store, connection: Connection, *, cycle: int, now: datetime, readable: Readable | None = None
) -> dict[str, Coverage]:
    """Return by stage what the inspections that a reader may see reach of the units that each stage's share is of."""
    year = load_year(store, connection, cycle, now=now)
    lines = list_inspections(store, connection, cycle=cycle, now=now, readable=readable)
    planned = {line.unit for line in lines if line.state is not State.WAIVED}
    inspected = {line.unit for line in lines if line.held_on is not None or line.concluded_on is not None}
    before = last_inspected(inspected_years(connection, year.authority), before=year.evaluated)
    groups = dict(connection.execute(select(PARTY.c.key, PARTY.c.group).where(PARTY.c.authority_id == year.authority)).tuples().all())
    found = {}
    for ref in year.stages.values():
        if ref.kind is not StageKind.INSPECTION or ref.line.inspection is None:
            continue
        units = [
            Inspectable(unit=key, group=groups[key], planned=key in planned, inspected=key in inspected, last_year=before.get(key))
            for key in share_units(year, ref)
        ]
        settings = ref.line.inspection
        found[ref.key] = coverage(units, share=settings.share, year=year.evaluated, neglected_years=settings.neglected_after)
    return found
