"""A unit leaves a running year: what it still owes is handed over or waived, then it ends, and the year is looked through anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.obligations import FINAL
from store.commands import moves, transferring
from store.commands.people import drop_unit
from store.commands.replanning import Change, replan
from store.locks import hold_authority, hold_cycle
from store.queries.people import party_named
from store.schema import OBLIGATION, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from evaluation.actions import Remark
    from store.commands.previewing import Preview
    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Which unit leaves, after which day, and who takes over; nobody: what it owes is waived."""

    unit: str
    on: date
    successor: str = ""
    undeclared: bool = False  #: also to a unit that the roster does not name as a successor
    accept_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Ended:
    """One obligation that the unit does not owe any more."""

    obligation: int
    stage: str
    subject: str
    due: date | None


@dataclass(frozen=True, kw_only=True)
class Left:
    """What the leave came to."""

    ended: tuple[Ended, ...]
    preview: Preview


def leave_year(  # noqa: PLR0913  whose year, who leaves, why, and who may let it go
    store: Store,
    transaction: Transaction,
    authority: AuthorityFacts,
    *,
    cycle: int,
    leave: Leave,
    remark: Remark,
    allow: Callable[[int], None] = lambda _obligation: None,
) -> Left:
    """
    Let a unit leave, and return what it does not owe any more and what else moved; `allow` asks the right for each obligation.

    Raises:
        NoSuchPartyError: the unit or its successor is not there.
        TransitionError: something that it owes cannot be handed over.
        PeopleError, ReplanError: the day lies before its first; the year cannot be so.

    """
    hold_authority(transaction.connection, authority.id)
    hold_cycle(transaction.connection, cycle)
    party = party_named(transaction.connection, authority, leave.unit)
    heir = party_named(transaction.connection, authority, leave.successor) if leave.successor else None
    ended = _owed(transaction, cycle, party=party)
    for one in ended:
        allow(one.obligation)
        if heir is None:
            moves.waive(store, transaction, one.obligation, remark=remark)
        else:
            transferring.transfer(store, transaction, one.obligation, successor=heir, remark=remark, undeclared=leave.undeclared)
    drop_unit(transaction, authority, leave.unit, on=leave.on)
    preview = replan(store, transaction, cycle, change=Change(accept_late=leave.accept_late), remark=remark)
    return Left(ended=ended, preview=preview)


def _owed(transaction: Transaction, cycle: int, *, party: int) -> tuple[Ended, ...]:
    query = (
        select(OBLIGATION.c.id, STAGE.c.key, OBLIGATION.c.subject, TERM.c.due_on)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .where(
            OBLIGATION.c.cycle_id == cycle,
            OBLIGATION.c.party_id == party,
            OBLIGATION.c.state.not_in([state.value for state in FINAL]),
        )
        .order_by(OBLIGATION.c.id)
    )
    rows = transaction.connection.execute(query).all()
    return tuple(Ended(obligation=row.id, stage=row.key, subject=row.subject, due=row.due_on) for row in rows)
