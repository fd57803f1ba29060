"""Tasks of periodic reports: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands import report_steps
from store.leases import Lease
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="begin the forms", cache_policy=NO_CACHE)
def begin_forms(work: Work, *, epoch: int, now: datetime) -> Report:
    """Begin the forms of the reports that are open, with what carries over."""
    room = this_room()
    return report_steps.begin_forms(room.store, work, lease=_lease(work, epoch), now=now, at_most=room.step_size)


@task(name="settle the reports of ended units", cache_policy=NO_CACHE)
def settle_ended_units(work: Work, *, epoch: int, now: datetime) -> Report:
    """Pass the open reports of ended units to their successor, or ask whose they are."""
    return report_steps.settle_ended_units(this_room().store, work, lease=_lease(work, epoch), now=now)


def _lease(work: Work, epoch: int) -> Lease:
    return Lease(authority=work.authority, holder=this_room().holder, epoch=epoch)
