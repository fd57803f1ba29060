"""Tasks of the tick: one step each, thin and idempotent; a step that runs twice finds nothing left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import task
from prefect.cache_policies import NO_CACHE

from store.commands import digests, ended_units, issuing, steps, summing_up
from store.leases import take_lease
from store.queries.due import due_work
from tasks.room import this_room

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Report, Work


@task(name="find what is due", cache_policy=NO_CACHE)
def find_due_work(now: datetime) -> list[Work]:
    """Return the stages that have something due now, of every authority."""
    with this_room().store.reading() as connection:
        return due_work(connection, now=now)


@task(name="take the lease", cache_policy=NO_CACHE)
def take_authority_lease(authority: int, *, now: datetime) -> int | None:
    """Return the epoch of this engine's lease of an authority; None while another engine holds it."""
    room = this_room()
    lease = take_lease(room.store, authority, holder=room.holder, now=now)
    return None if lease is None else lease.epoch


@task(name="release", cache_policy=NO_CACHE)
def release_stage(work: Work, *, epoch: int, now: datetime) -> Report:
    """Let a waiting stage go if what it waits for has happened."""
    room = this_room()
    return steps.release(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="advance", cache_policy=NO_CACHE)
def advance_obligations(work: Work, *, epoch: int, now: datetime) -> Report:
    """Open, remind, escalate and lapse what is due of a stage."""
    room = this_room()
    return steps.advance(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="settle what ended units owe", cache_policy=NO_CACHE)
def settle_ended_units(work: Work, *, epoch: int, now: datetime) -> Report:
    """Pass what ended units have in hand to their successor, or ask whose it is."""
    room = this_room()
    return ended_units.settle_ended_units(room.store, work, lease=room.lease(work, epoch), now=now)


@task(name="make the plan known", cache_policy=NO_CACHE)
def make_plan_known(work: Work, *, epoch: int, now: datetime) -> Report:
    """Pin a signed plan version and tell every unit."""
    room = this_room()
    return issuing.issue_plan(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="sum up the requests", cache_policy=NO_CACHE)
def sum_up_requests(work: Work, *, epoch: int, now: datetime) -> Report:
    """Tell whoever asked for a report who has answered, once everybody has or its time is over."""
    room = this_room()
    return summing_up.sum_up_requests(room.store, work, lease=room.lease(work, epoch), now=now, at_most=room.step_size)


@task(name="send the digest", cache_policy=NO_CACHE)
def send_digest(work: Work, *, epoch: int, now: datetime) -> Report:
    """Tell the standing body, once a working day, what is late and what it is asked to repair."""
    room = this_room()
    return digests.send_digest(room.store, work, lease=room.lease(work, epoch), now=now)


@task(name="journal a failure", cache_policy=NO_CACHE)
def journal_failure(work: Work, *, error: str, now: datetime) -> None:
    """Remember that a stage failed at this tick; the next one takes it up again."""
    steps.journal_failure(this_room().store, work, error=error, now=now)


@task(name="journal the tick", cache_policy=NO_CACHE)
def journal_tick(works: list[Work], *, now: datetime) -> None:
    """Remember that everything due of these cycles was acted on."""
    steps.journal_tick(this_room().store, works, now=now)
