"""What people of a rehearsed year do about its council: it is named, meets, votes by itself, its votes are counted, it decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.kinds import PartyKind, Role, StageKind
from evaluation.obligations import FINAL, State
from evaluation.scores.council import Choice, How, Post
from store.commands import moves
from store.commands.council.meeting import Minutes, Named, close_session, name_members, open_session, write_minutes
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.schema import COUNCIL_MEMBER, COUNCIL_SESSION, OBLIGATION, STAGE
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from store.session import Store
    from store.years import StageRef, Year

_THURSDAY = 3
#: Heads of units who are members beside chair and secretary.
MEMBERS = 5
_FIRST = Place(session=1, matter=1)
_A_WEEK = timedelta(days=7)


def people_council(store: Store, year: Year, *, now: datetime) -> bool:
    """
    Let the council begin to vote on a Thursday, count its votes a week later and decide; its decision is accepted on the day after.

    False: nothing was done.

    It meets once its turn has come and what was asked to be explained is ruled on.
    """
    if all(ref.released_at is None for ref in _councils(year)):
        return False
    with store.reading() as connection:
        council = _council(connection, year)
        if council is None or council.state in _DONE or year.stages[council.stage_id].released_at is None:
            return False
        sessions = connection.execute(select(COUNCIL_SESSION.c.closed_at).where(COUNCIL_SESSION.c.obligation_id == council.id)).all()
        voters = _members(connection, council.id)
        meets = year.rulebook.calendar.local_date(now).weekday() == _THURSDAY and _all_ruled_on(connection, year.cycle)
    if council.state == State.SUBMITTED.value:
        with store.transaction(now=now) as transaction:
            moves.accept(store, transaction, council.id)
        return True
    if not meets:
        return False
    return _count(store, year, council, voters, now=now) if sessions else _meet(store, year, council, voters, now=now)


def name_council(store: Store, year: Year, *, now: datetime) -> bool:
    """Let the council of a cycle be named; false where there is none, it is named, or it has no chair."""
    with store.reading() as connection:
        council = _council(connection, year)
        if council is None or council.state in _DONE or _members(connection, council.id):
            return False
    return _name(store, year, council, now=now)


def leave_a_vote(store: Store, cycle: int, *, now: datetime) -> bool:
    """Let a council that is named take votes for a week from now on, so that somebody who tries the demo may vote; false if it is not."""
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        council = _council(connection, year)
        if council is None or _takes_votes(connection, council.id):
            return council is not None
        voters = _members(connection, council.id)
    if not voters:
        return False
    today = year.rulebook.calendar.local_date(now)
    with store.transaction(now=now) as transaction:
        session = open_session(store, transaction, council.id, held_on=today, present=voters[:1], votes_by=today + _A_WEEK)
        words = f"Kiến nghị biện pháp nâng cao Chỉ số CCHC năm {year.evaluated}"
        bring(store, transaction, council.id, session=session, matter=Brought(words=words))
    return True


_DONE = frozenset(state.value for state in FINAL)


def _councils(year: Year) -> list[StageRef]:
    return [ref for ref in year.stages.values() if ref.kind is StageKind.COUNCIL_DECISION]


def _council(connection: Connection, year: Year) -> Row[Any] | None:
    """Return what a cycle's council owes: its id, state, stage and party; None where there is no council."""
    query = select(OBLIGATION.c.id, OBLIGATION.c.state, OBLIGATION.c.stage_id, OBLIGATION.c.party_id)
    councils = [ref.id for ref in _councils(year)]
    return connection.execute(query.where(OBLIGATION.c.stage_id.in_(councils)).order_by(OBLIGATION.c.id).limit(1)).one_or_none()


def _members(connection: Connection, council: int) -> list[int]:
    mine = COUNCIL_MEMBER.c.obligation_id == council, COUNCIL_MEMBER.c.ended_at.is_(None)
    return list(connection.execute(select(COUNCIL_MEMBER.c.contact_id).where(*mine).order_by(COUNCIL_MEMBER.c.id)).scalars())


