"""Tasks of appraisals: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands import score_steps
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="ask units to explain", cache_policy=NO_CACHE)
def ask_explanations(work: Work, *, epoch: int, now: datetime) -> Report:
    """Raise the explanations of units whose appraisal was handed in with reduced leaves."""
    room = this_room()
    return score_steps.ask_explanations(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)
