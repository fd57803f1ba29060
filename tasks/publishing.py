"""Tasks of the publication: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands.results import following
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="compute the results", cache_policy=NO_CACHE)
def compute_results(work: Work, *, epoch: int, now: datetime) -> Report:
    """Work out the results once the publication's turn has come, and ask for what is missing."""
    room = this_room()
    return following.compute_results(room.store, work, lease=room.lease(work, epoch), now=now)


@task(name="freeze the results", cache_policy=NO_CACHE)
def freeze_results(work: Work, *, epoch: int, now: datetime) -> Report:
    """Freeze what stands under the decision that was accepted."""
    room = this_room()
    return following.freeze_results(room.store, work, lease=room.lease(work, epoch), now=now)
