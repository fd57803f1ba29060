"""Mending: repairs that were asked of the standing body are accepted once somebody has done what they asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import false, or_, select

from evaluation.actions import Move, Remark, void_rest
from evaluation.obligations import FINAL, State
from store.lives import read_by_id
from store.outbox.answering import MENDED
from store.perform import Decided, perform
from store.schema import OBLIGATION
from store.years import UPKEEP, load_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.session import Store, Transaction


def mend(store: Store, transaction: Transaction, cycle: int, subjects: Sequence[str]) -> tuple[int, ...]:
    """Accept the open repairs of a cycle that asked for one of these, however often it broke, and return them."""
    asked = or_(false(), *(OBLIGATION.c.subject.like(f"{subject}/%") for subject in subjects), OBLIGATION.c.subject.in_(subjects))
    open_ = OBLIGATION.c.state.not_in([state.value for state in FINAL])
    query = select(OBLIGATION.c.id).where(OBLIGATION.c.cycle_id == cycle, asked, open_).order_by(OBLIGATION.c.id)
    every = list(transaction.connection.execute(query).scalars())
    if not every:
        return ()
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    upkeep = year.stage(UPKEEP)
    decided = [
        Decided(
            before=before,
            stage=upkeep.id,
            actions=(*void_rest(before), Move(to=State.ACCEPTED), Remark(reason=before.subject)),
            action=MENDED,
        )
        for before in read_by_id(transaction.connection, every, lock=True)
    ]
    perform(transaction, year, decided)
    return tuple(every)
