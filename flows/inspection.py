"""An inspection: chosen, its unit told in time unless it is surprised, held, concluded; the findings go to the re-inspection's flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.inspecting import tell_units

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="inspection", validate_parameters=False, persist_result=False)
async def inspection(work: Work, epoch: int, now: datetime) -> Report:
    """Press the team like any duty; tell the units whose day is near."""
    if work.woken:
        await every_step(tell_units, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
