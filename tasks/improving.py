"""Tasks of improvement: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands.improvement import leading
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="settle the leads", cache_policy=NO_CACHE)
def settle_leads(work: Work, *, epoch: int, now: datetime) -> Report:
    """Ask the leads of today about what they lead; what a lead of yesterday still owes passes on."""
    room = this_room()
    return leading.settle_leads(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)
