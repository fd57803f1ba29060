"""What is due now: the tick's one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, or_, select

from evaluation.cycles import CycleState
from evaluation.kinds import StageKind
from store.commands.steps import Work
from store.schema import CYCLE, OBLIGATION, STAGE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_NOW = bindparam("b_now", type_=STAGE.c.next_at.type)
_WOKEN = STAGE.c.next_at <= _NOW
_HAS_DUE = exists().where(OBLIGATION.c.stage_id == STAGE.c.id, OBLIGATION.c.next_at <= _NOW)
_DUE = (
    select(STAGE.c.authority_id, STAGE.c.cycle_id, STAGE.c.id, STAGE.c.key, STAGE.c.kind, _WOKEN.label("woken"), _HAS_DUE.label("due"))
    .join(CYCLE, CYCLE.c.id == STAGE.c.cycle_id)
    .where(CYCLE.c.state == CycleState.LAUNCHED.value, or_(_WOKEN, _HAS_DUE))
    .order_by(STAGE.c.authority_id, STAGE.c.cycle_id, STAGE.c.position)
)


def due_work(connection: Connection, *, now: datetime) -> list[Work]:
    """Return the stages of launched cycles, of every authority, that have something due: one query over two indexes."""
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
        for row in connection.execute(_DUE, {"b_now": now})
    ]
