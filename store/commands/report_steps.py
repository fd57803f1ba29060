"""
Steps of periodic reports: forms begun when they open.

Each is one transaction of a bounded number of obligations, fenced by the lease; run again it finds nothing left to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.cycles import CycleState
from store.commands.reporting import prepare_reports
from store.commands.steps import Report, Work, advance
from store.leases import fence
from store.locks import share_cycle
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import Year


def advance_reports(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Advance a stage's reports as any work, and begin the forms of those that open in the same transaction."""

    def begin(transaction: Transaction, year: Year) -> None:
        prepare_reports(transaction, stage=work.stage, line=year.stages[work.stage].line, now=now, at_most=at_most)

    return advance(store, work, lease=lease, now=now, at_most=at_most, then=begin)


def begin_forms(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Begin the forms of a stage's open reports that have none yet, with what carries over from each unit's last, at most so many."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        line = year.stages[work.stage].line
        if year.state is not CycleState.LAUNCHED:
            return Report()
        begun = prepare_reports(transaction, stage=work.stage, line=line, now=now, at_most=at_most)
        return Report(more=begun > 0)
