"""Publication: the results worked out once their turn has come, pressed for like any duty, frozen under the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.publishing import compute_results, freeze_results

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="publication", validate_parameters=False, persist_result=False)
async def publication(work: Work, epoch: int, now: datetime) -> Report:
    """Let the stage go, work the results out and ask for missing scores; press; once the decision is accepted, freeze them under it."""
    if work.woken:
        await every_step(release_stage, work, epoch=epoch, now=now)
        await every_step(compute_results, work, epoch=epoch, now=now)
        await every_step(freeze_results, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
