"""Tasks of periodic reports: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands import report_steps
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="advance reports", cache_policy=NO_CACHE)
def advance_reports(work: Work, *, epoch: int, now: datetime) -> Report:
    """Open, remind, escalate and lapse the reports of a stage; those that open get their forms."""
    room = this_room()
    return report_steps.advance_reports(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="begin the forms", cache_policy=NO_CACHE)
def begin_forms(work: Work, *, epoch: int, now: datetime) -> Report:
    """Begin the forms of the reports that are open, with what carries over."""
    room = this_room()
    return report_steps.begin_forms(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)
