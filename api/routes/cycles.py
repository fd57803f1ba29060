"""Cycles: which years are under way and how far they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import HasServed, Now
from api.errors import NoCycleError
from api.schemas import CycleDetailOut, CycleOut, CyclesOut
from store.queries.health import answering
from store.queries.status import cycle_status

router = APIRouter(tags=["cycles"])
#: The largest number that a key can be.
LARGEST = 2**63 - 1
Number = Annotated[int, Path(alias="id", ge=1, le=LARGEST)]


@router.get("/cycles")
def list_cycles(served: HasServed, now: Now) -> CyclesOut:
    """Every cycle of a sandbox, with its counts."""
    with answering(served.store) as connection:
        found = cycle_status(connection, now=now, sandboxes=True)
    return CyclesOut(items=[CycleOut.of(one) for one in found])


@router.get("/cycles/{id}")  # noqa: FAST003  `Number` is its alias
def read_cycle(cycle: Number, served: HasServed, now: Now) -> CycleDetailOut:
    """One cycle, with its stages in the plan's order."""
    with answering(served.store) as connection:
        found = cycle_status(connection, now=now, cycle=cycle, sandboxes=True)
    if not found:
        raise NoCycleError(cycle)
    return CycleDetailOut.of(found[0])
