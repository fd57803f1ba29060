"""Pausing, resuming, closing and cancelling a cycle: one statement stops its rungs and its mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.audiences import merged
from evaluation.cycles import CycleState, CycleVerb, moved_cycle
from evaluation.kinds import MessageKind, Role, manner
from evaluation.obligations import FINAL
from store.journal import Entry
from store.locks import hold_cycle
from store.outbox import cancel_where
from store.schema import CYCLE, NOTICE, OBLIGATION
from store.years import NoSuchCycleError, load_year

if TYPE_CHECKING:
    from evaluation.actions import Remark
    from store.session import Store, Transaction
    from store.years import Year


#: Which word each move sends to everyone who still owes something; closing is told to nobody.
WORD = {
    CycleVerb.PAUSE: MessageKind.CYCLE_PAUSED,
    CycleVerb.RESUME: MessageKind.CYCLE_RESUMED,
    CycleVerb.CANCEL: MessageKind.CYCLE_CANCELLED,
}


def move_cycle(store: Store, transaction: Transaction, cycle: int, *, verb: CycleVerb, remark: Remark) -> CycleState:
    """
    Pause, resume, close or cancel a cycle, with reason and document; its dates stand.

    Raises:
        CycleMoveError: the cycle's state does not allow it.
        NoSuchCycleError: there is none, or it is another authority's.

    """
    connection = transaction.connection
    hold_cycle(connection, cycle)
    year = load_year(store, connection, cycle, now=transaction.now)
    if not year.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    to = moved_cycle(year.state, verb=verb)
    connection.execute(update(CYCLE).where(CYCLE.c.id == cycle).values(state=to.value, moves=year.moves + 1))
    if to in {CycleState.CANCELLED, CycleState.CLOSED}:
        cancel_where(transaction, NOTICE.c.cycle_id == cycle)
    _tell(transaction, year, verb=verb)
    payload = {"state": to.value, "reason": remark.reason, "basis": remark.basis}
    transaction.entries.append(Entry(authority=year.authority, action=verb.value, cycle=cycle, move=year.moves + 1, payload=payload))
    return to


def _tell(transaction: Transaction, year: Year, *, verb: CycleVerb) -> None:
    kind = WORD.get(verb)
    if kind is None:
        return
    owing = transaction.connection.execute(
        select(OBLIGATION.c.party_id)
        .where(OBLIGATION.c.cycle_id == year.cycle, OBLIGATION.c.state.not_in([state.value for state in FINAL]))
        .distinct()
        .order_by(OBLIGATION.c.party_id)
    ).scalars()
    told = merged(year.directory.told(party, Role.OFFICER) for party in owing)
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "cause": f"c:{year.cycle}:{year.moves + 1}",
            "kind": kind.value,
            "recipient": recipient,
            "at": transaction.now,
            "slot_at": year.slot(transaction.now) if manner(kind).waits_for_slot else transaction.now,
        }
        for recipient in told.recipients
    ]
    if rows:
        transaction.connection.execute(insert(NOTICE), rows)
