"""The coordinator's daily digest: a notice of the built-in stage, once a working day, when there is something to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, insert, select, update

from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind, Role
from evaluation.obligations import FINAL
from evaluation.workdays import ONE_DAY
from store.commands.steps import Report, Work
from store.journal import Entry
from store.leases import fence
from store.locks import hold_stage, share_cycle
from store.schema import NOTICE, OBLIGATION, STAGE, TERM
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_IN_HAND = and_(*(OBLIGATION.c.state != state.value for state in FINAL))
_LATE = (
    select(func.count())
    .select_from(OBLIGATION)
    .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
    .where(
        OBLIGATION.c.cycle_id == bindparam("b_cycle"),
        _IN_HAND,
        OBLIGATION.c.suspended.is_(False),
        OBLIGATION.c.released.is_(True),
        TERM.c.due_at <= bindparam("b_now", type_=TERM.c.due_at.type),
    )
)
_REPAIRS = select(func.count()).where(OBLIGATION.c.stage_id == bindparam("b_stage"), _IN_HAND)
_STEP = (
    update(STAGE)
    .where(STAGE.c.id == bindparam("b_stage"))
    .values(next_at=bindparam("b_next_at", type_=STAGE.c.next_at.type), moves=bindparam("b_moves"))
)
_TELL = insert(NOTICE)


def send_digest(store: Store, work: Work, *, lease: Lease, now: datetime) -> Report:
    """Tell the standing body what is late and what it is asked to repair; then look again at the next working day's slot."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.next_at is None or ref.next_at > now:
            return Report()
        late, repairs = _late(transaction, year), _repairs(transaction, ref)
        moves = ref.moves + bool(late or repairs)
        if moves > ref.moves:
            _tell(transaction, year, ref, counts={"late": late, "repairs": repairs})
        step = {"b_stage": ref.id, "b_next_at": next_digest(year, now), "b_moves": moves}
        transaction.connection.execute(_STEP, step)
        return Report()


def next_digest(year: Year, now: datetime) -> datetime:
    """Return the slot of the next working day after today."""
    calendar = year.rulebook.calendar
    return calendar.instant(calendar.roll_forward(calendar.local_date(now) + ONE_DAY), year.plan.slot)


def _late(transaction: Transaction, year: Year) -> int:
    return int(transaction.connection.execute(_LATE, {"b_cycle": year.cycle, "b_now": transaction.now}).scalar_one())


def _repairs(transaction: Transaction, ref: StageRef) -> int:
    return int(transaction.connection.execute(_REPAIRS, {"b_stage": ref.id}).scalar_one())


def _tell(transaction: Transaction, year: Year, ref: StageRef, *, counts: dict[str, int]) -> None:
    told = year.directory.told(year.directory.standing_body, Role.OFFICER)
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "stage_id": ref.id,
            "cause": f"s:{ref.id}:{ref.moves + 1}",
            "kind": MessageKind.COORDINATOR_DIGEST.value,
            "recipient": recipient,
            "at": transaction.now,
            "slot_at": year.slot(transaction.now),
        }
        for recipient in told.recipients
    ]
    if rows:
        transaction.connection.execute(_TELL, rows)
    transaction.entries.append(
        Entry(authority=year.authority, action="digest", cycle=year.cycle, stage=ref.id, move=ref.moves + 1, payload=counts)
    )
