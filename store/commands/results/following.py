"""
The publication's own steps: compute and freeze.

Once its turn has come the results are worked out and what is missing is asked for; once the decision is accepted, with number and date,
what stands is frozen under it, unless somebody has done so by hand.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import update

from evaluation.criteria.sets import Decision
from evaluation.cycles import CycleState
from store.commands.issuing import signed_under
from store.commands.results.publishing import MISSING, UNPUBLISHED, Order, prepare, publish
from store.commands.steps import Report
from store.leases import fence
from store.locks import hold_cycle
from store.mending import mend
from store.refusals import RefusalError
from store.results import editions_of
from store.schema import STAGE
from store.upkeep import ask_upkeep
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Work
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef

_SIGNED = re.compile(r"^(?P<number>.*?)[\s,]*(?:ngày|of)\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})\s*$")


def compute_results(store: Store, work: Work, *, lease: Lease, now: datetime) -> Report:
    """Work out the results of a cycle whose publication's turn has come; of missing scores a repair is asked, and mended when none is."""
    found = prepare(store, work.cycle, Order(decision=Decision()), now=now)
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        ref = _own_turn(store, transaction, work, now=now)
        if ref is None or editions_of(transaction.connection, work.cycle):
            return Report()
        year = load_year(store, transaction.connection, work.cycle, now=now)
        if found.faults:
            ask_upkeep(transaction, year, [f"{MISSING}/{ref.key}"])
        else:
            mend(store, transaction, work.cycle, [f"{MISSING}/{ref.key}"])
        return Report()


def freeze_results(store: Store, work: Work, *, lease: Lease, now: datetime) -> Report:
    """Freeze the results under the decision that was accepted; where that cannot be, the standing body is asked to publish by hand."""
    with store.reading() as connection:
        year = load_year(store, connection, work.cycle, now=now)
        signed = "" if editions_of(connection, work.cycle) else signed_under(connection, work.stage)
    decision = decision_named(signed)
    prepared = prepare(store, work.cycle, Order(decision=decision), now=now) if signed else None
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        ref = _own_turn(store, transaction, work, now=now)
        if ref is None:
            return Report()
        transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(next_at=None))
        if prepared is None:
            return Report()
        try:
            publish(store, transaction, work.cycle, prepared=prepared)
        except RefusalError:
            ask_upkeep(transaction, year, [f"{UNPUBLISHED}/{ref.key}"])
        return Report()


def decision_named(signed: str) -> Decision:
    """Return the decision that a document's words name: `617/QĐ-UBND ngày 29/03/2023`; without a date, or of an impossible one, no date."""
    parts = _SIGNED.match(signed.strip())
    if parts is None:
        return Decision(number=signed.strip())
    try:
        dated = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        return Decision(number=parts["number"])
    return Decision(number=parts["number"], dated=dated)


def _own_turn(store: Store, transaction: Transaction, work: Work, *, now: datetime) -> StageRef | None:
    hold_cycle(transaction.connection, work.cycle)
    year = load_year(store, transaction.connection, work.cycle, now=now)
    ref = year.stages[work.stage]
    return ref if year.state is CycleState.LAUNCHED and ref.released_at is not None else None
