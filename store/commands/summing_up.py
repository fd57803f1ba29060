"""Summing up a request: once everybody has answered, or at its due moment, the asker is told who has, who late, who not; once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind, Role
from evaluation.terms import Turn
from store.commands.steps import Report
from store.journal import Entry
from store.leases import fence
from store.locks import hold_stage, share_cycle
from store.queries.asking import ANSWERED, RELEASED
from store.schema import NOTICE, OBLIGATION, REPORT_REQUEST, STAGE, TERM
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from store.commands.steps import Work
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

SUM_UP = "sum-up-request"


def sum_up_requests(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Tell the askers of a stage what has come in, of at most so many requests, and look again when the next one is due."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.released_at is None:
            return Report()
        standing = _open_requests(transaction, ref)
        ripe = [row for row in standing if not row.waiting or (row.due_at is not None and row.due_at <= now)]
        for place, row in enumerate(ripe[:at_most], start=1):
            _sum_up(transaction, year, ref, row=row, move=ref.moves + place)
        left = [row.due_at for row in standing if row not in ripe and row.due_at is not None]
        more = len(ripe) > at_most
        values: dict[str, Any] = {"moves": ref.moves + len(ripe[:at_most]), "next_at": now if more else min(left, default=None)}
        transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(**values))
        return Report(more=more)


def _open_requests(transaction: Transaction, ref: StageRef) -> Sequence[Row[Any]]:
    """Return the requests of which nobody was told yet, each with how many are waited for and when the last of these is due."""
    waited_for = (
        select(
            OBLIGATION.c.subject,
            func.count().label("waiting"),
            func.max(TERM.c.due_at, type_=TERM.c.due_at.type).label("due_at"),
        )
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .where(
            OBLIGATION.c.stage_id == ref.id,
            OBLIGATION.c.state.not_in([*ANSWERED, *RELEASED]),
            TERM.c.turn == Turn.PARTY.value,
        )
        .group_by(OBLIGATION.c.subject)
        .subquery()
    )
    query = (
        select(REPORT_REQUEST.c.id, REPORT_REQUEST.c.asked_by, func.coalesce(waited_for.c.waiting, 0).label("waiting"), waited_for.c.due_at)
        .outerjoin(waited_for, waited_for.c.subject == REPORT_REQUEST.c.key)
        .where(REPORT_REQUEST.c.stage_id == ref.id, REPORT_REQUEST.c.summed_up_at.is_(None), REPORT_REQUEST.c.cancelled_at.is_(None))
        .order_by(REPORT_REQUEST.c.id)
    )
    return transaction.connection.execute(query).all()


def _sum_up(transaction: Transaction, year: Year, ref: StageRef, *, row: Row[Any], move: int) -> None:
    values = {"summed_up_at": transaction.now, "summed_up_move": move}
    transaction.connection.execute(update(REPORT_REQUEST).where(REPORT_REQUEST.c.id == row.id).values(**values))
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "stage_id": ref.id,
            "cause": f"s:{ref.id}:{move}",
            "kind": MessageKind.REQUEST_SUMMARY.value,
            "recipient": recipient,
            "at": transaction.now,
            "slot_at": transaction.now,
        }
        for recipient in _told(year, row.asked_by, now=transaction.now)
    ]
    if rows:
        transaction.connection.execute(insert(NOTICE), rows)
    payload = {"request": row.id, "waiting": row.waiting}
    transaction.entries.append(Entry(authority=year.authority, action=SUM_UP, cycle=year.cycle, stage=ref.id, move=move, payload=payload))


def _told(year: Year, asker: int | None, *, now: datetime) -> tuple[str, ...]:
    """Return the asker, while in office and reached; else the officers of the standing body."""
    on = year.rulebook.calendar.local_date(now)
    for contact in year.people.contacts:
        if contact.id == asker and contact.reachable and contact.is_in_office(on):
            return (f"c{contact.id}",)
    return year.directory.told(year.directory.standing_body, Role.OFFICER).recipients