def _takes_votes(connection: Connection, council: int) -> bool:
    """Return whether a session of a council is open."""
    open_ones = COUNCIL_SESSION.c.obligation_id == council, COUNCIL_SESSION.c.closed_at.is_(None)
    return connection.execute(select(COUNCIL_SESSION.c.id).where(*open_ones).limit(1)).first() is not None


def _all_ruled_on(connection: Connection, cycle: int) -> bool:
    """Return whether no explanation of a cycle is owed or waits for its ruling."""
    explained = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    where = STAGE.c.cycle_id == cycle, STAGE.c.kind == StageKind.EXPLANATION.value, OBLIGATION.c.state.not_in(sorted(_DONE))
    return connection.execute(explained.where(*where).limit(1)).first() is None


def _named(year: Year, party: int) -> list[Named]:
    """Return the council: its own head and officer, and the heads of the first units of the roster."""
    own = {one.role: one.id for one in year.people.contacts if one.party == party}
    units = [year.people.ids[one.key] for one in year.people.roster.parties if one.kind is PartyKind.UNIT]
    heads = {one.party: one.id for one in year.people.contacts if one.role is Role.HEAD}
    members = [Named(contact=heads[unit]) for unit in units if unit in heads][:MEMBERS]
    posts = ((Role.HEAD, Post.CHAIR), (Role.OFFICER, Post.SECRETARY))
    return [*(Named(contact=own[role], post=post) for role, post in posts if role in own), *members]


def _name(store: Store, year: Year, council: Row[Any], *, now: datetime) -> bool:
    named = _named(year, council.party_id)
    if [one.post for one in named].count(Post.CHAIR) != 1:
        return False
    with store.transaction(now=now) as transaction:
        name_members(store, transaction, council.id, members=named, decision=f"{year.evaluated % 100}5/QĐ-UBND (ví dụ)")
    return True


def _meet(store: Store, year: Year, council: Row[Any], voters: list[int], *, now: datetime) -> bool:
    """Open the council's session for a week, naming it where nobody has, bring the result, and let those who are there vote."""
    if not voters:
        if not _name(store, year, council, now=now):
            return False
        with store.reading() as connection:
            voters = _members(connection, council.id)
    today = year.rulebook.calendar.local_date(now)
    there = voters[: len(voters) // 2 + 1]
    with store.transaction(now=now) as transaction:
        open_session(store, transaction, council.id, held_on=today, present=there, votes_by=today + _A_WEEK)
        bring(store, transaction, council.id, session=1, matter=Brought(words="Thông qua kết quả thẩm định Chỉ số CCHC"))
        vote(store, transaction, council.id, _FIRST, [Cast(contact=one, choice=Choice.FOR) for one in there[:-1]])
    return True


def _count(store: Store, year: Year, council: Row[Any], voters: list[int], *, now: datetime) -> bool:
    """Let those who have not voted do so in writing, count the votes, close the session, write its minutes, and hand the decision in."""
    number = f"01/BB-HĐ ngày {year.rulebook.calendar.local_date(now):%d/%m/%Y} (ví dụ)"
    text = "Hội đồng thông qua kết quả thẩm định và bảng xếp hạng của từng nhóm đơn vị."
    with store.transaction(now=now) as transaction:
        late = [Cast(contact=one, choice=Choice.FOR, how=How.WRITING) for one in voters[len(voters) // 2 :]]
        vote(store, transaction, council.id, _FIRST, late)
        close_matter(store, transaction, council.id, _FIRST)
        close_session(store, transaction, council.id, session=1)
        write_minutes(store, transaction, council.id, session=1, minutes=Minutes(number=number, text=text))
        if year.stages[council.stage_id].line.sign_off:
            moves.prepare(store, transaction, council.id)
        moves.submit(store, transaction, council.id, text=text)
    return True
