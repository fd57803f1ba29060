"""
The council's decision: pressed for like any duty; members who have not voted are told.

Once it is accepted, what was appraised and not settled otherwise is final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.scoring import ask_members, settle_as_appraised

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="council_decision", validate_parameters=False, persist_result=False)
async def council_decision(work: Work, epoch: int, now: datetime) -> Report:
    """Press the council and who has still to vote; once its decision is accepted, settle what was appraised and has no final score."""
    if work.woken:
        await every_step(settle_as_appraised, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
        await every_step(ask_members, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
