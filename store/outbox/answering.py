"""
Answers to mail of which nobody knows whether it left: by a person, or after a working day by the rule.

A reminder that nobody answered for is resent once, under the same Message-ID; an official kind never.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, true, update

from evaluation.actions import Move, Remark, void_rest
from evaluation.obligations import FINAL, State
from store.journal import Entry
from store.lives import read_by_id
from store.outbox.states import MessageState, MessageVerb, Outcome
from store.perform import Decided, perform
from store.schema import ATTEMPT, MESSAGE, OBLIGATION, TERM
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store, Transaction

MENDED = "mended"  #: the journal's word for a repair that needs nobody any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A repair that is still asked for."""

    obligation: int
    cycle: int
    stage: int
    since: datetime  #: business time


def resend_unanswered(store: Store, *, now: datetime) -> int:
    """Queue again each message that was once unknown, is not official, and was not answered for within a working day."""
    with store.reading() as connection:
        doubtful = _once_unknown(connection)
    if not doubtful:
        return 0
    with store.transaction(now=now) as transaction:
        late = [message for message in doubtful if _is_unanswered(store, transaction, message)]
        return sum(_resend(store, transaction, message) for message in late)


def _once_unknown(connection: Connection) -> list[int]:
    tries = select(func.count()).where(ATTEMPT.c.message_id == MESSAGE.c.id, ATTEMPT.c.outcome == Outcome.UNKNOWN.value)
    query = select(MESSAGE.c.id).where(
        MESSAGE.c.state == MessageState.UNKNOWN.value,
        MESSAGE.c.official.is_(False),
        MESSAGE.c.confidential.is_(False),
        tries.scalar_subquery() == 1,
    )
    return list(connection.execute(query.order_by(MESSAGE.c.id)).scalars())


def _is_unanswered(store: Store, transaction: Transaction, message: int) -> bool:
    for asked in asked_for(transaction.connection, f"unknown-mail/{message}"):
        calendar = load_year(store, transaction.connection, asked.cycle, now=transaction.now).rulebook.calendar
        since = asked.since.astimezone(calendar.zone)
        until = calendar.instant(calendar.add_workdays(since.date(), 1), since.time())
        if until <= transaction.now:
            return True
    return False


def _resend(store: Store, transaction: Transaction, message: int) -> bool:
    row = transaction.connection.execute(
        update(MESSAGE)
        .where(MESSAGE.c.id == message, MESSAGE.c.state == MessageState.UNKNOWN.value)
        .values(state=MessageState.QUEUED.value, next_try_at=None, claimed_by="", claimed_until=None)
        .returning(MESSAGE.c.authority_id)
    ).one_or_none()
    if row is None:
        return False
    entry = Entry(authority=row.authority_id, action=MessageVerb.RESEND.value, payload={"message": message, "reason": "unanswered"})
    transaction.entries.append(entry)
    mend(store, transaction, f"unknown-mail/{message}", remark=Remark(reason="resent"))
    return True


def asked_for(connection: Connection, subject: str, *, cycle: int | None = None) -> list[Asked]:
    """Return the repairs of a subject that nobody has done yet, whatever their number; with a cycle those of it alone."""
    query = (
        select(OBLIGATION.c.id, OBLIGATION.c.cycle_id, OBLIGATION.c.stage_id, TERM.c.written_at)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == 1))
        .where(
            or_(OBLIGATION.c.subject == subject, OBLIGATION.c.subject.like(f"{subject}/%")),
            OBLIGATION.c.state.not_in([state.value for state in FINAL]),
        )
        .where(true() if cycle is None else OBLIGATION.c.cycle_id == cycle)
        .order_by(OBLIGATION.c.id)
    )
    return [Asked(obligation=row.id, cycle=row.cycle_id, stage=row.stage_id, since=row.written_at) for row in connection.execute(query)]


def mend(store: Store, transaction: Transaction, subject: str, *, remark: Remark, cycle: int | None = None) -> Sequence[int]:
    """Count the repairs of a subject as done, since what they asked for has happened; return their obligations."""
    asked = asked_for(transaction.connection, subject, cycle=cycle)
    for one in asked:
        year = load_year(store, transaction.connection, one.cycle, now=transaction.now)
        before = read_by_id(transaction.connection, [one.obligation], lock=True)[0]
        actions = (*void_rest(before), Move(to=State.ACCEPTED), remark)
        perform(transaction, year, [Decided(before=before, stage=one.stage, actions=actions, action=MENDED)])
    return [one.obligation for one in asked]
