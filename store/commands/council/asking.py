"""Those who have not voted are told: on the day a session opens or a further matter is brought, and before it takes no more votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from evaluation.actions import AskUpkeep, Notify, Wish
from evaluation.audiences import merged
from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind
from evaluation.obligations import FINAL
from evaluation.scores.council import rules_of_plan
from evaluation.scores.voting import ask_moments, awaited, is_asked_now, takes_votes
from store.commands.council.held import HeldCouncil, matter_of, members_sitting, seats_of
from store.commands.launching import wake
from store.commands.steps import Report, Work
from store.leases import fence
from store.lives import read_by_id
from store.locks import hold_stage, share_cycle
from store.outbox import cancel_where
from store.perform import Decided, perform
from store.schema import COUNCIL_MATTER, COUNCIL_SESSION, COUNCIL_VOTE, NOTICE, OBLIGATION
from store.survey import unit_keys
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.scores.council import Matter
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year


def ask_soon(transaction: Transaction, held: HeldCouncil, *, session: Row[Any] | None = None) -> None:
    """Let the next tick look who has still to vote; a session to which a matter was brought asks anew."""
    if session is not None:
        transaction.connection.execute(update(COUNCIL_SESSION).where(COUNCIL_SESSION.c.id == session.id).values(asked_at=None))
    wake(transaction, held.ref, at=transaction.now)


def unask(transaction: Transaction, held: HeldCouncil) -> None:
    """Take back the unsent words to members who have nothing left to vote on."""
    year, obligation = held.year, held.obligation.id
    waiting = {
        key
        for session in _sessions(transaction.connection, obligation, year, now=transaction.now)
        for key in _awaited(transaction.connection, session, year)
    }
    asked = NOTICE.c.obligation_id == obligation, NOTICE.c.kind == MessageKind.VOTE_ASKED.value
    cancel_where(transaction, asked[0] & asked[1] & NOTICE.c.recipient.not_in(sorted(waiting)))


def ask_members(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Tell the members who have not voted where a session asks for it now, at most so many sessions, and sleep until the next one does."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.released_at is None:
            return Report()
        open_ones = [
            (moments, row)
            for council in _councils(transaction.connection, work.stage)
            for row in _sessions(transaction.connection, council, year, now=now)
            if (moments := _moments(year, row))
        ]
        due = [row for moments, row in open_ones if is_asked_now(moments, asked_at=row.asked_at, now=now)][:at_most]
        for row in due:
            _ask(transaction, year, ref, row)
        if len(due) == at_most:
            return Report(obligations=len(due), more=True)
        later = [at for moments, _ in open_ones for at in moments if at > now]
        if later:
            wake(transaction, ref, at=min(later))
        return Report(obligations=len(due))


def _councils(connection: Connection, stage: int) -> list[int]:
    query = select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.state.not_in([one.value for one in FINAL]))
    return list(connection.execute(query.order_by(OBLIGATION.c.id)).scalars())


def _sessions(connection: Connection, obligation: int, year: Year, *, now: datetime) -> Iterator[Row[Any]]:
    """Yield the sessions that take votes until a day that is not over."""
    where = COUNCIL_SESSION.c.obligation_id == obligation, COUNCIL_SESSION.c.votes_by.is_not(None)
    today = year.rulebook.calendar.local_date(now)
    for row in connection.execute(select(COUNCIL_SESSION).where(*where).order_by(COUNCIL_SESSION.c.number)).all():
        if takes_votes(votes_by=row.votes_by, closed=row.closed_at is not None, today=today):
            yield row


def _moments(year: Year, row: Row[Any]) -> tuple[datetime, ...]:
    calendar = year.rulebook.calendar
    opened = calendar.local_date(row.at)
    return ask_moments(opened, row.votes_by, rules=rules_of_plan(year.plan), calendar=calendar, slot=year.plan.slot)


def _awaited(connection: Connection, session: Row[Any], year: Year) -> tuple[str, ...]:
    """Return who sits in a session, is in office still, and has not voted on all that they may."""
    in_office = {one.member.key for one in seats_of(connection, session.obligation_id, year=year) if one.ended_at is None}
    members = [one for one in members_sitting(connection, session, year=year) if one.key in in_office]
    matters: dict[Matter, set[str]] = {}
    open_ones = select(COUNCIL_MATTER).where(COUNCIL_MATTER.c.session_id == session.id, COUNCIL_MATTER.c.outcome == "")
    for row in connection.execute(open_ones).all():
        voted = select(COUNCIL_VOTE.c.contact_id).where(COUNCIL_VOTE.c.matter_id == row.id)
        matters[matter_of(row, keys=unit_keys(year))] = {f"c{ident}" for ident in connection.execute(voted).scalars()}
    return awaited(members, matters)


def _ask(transaction: Transaction, year: Year, ref: StageRef, row: Row[Any]) -> None:
    waiting = _awaited(transaction.connection, row, year)
    heard = merged(year.directory.told_in_person(int(key[1:])) for key in waiting)
    if heard.recipients or heard.missing:
        word = (Wish(due_on=row.votes_by.isoformat()), Notify(kind=MessageKind.VOTE_ASKED, recipients=heard.recipients))
        actions = (*(word if heard.recipients else ()), *(AskUpkeep(subject=subject) for subject in heard.missing))
        before = read_by_id(transaction.connection, [row.obligation_id], lock=True)[0]
        perform(transaction, year, [Decided(before=before, stage=ref.id, actions=actions, action="ask-votes")])
    asked = update(COUNCIL_SESSION).where(COUNCIL_SESSION.c.id == row.id).values(asked_at=transaction.now)
    transaction.connection.execute(asked)
