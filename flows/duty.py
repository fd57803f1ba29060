"""A duty: open, remind, escalate, close. Any stage whose kind has no steps of its own runs as this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.running import run
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="duty", validate_parameters=False, persist_result=False)
async def duty(work: Work, epoch: int, now: datetime) -> Report:
    """
    Let the stage go when what it waits for has happened; open what opens; remind and escalate; let lapse what locks.

    Returns how many obligations were acted on.
    """
    if work.woken:
        await every_step(release_stage, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)


async def every_step(step: object, work: Work, *, epoch: int, now: datetime) -> Report:
    """Repeat a step until it has nothing more to do."""
    total = Report()
    while True:
        done: Report = await run(step, work, epoch=epoch, now=now)
        total += done
        if not done.more:
            return total
