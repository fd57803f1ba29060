"""Tasks of survey and council: one step each, thin and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands.council import asking, settling
from store.commands.survey import quota
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="hand in full groups", cache_policy=NO_CACHE)
def hand_in_full(work: Work, *, epoch: int, now: datetime) -> Report:
    """Hand in what is owed of groups of respondents whose planned ballots are all back."""
    room = this_room()
    return quota.hand_in_full(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="settle as appraised", cache_policy=NO_CACHE)
def settle_as_appraised(work: Work, *, epoch: int, now: datetime) -> Report:
    """Make final what was appraised, once the council's decision is accepted."""
    room = this_room()
    return settling.settle_as_appraised(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="ask members for their votes", cache_policy=NO_CACHE)
def ask_members(work: Work, *, epoch: int, now: datetime) -> Report:
    """Tell the members of the council who have not voted."""
    room = this_room()
    return asking.ask_members(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)
