"""Tasks of inspections: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands.inspections import following, telling
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="tell the units of their inspections", cache_policy=NO_CACHE)
def tell_units(work: Work, *, epoch: int, now: datetime) -> Report:
    """Tell the units whose inspection's day is near enough."""
    room = this_room()
    return telling.tell_units(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="follow the findings", cache_policy=NO_CACHE)
def follow_findings(work: Work, *, epoch: int, now: datetime) -> Report:
    """Ask for re-inspections, urging letters, proposals and decisions that open findings want."""
    room = this_room()
    return following.follow_findings(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)
