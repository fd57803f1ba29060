"""Periodic reports: forms begun when a period opens, reports of ended units passed on, then pressed for like any duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from flows.running import run
from store.commands.steps import Report, Work
from tasks.advancing import release_stage, settle_ended_units
from tasks.reporting import advance_reports, begin_forms

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="quarterly_report", validate_parameters=False, persist_result=False)
async def quarterly_report(work: Work, epoch: int, now: datetime) -> Report:
    """
    Open the reports of a period and begin their forms with what carries over; pass on what ended units owe; remind, escalate, let lapse.

    Returns how many obligations were acted on.
    """
    if work.woken:
        await every_step(release_stage, work, epoch=epoch, now=now)
    done: Report = await run(settle_ended_units, work, epoch=epoch, now=now)
    done += await every_step(advance_reports, work, epoch=epoch, now=now)
    return done + await every_step(begin_forms, work, epoch=epoch, now=now)
