"""Reports asked for, ad hoc or thematic: pressed for like any duty; when the last has answered, or at the due, the asker is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from flows.running import run
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage, settle_ended_units, sum_up_requests

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="ad_hoc_report", validate_parameters=False, persist_result=False)
async def ad_hoc_report(work: Work, epoch: int, now: datetime) -> Report:
    """Pass on what ended units owe; tell the units, at once where the term is short; remind, escalate, close; then sum up for the asker."""
    if work.woken:
        await every_step(release_stage, work, epoch=epoch, now=now)
    done: Report = await run(settle_ended_units, work, epoch=epoch, now=now)
    done += await every_step(advance_obligations, work, epoch=epoch, now=now)
    if work.woken:
        await every_step(sum_up_requests, work, epoch=epoch, now=now)
    return done
