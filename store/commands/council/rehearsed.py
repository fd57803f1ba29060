"""What people of a rehearsed year do about its council: it is named, meets, votes by itself, and its votes are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import PartyKind, Role, StageKind
from evaluation.scores.council import Choice, How, Post
from store.commands.council.meeting import Named, close_session, name_members, open_session
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.schema import COUNCIL_MEMBER, COUNCIL_SESSION, OBLIGATION, STAGE, TERM
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store
    from store.years import Year

_THURSDAY = 3
#: Heads of units who are members beside chair and secretary.
MEMBERS = 5
_FIRST = Place(session=1, matter=1)
_A_WEEK = timedelta(days=7)


def people_council(store: Store, cycle: int, *, now: datetime) -> bool:
    """
    Let the council be named and begin to vote on a Thursday, and count its votes a week later; false: nothing was done.

    It meets when its time has come, whether the appraisals it waits for are all in or not; a further session stays open to be voted in.
    """
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        today = year.rulebook.calendar.local_date(now)
        council = None if today.weekday() != _THURSDAY else _council(connection, cycle, now=now)
        if council is None:
            return False
        ident, party = council
        sessions = connection.execute(select(COUNCIL_SESSION.c.closed_at).where(COUNCIL_SESSION.c.obligation_id == ident)).all()
        members = connection.execute(
            select(COUNCIL_MEMBER.c.contact_id).where(COUNCIL_MEMBER.c.obligation_id == ident).order_by(COUNCIL_MEMBER.c.id)
        ).scalars()
        voters = list(members)
    if not sessions:
        return _meet(store, year, ident, _named(year, party), now=now)
    if len(sessions) == 1 and sessions[0].closed_at is None:
        return _count(store, year, ident, voters, now=now)
    return False


def _council(connection: Connection, cycle: int, *, now: datetime) -> tuple[int, int] | None:
    """Return the council whose time has come, and whose it is; None while there is none such."""
    current = (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term)
    query = select(OBLIGATION.c.id, OBLIGATION.c.party_id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(TERM, current)
    where = OBLIGATION.c.cycle_id == cycle, STAGE.c.kind == StageKind.COUNCIL_DECISION.value, TERM.c.opens_at <= now
    row = connection.execute(query.where(*where).order_by(OBLIGATION.c.id).limit(1)).one_or_none()
    return None if row is None else (row.id, row.party_id)


def _named(year: Year, party: int) -> list[Named]:
    """Return the council: its own head and officer, and the heads of the first units of the roster."""
    own = {one.role: one.id for one in year.people.contacts if one.party == party}
    units = [year.people.ids[one.key] for one in year.people.roster.parties if one.kind is PartyKind.UNIT]
    heads = {one.party: one.id for one in year.people.contacts if one.role is Role.HEAD}
    members = [Named(contact=heads[unit]) for unit in units if unit in heads][:MEMBERS]
    posts = ((Role.HEAD, Post.CHAIR), (Role.OFFICER, Post.SECRETARY))
    return [*(Named(contact=own[role], post=post) for role, post in posts if role in own), *members]


def _meet(store: Store, year: Year, council: int, named: list[Named], *, now: datetime) -> bool:
    """Name the council, open its session for a week, bring the result of the appraisal, and let those who are there vote."""
    if [one.post for one in named].count(Post.CHAIR) != 1:
        return False
    today = year.rulebook.calendar.local_date(now)
    there = [one.contact for one in named[: len(named) // 2 + 1]]
    with store.transaction(now=now) as transaction:
        name_members(store, transaction, council, members=named, decision=f"{year.evaluated % 100}5/QĐ-UBND (ví dụ)")
        open_session(store, transaction, council, held_on=today, present=there, votes_by=today + _A_WEEK)
        bring(store, transaction, council, session=1, matter=Brought(words="Thông qua kết quả thẩm định Chỉ số CCHC"))
        vote(store, transaction, council, _FIRST, [Cast(contact=one, choice=Choice.FOR) for one in there[:-1]])
    return True


def _count(store: Store, year: Year, council: int, voters: list[int], *, now: datetime) -> bool:
    """Let those who have not voted do so in writing, count the votes, close the session, and open the next one."""
    today = year.rulebook.calendar.local_date(now)
    with store.transaction(now=now) as transaction:
        late = [Cast(contact=one, choice=Choice.FOR, how=How.WRITING) for one in voters[len(voters) // 2 :]]
        vote(store, transaction, council, _FIRST, late)
        close_matter(store, transaction, council, _FIRST)
        close_session(store, transaction, council, session=1)
        open_session(store, transaction, council, held_on=today, present=voters[:1])
        bring(store, transaction, council, session=2, matter=Brought(words="Kiến nghị biện pháp nâng cao Chỉ số CCHC năm sau"))
    return True
