"""What is somebody's: what their unit owes, what they stand in for, what was given to them, and what awaits their review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from evaluation.kinds import Role
from evaluation.obligations import State
from evaluation.rights import posts_filled
from store.queries.sight import days_of
from store.schema import OBLIGATION, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.rights import ActorFacts
    from store.queries.sight import Readable


@dataclass(frozen=True, kw_only=True)
class Mine:
    """What is somebody's, by their posts: whose obligations, which work given to them, and what awaits them as receivers."""

    own: frozenset[int] = frozenset()  #: parties of their own posts
    deputised: frozenset[int] = frozenset()  #: parties of the posts that they stand in for
    contacts: frozenset[int] = frozenset()
    headed: frozenset[int] = frozenset()  #: parties that they sign for, as their head or standing in for it


def mine_of(connection: Connection, facts: ActorFacts, *, now: datetime) -> Mine:
    """Return what is somebody's on the local day of each of their authorities."""
    own: set[int] = set()
    filled: set[int] = set()
    contacts: set[int] = set()
    headed: set[int] = set()
    mine = {holding.contact for holding in facts.holdings}
    for authority, on in days_of(connection, facts, now=now).items():
        posts = [post for post in posts_filled(facts, on=on) if post.authority == authority]
        contacts |= {post.contact for post in posts}
        headed |= {post.party for post in posts if post.role is Role.HEAD}
        own |= {post.party for post in posts if post.contact in mine}
        filled |= {post.party for post in posts if post.contact not in mine}
    return Mine(own=frozenset(own), deputised=frozenset(filled), contacts=frozenset(contacts), headed=frozenset(headed))


def reasons(connection: Connection, obligations: Iterable[int], mine: Mine) -> dict[int, list[str]]:
    """Return why each obligation is somebody's: `assigned`, `own`, `deputy`, `review`. One query."""
    query = (
        select(OBLIGATION.c.id, OBLIGATION.c.party_id, OBLIGATION.c.assignee_id, OBLIGATION.c.state, STAGE.c.receiver_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.id.in_(list(obligations)))
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        awaits = row.state == State.SUBMITTED.value and row.receiver_id in mine.own | mine.deputised
        said = {
            "assigned": row.assignee_id in mine.contacts,
            "own": row.party_id in mine.own,
            "deputy": row.party_id in mine.deputised,
            "review": awaits,
        }
        found[row.id] = [word for word, holds in said.items() if holds]
    return found


def is_mine(mine: Mine) -> Readable:
    """Return the condition that an obligation is somebody's; its stage stands beside it in the query."""
    parties = sorted(mine.own | mine.deputised)
    return or_(
        OBLIGATION.c.party_id.in_(parties),
        OBLIGATION.c.assignee_id.in_(sorted(mine.contacts)),
        and_(STAGE.c.receiver_id.in_(parties), OBLIGATION.c.state == State.SUBMITTED.value),
    )
