"""The issue of a plan: drafted, signed with number and date, the version pinned, made known to every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, make_plan_known, release_stage

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="plan_issuance", validate_parameters=False, persist_result=False)
async def plan_issuance(work: Work, epoch: int, now: datetime) -> Report:
    """Press for the draft and its signature like for any duty; once signed, pin the version and tell everyone."""
    if work.woken:
        await every_step(make_plan_known, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
