"""The plan of a cycle as it was given: the file, word by word, in the version in force."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from store.schema import CYCLE, PLAN_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class PlanText:
    """A version of a cycle's plan."""

    cycle: int
    version: int
    sha256: str
    signed: str
    moved: Mapping[str, date]
    yaml: str


def plan_in_force(connection: Connection, cycle: int) -> PlanText:
    """Return the plan of a cycle that is there, in the version in force."""
    current = and_(PLAN_VERSION.c.cycle_id == CYCLE.c.id, PLAN_VERSION.c.number == CYCLE.c.plan_version)
    row = connection.execute(select(PLAN_VERSION).join(CYCLE, current).where(CYCLE.c.id == cycle)).one()
    moved = {anchor: date.fromisoformat(on) for anchor, on in json.loads(row.moved).items()}
    return PlanText(cycle=cycle, version=row.number, sha256=row.sha256, signed=row.signed, moved=moved, yaml=row.yaml)
