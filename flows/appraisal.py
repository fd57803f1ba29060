"""An appraisal: a unit's sheet scored leaf by leaf; when it is handed in, the unit is asked to explain what was reduced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.appraising import ask_explanations

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="appraisal", validate_parameters=False, persist_result=False)
async def appraisal(work: Work, epoch: int, now: datetime) -> Report:
    """Press the appraisers like any duty; open the explanation window of each unit whose leaves they have reduced."""
    if work.woken:
        await every_step(ask_explanations, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
