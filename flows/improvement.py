"""Improvement: what leads owe goes with the lead of the day; criteria and measures are pressed for like any duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from flows.running import run
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage, settle_ended_units
from tasks.improving import settle_leads

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="improvement", validate_parameters=False, persist_result=False)
async def improvement(work: Work, epoch: int, now: datetime) -> Report:
    """
    Ask each lead about what it leads today; pass on what ended units owe; then open, remind, escalate and close like any duty.

    Returns how many were acted on.
    """
    led = Report()
    if work.woken:
        led = await every_step(settle_leads, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
    passed: Report = await run(settle_ended_units, work, epoch=epoch, now=now)
    return led + passed + await every_step(advance_obligations, work, epoch=epoch, now=now)
