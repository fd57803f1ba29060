"""The council's own step: once its decision is accepted, what was appraised and not settled otherwise is final."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.obligations import State
from evaluation.scores import filling
from store.commands.launching import wake
from store.commands.scores.held import act_of
from store.commands.steps import Report, Work, turn_of
from store.lives import read_by_id
from store.schema import OBLIGATION, SCORE
from store.score_changes import HeldSheet, keep
from store.scores import read_sheet

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.obligations import Obligation
    from store.leases import Lease
    from store.session import Store, Transaction


def settle_as_appraised(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Settle the leaves that were appraised and have no final score yet, of at most so many units; nothing before the decision."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        decision = _decision(transaction, work.stage)
        written = 0
        for unit in _unsettled(transaction, work.cycle) if decision is not None else ():
            if written == at_most:
                break
            sheet = read_sheet(store, transaction.connection, year, unit)
            if sheet is not None and decision is not None:
                held = HeldSheet(year=year, ref=ref, obligation=decision, unit=sheet)
                after = filling.settle_as_appraised(sheet.sheet, act=act_of(transaction))
                written += bool(keep(transaction, held, after, action="settle-scores"))
        more = written == at_most
        if not more:
            wake(transaction, ref, at=None)
        return Report(obligations=written, more=more)


def _decision(transaction: Transaction, stage: int) -> Obligation | None:
    """Return the decision that was accepted last; None while there is none."""
    query = select(func.max(OBLIGATION.c.id)).where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.state == State.ACCEPTED.value)
    found = transaction.connection.execute(query).scalar_one_or_none()
    return None if found is None else read_by_id(transaction.connection, [found], lock=True)[0]


def _unsettled(transaction: Transaction, cycle: int) -> list[int]:
    """Return the units with an appraised leaf that is not final; of one that is exempt from it meanwhile nothing is to be settled."""
    query = select(SCORE.c.party_id).where(SCORE.c.cycle_id == cycle, SCORE.c.appraised.is_not(None), SCORE.c.final.is_(None))
    return list(transaction.connection.execute(query.distinct().order_by(SCORE.c.party_id)).scalars())
