"""The survey: opened and pressed for like any duty; a group whose planned ballots are all back is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.duty import every_step
from store.commands.steps import Report, Work
from tasks.advancing import advance_obligations, release_stage
from tasks.scoring import hand_in_full

if TYPE_CHECKING:
    from datetime import datetime


@flow(name="survey", validate_parameters=False, persist_result=False)
async def survey(work: Work, epoch: int, now: datetime) -> Report:
    """Press whoever runs the survey; hand in what is owed of a group of respondents once its planned ballots are all back."""
    if work.woken:
        await every_step(hand_in_full, work, epoch=epoch, now=now)
        await every_step(release_stage, work, epoch=epoch, now=now)
    return await every_step(advance_obligations, work, epoch=epoch, now=now)
