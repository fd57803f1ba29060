"""The council meets: its members are named by a decision, a session has those who are there, and minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import insert, update

from evaluation.scores.council import Post
from evaluation.scores.voting import met_at, seated
from store.commands.council.asking import ask_soon, unask
from store.commands.council.held import (
    CouncilError,
    change,
    hold_council,
    next_number,
    open_session_named,
    seats_of,
    session_named,
)
from store.schema import COUNCIL_MEMBER, COUNCIL_SESSION
from store.survey import text_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from store.commands.council.held import HeldCouncil
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody who is named to the council."""

    contact: int
    post: Post = Post.MEMBER
    unit: str = ""  #: key of the unit that they belong to; empty: that of their post, if it is a unit


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """Minutes of a session (biên bản)."""

    number: str  #: and date
    text: str = ""


def name_members(store: Store, transaction: Transaction, obligation: int, *, members: Sequence[Named], decision: str) -> None:
    """
    Name the council's members, in the place of whoever was named before, from the next session on; an open one stays as it met.

    Raises:
        CouncilError: no decision is named; there is not one chair; somebody is named twice, or unknown.

    """
    held = hold_council(store, transaction, obligation)
    _require_members(held, members, decision=decision)
    ended = update(COUNCIL_MEMBER).where(COUNCIL_MEMBER.c.obligation_id == obligation, COUNCIL_MEMBER.c.ended_at.is_(None))
    transaction.connection.execute(ended.values(ended_at=transaction.now))
    rows = [
        {
            "obligation_id": obligation,
            "contact_id": one.contact,
            "unit_id": _belongs_to(held, one),
            "post": one.post.value,
            "decision": decision.strip(),
            "named_at": transaction.now,
        }
        for one in members
    ]
    transaction.connection.execute(insert(COUNCIL_MEMBER), rows)
    told = [[row["contact_id"], row["unit_id"], row["post"]] for row in rows]
    change(transaction, held, "name-council", members=told, document=decision.strip())


def _require_members(held: HeldCouncil, members: Sequence[Named], *, decision: str) -> None:
    known = {one.id for one in held.year.people.contacts}
    vi = en = ""
    if not decision.strip():
        vi, en = "ghi số, ngày quyết định thành lập Hội đồng", "write number and date of the decision that names the council"
        raise CouncilError(vi, en, field="decision")
    if [one.post for one in members].count(Post.CHAIR) != 1 or len({one.contact for one in members}) != len(members):
        vi, en = "Hội đồng có đúng một Chủ tịch, mỗi người nêu một lần", "a council has one chair, and each member once"
    elif strangers := [one.contact for one in members if one.contact not in known]:
        vi, en = f"không có đầu mối số {strangers[0]}", f"there is no contact {strangers[0]}"
    if vi:
        raise CouncilError(vi, en, field="members")


def _belongs_to(held: HeldCouncil, one: Named) -> int | None:
    if one.unit:
        return held.unit(one.unit)
    party = next(contact.party for contact in held.year.people.contacts if contact.id == one.contact)
    return party if held.year.people.group(party) else None


def open_session(  # noqa: PLR0913  when, who was there, until when votes are taken
    store: Store, transaction: Transaction, obligation: int, *, held_on: date, present: Sequence[int], votes_by: date | None = None
) -> int:
    """
    Open a session with those members who are there, and return its number; votes in writing may follow it.

    `votes_by` is the last day on which members vote by themselves; those who have not are told then, once now and once before it.

    Raises:
        CouncilError: nobody is named yet; the day is to come; votes would end before it; somebody is no member.

    """
    held = hold_council(store, transaction, obligation)
    members = _sitting(transaction, held, held_on=held_on)
    vi = en = field = ""
    if not members:
        vi, en, field = "chưa có thành viên Hội đồng; ghi quyết định thành lập trước", "no member is named yet; name them first", "members"
    elif held_on > held.year.rulebook.calendar.local_date(transaction.now):
        vi, en, field = f"ngày {held_on:%d/%m/%Y} chưa đến", f"{held_on} has not come yet", "held_on"
    elif votes_by is not None and votes_by < held.year.rulebook.calendar.local_date(transaction.now):
        vi, en, field = f"ngày {votes_by:%d/%m/%Y} đã qua", f"{votes_by} is over", "votes_by"
    elif strangers := [one for one in present if f"c{one}" not in members]:
        vi, en, field = f"đầu mối {strangers[0]} không phải thành viên", f"contact {strangers[0]} is no member", "present"
    if vi:
        raise CouncilError(vi, en, field=field)
    number = next_number(transaction.connection, COUNCIL_SESSION.c.number, COUNCIL_SESSION.c.obligation_id == obligation)
    there = sorted(set(present))
    row = {
        "obligation_id": obligation,
        "number": number,
        "held_on": held_on,
        "present": orjson.dumps(there).decode(),
        "minutes": "",
        "minutes_text": "",
        "at": transaction.now,
        "votes_by": votes_by,
    }
    transaction.connection.execute(insert(COUNCIL_SESSION).values(row))
    until = {} if votes_by is None else {"votes_by": votes_by.isoformat()}
    change(transaction, held, "open-session", session=number, held_on=held_on.isoformat(), present=there, **until)
    ask_soon(transaction, held)
    return number


def _sitting(transaction: Transaction, held: HeldCouncil, *, held_on: date) -> set[str]:
    """Return who sits in a session of that day which is entered now."""
    at = met_at(held_on, transaction.now, calendar=held.year.rulebook.calendar)
    seats = seats_of(transaction.connection, held.obligation.id, year=held.year)
    return {one.member.key for one in seated(seats, at=at)}


def close_session(store: Store, transaction: Transaction, obligation: int, *, session: int) -> None:
    """Close a session: it takes no more matters and votes, what was voted on can still be counted. CouncilError if it is closed."""
    held = hold_council(store, transaction, obligation)
    row = open_session_named(transaction.connection, obligation, session)
    closed = update(COUNCIL_SESSION).where(COUNCIL_SESSION.c.id == row.id).values(closed_at=transaction.now)
    transaction.connection.execute(closed)
    change(transaction, held, "close-session", session=session)
    unask(transaction, held)


def write_minutes(store: Store, transaction: Transaction, obligation: int, *, session: int, minutes: Minutes) -> None:
    """Write number, date and text of a session's minutes (biên bản), in place of what stood there; CouncilError without a number."""
    held = hold_council(store, transaction, obligation)
    row = session_named(transaction.connection, obligation, session)
    number, text = minutes.number.strip(), minutes.text.strip()
    if not number:
        vi, en = "biên bản phải có số, ngày", "the minutes need their number and date"
        raise CouncilError(vi, en, field="number")
    written = update(COUNCIL_SESSION).where(COUNCIL_SESSION.c.id == row.id).values(minutes=number, minutes_text=text)
    transaction.connection.execute(written)
    change(transaction, held, "write-council-minutes", session=session, document=number, content=text_digest(text))
