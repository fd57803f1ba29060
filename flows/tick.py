"""
The tick: the loop of the year.

It asks what is due, over all authorities, and calls the flow of each stage's kind. It knows no kind: the table below does.
A second tick at the same `now` does nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import structlog
from prefect import flow

from evaluation.kinds import StageKind
from flows.ad_hoc_report import ad_hoc_report
from flows.appraisal import appraisal
from flows.council_decision import council_decision
from flows.duty import duty, every_step
from flows.improvement import improvement
from flows.inspection import inspection
from flows.plan_issuance import plan_issuance
from flows.publication import publication
from flows.quarterly_report import quarterly_report
from flows.reinspection import reinspection
from flows.running import PREFECT_FAILURES, leave_table, run
from flows.survey import survey
from flows.upkeep import upkeep
from store.leases import LeaseLostError
from tasks.advancing import advance_obligations, find_due_work, journal_failure, journal_tick, take_authority_lease

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Work

log = structlog.get_logger()
#: The flow of each kind; a kind that has none yet is a duty.
FLOWS: dict[StageKind, Any] = {
    StageKind.PLAN_ISSUANCE: plan_issuance,
    StageKind.APPRAISAL: appraisal,
    StageKind.QUARTERLY_REPORT: quarterly_report,
    StageKind.IMPROVEMENT: improvement,
    StageKind.INSPECTION: inspection,
    StageKind.REINSPECTION: reinspection,
    StageKind.AD_HOC_REPORT: ad_hoc_report,
    StageKind.SURVEY: survey,
    StageKind.COUNCIL_DECISION: council_decision,
    StageKind.PUBLICATION: publication,
    StageKind.UPKEEP: upkeep,
}


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did."""

    stages: int = 0
    obligations: int = 0
    failed: int = 0
    elsewhere: frozenset[int] = frozenset()  #: authorities that another engine acts for
    unfinished: frozenset[int] = frozenset()  #: cycles of which a stage failed, or was not this engine's

    def __add__(self, other: Ticked) -> Ticked:
        """Return both together."""
        return Ticked(
            stages=self.stages + other.stages,
            obligations=self.obligations + other.obligations,
            failed=self.failed + other.failed,
            elsewhere=self.elsewhere | other.elsewhere,
            unfinished=self.unfinished | other.unfinished,
        )


@flow(name="tick", validate_parameters=False, persist_result=False)
async def tick(now: datetime) -> Ticked:
    """Let every stage that has something due act on it, each authority under its lease, each stage alone."""
    total = Ticked()
    seen: set[Work] = set()
    while works := [work for work in await run(find_due_work, now) if work not in seen]:
        seen.update(works)  # once each; what one of them has woken meanwhile comes in the next round
        for authority, own in groupby(works, key=lambda work: work.authority):
            total += await _tick_authority(authority, list(own), now=now)
    finished = {work.cycle: work for work in seen if work.cycle not in total.unfinished}
    if finished:
        await run(journal_tick, sorted(finished.values(), key=lambda work: work.cycle), now=now)
    await leave_table("tick", rows=[_row(total)], description=f"What the tick of {now.isoformat()} did")
    return total


def _row(total: Ticked) -> dict[str, object]:
    return {**asdict(total), "elsewhere": sorted(total.elsewhere), "unfinished": sorted(total.unfinished)}


async def _tick_authority(authority: int, works: list[Work], *, now: datetime) -> Ticked:
    epoch = await run(take_authority_lease, authority, now=now)
    if epoch is None:
        return Ticked(elsewhere=frozenset({authority}), unfinished=frozenset(work.cycle for work in works))
    total = Ticked()
    for work in works:
        try:
            total += await _tick_stage(work, epoch=epoch, now=now)
        except LeaseLostError:
            log.warning("lease.lost", authority=authority, epoch=epoch)
            return total + Ticked(elsewhere=frozenset({authority}), unfinished=frozenset(work.cycle for work in works))
    return total


async def _tick_stage(work: Work, *, epoch: int, now: datetime) -> Ticked:
    """
    Run one stage; a failure is its own, is journaled, and is taken up by the next tick.

    Where a step that its kind adds fails, its obligations are pressed like any duty's all the same.
    """
    labels = (f"authority:{work.authority}", f"cycle:{work.cycle}", f"stage:{work.key}")
    try:
        report = await run(FLOWS.get(work.kind, duty), work, epoch, now, labels=labels)
    except (LeaseLostError, *PREFECT_FAILURES):
        raise
    except Exception as error:
        log.exception("stage.failed", stage=work.key, cycle=work.cycle)
        return await _failed(work, faulty=(type(error).__name__,), now=now) + await _press(work, epoch=epoch, now=now)
    failed = await _failed(work, faulty=report.faulty, now=now) if report.faulty else Ticked(stages=1)
    return failed + Ticked(obligations=report.obligations)


async def _failed(work: Work, *, faulty: tuple[str, ...], now: datetime) -> Ticked:
    await run(journal_failure, work, error="; ".join(faulty), now=now)
    return Ticked(failed=1, unfinished=frozenset({work.cycle}))


async def _press(work: Work, *, epoch: int, now: datetime) -> Ticked:
    """Open, remind and escalate what is due of a stage whose own steps have failed; what fails here too is logged."""
    try:
        report = await every_step(advance_obligations, work, epoch=epoch, now=now)
    except (LeaseLostError, *PREFECT_FAILURES):
        raise
    except Exception:
        log.exception("stage.failed", stage=work.key, cycle=work.cycle, then="nothing of it moved")
        return Ticked()
    return Ticked(obligations=report.obligations)
