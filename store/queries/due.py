"""What is due now: the tick's one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from evaluation.cycles import CycleState
from evaluation.kinds import StageKind
from store.commands.steps import Work
from store.schema import CYCLE, OBLIGATION, STAGE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def due_work(connection: Connection, *, now: datetime) -> list[Work]:
    """Return the stages of launched cycles, of every authority, that have something due: one query over two indexes."""
    has_due = exists().where(OBLIGATION.c.stage_id == STAGE.c.id, OBLIGATION.c.next_at <= now)
    query = (
        select(
            STAGE.c.authority_id,
            STAGE.c.cycle_id,
            STAGE.c.id,
            STAGE.c.key,
            STAGE.c.kind,
            (STAGE.c.next_at <= now).label("woken"),
            has_due.label("due"),
        )
        .join(CYCLE, CYCLE.c.id == STAGE.c.cycle_id)
        .where(CYCLE.c.state == CycleState.LAUNCHED.value, or_(STAGE.c.next_at <= now, has_due))
        .order_by(STAGE.c.authority_id, STAGE.c.cycle_id, STAGE.c.position)
    )
    return [
        Work(
            authority=row.authority_id,
            cycle=row.cycle_id,
            stage=row.id,
            key=row.key,
            kind=StageKind(row.kind),
            woken=bool(row.woken),
            due=bool(row.due),
        )
        for row in connection.execute(query)
    ]
