"""Re-inspection: asked for when a remedy is reported or its term is over; what stays uncorrected is urged, proposed, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.inspecting import follow_findings

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="reinspection", validate_parameters=False, persist_result=False)
async def reinspection(work: Work, epoch: int, now: datetime) -> Report:
    """Ask for what the open findings want by the rule, then press the team like any duty."""
    done = Report()
    if work.woken:
        done = await every_step(follow_findings, work, epoch=epoch, now=now)
        if not done.faulty:  # else it stays awake, and the next tick looks again
            await every_step(release_stage, work, epoch=epoch, now=now)
    return done + await every_step(advance_obligations, work, epoch=epoch, now=now)
