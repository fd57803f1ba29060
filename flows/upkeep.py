"""Upkeep: the repairs asked of the standing body, and its daily digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, send_digest

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="upkeep", validate_parameters=False, persist_result=False)
async def upkeep(work: Work, epoch: int, now: datetime) -> Report:
    """Open the repairs that were asked for, then tell the standing body what is late and what it owes."""
    done = await every_step(advance_obligations, work, epoch=epoch, now=now) if work.due else Report()
    if work.woken:
        await every_step(send_digest, work, epoch=epoch, now=now)
    return done
