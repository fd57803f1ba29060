"""Units that ended: what they still have in hand passes to who took over from them, or the standing body is asked whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.cycles import CycleState
from evaluation.obligations import IN_HAND
from evaluation.transitions import TransitionError
from store.commands import transferring
from store.commands.steps import Report, Work
from store.leases import fence
from store.locks import hold_stage, share_cycle
from store.schema import OBLIGATION, PARTY
from store.upkeep import ask_upkeep
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef

#: First word of the repair that is asked for where nobody can tell who answers for what an ended unit owes.
ENDED = "ended-unit"
_IN_HAND = [state.value for state in IN_HAND]


def _in_hand(work: Work) -> Select[tuple[int]]:
    return select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == work.stage, OBLIGATION.c.state.in_(_IN_HAND)).order_by(OBLIGATION.c.id)


def settle_ended_units(store: Store, work: Work, *, lease: Lease, now: datetime) -> Report:
    """
    Pass what units that ended have in hand in a stage to the one successor that the roster names; ask the standing body about the rest.

    Where there are several successors, or none, or the one is done with the same already, people decide: hand over, or close with reason.
    What is owed of a criterion that is led follows its lead, and is left alone here.
    """
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        if year.state is not CycleState.LAUNCHED:
            return Report()
        ref = year.stages[work.stage]
        if ref.line.improvement is not None and ref.line.improvement.follows_leads:
            return Report()
        today = year.rulebook.calendar.local_date(now)
        ended = _in_hand(work).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(PARTY.c.valid_to < today)
        rows = transaction.connection.execute(ended.add_columns(PARTY.c.id.label("party"), PARTY.c.key, OBLIGATION.c.subject)).all()
        asked = [
            f"{ENDED}/{ref.key}/{row.subject.replace('/', '.') or '-'}/{row.key}"
            for row in rows
            if not _handed_over(store, transaction, ref, obligation=row.id, heirs=year.people.successors.get(row.party, ()))
        ]
        ask_upkeep(transaction, year, asked)
        return Report(obligations=len(rows) - len(asked))


def _handed_over(store: Store, transaction: Transaction, ref: StageRef, *, obligation: int, heirs: Sequence[int]) -> bool:
    """Return whether the one successor has taken an obligation over."""
    if len(heirs) != 1:
        return False
    remark = Remark(reason=f"Đơn vị đã kết thúc hoạt động; nghĩa vụ của công đoạn “{ref.line.title}” chuyển cho đơn vị kế thừa")
    try:
        transferring.transfer(store, transaction, obligation, successor=heirs[0], remark=remark)
    except TransitionError:
        return False
    return True
