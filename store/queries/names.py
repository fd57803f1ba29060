"""Names and keys of parties and contacts, for lists whose lines name them by id, or by key inside a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from store.schema import AUTHORITY, CONTACT, OBLIGATION, PARTY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class PartyNames:
    """Names by authority and key, and by id."""

    by_key: Mapping[tuple[str, str], str]
    by_id: Mapping[int, str]

    def of_key(self, authority: str, key: str) -> str:
        """Return the name of an authority's party; the key itself if there is none such."""
        return self.by_key.get((authority, key), key)


def party_names(connection: Connection, *, keys: Collection[str], ids: Collection[int]) -> PartyNames:
    """Return the names of the parties of these keys, in every authority, and of these ids: one query."""
    query = (
        select(AUTHORITY.c.key.label("authority"), PARTY.c.id, PARTY.c.key, PARTY.c.name)
        .join(AUTHORITY, AUTHORITY.c.id == PARTY.c.authority_id)
        .where(or_(PARTY.c.key.in_(sorted(keys)), PARTY.c.id.in_(sorted(ids))))
    )
    rows = connection.execute(query).all()
    return PartyNames(by_key={(row.authority, row.key): row.name for row in rows}, by_id={row.id: row.name for row in rows})


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Keys by id."""

    contacts: Mapping[int, str]
    parties: Mapping[int, str]

    def of_recipient(self, recipient: str) -> str:
        """Return the key of `c<contact>` or `m<party>`; empty for one that is gone."""
        kind, ident = recipient[:1], recipient[1:]
        found = self.contacts if kind == "c" else self.parties
        return found.get(int(ident), "") if ident.isdecimal() else ""


def keys_of(connection: Connection, *, contacts: Collection[int] = (), parties: Collection[int] = ()) -> Keys:
    """Return the keys of contacts and parties: two queries."""
    of_contacts = select(CONTACT.c.id, CONTACT.c.key).where(CONTACT.c.id.in_(sorted(set(contacts))))
    of_parties = select(PARTY.c.id, PARTY.c.key).where(PARTY.c.id.in_(sorted(set(parties))))
    return Keys(contacts=dict(connection.execute(of_contacts).tuples().all()), parties=dict(connection.execute(of_parties).tuples().all()))


def party_of_obligation(connection: Connection, obligation: int) -> tuple[int, str] | None:
    """Return the authority of an obligation and the key of whose it is; None if there is no such obligation."""
    query = select(PARTY.c.authority_id, PARTY.c.key).join(OBLIGATION, OBLIGATION.c.party_id == PARTY.c.id)
    row = connection.execute(query.where(OBLIGATION.c.id == obligation)).one_or_none()
    return None if row is None else (row.authority_id, row.key)


def contact_names(connection: Connection, contacts: Collection[int]) -> dict[int, str]:
    """Return the names of contacts by id; of one that was erased an empty text, of one that is gone nothing. One query."""
    query = select(CONTACT.c.id, CONTACT.c.name).where(CONTACT.c.id.in_(sorted(set(contacts))))
    return dict(connection.execute(query).tuples().all())


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """Somebody by name and post."""

    name: str  #: empty: erased
    role: str
    party_name: str


def posts_and_parties(connection: Connection, authority: str, keys: Collection[str]) -> tuple[dict[str, PostLine], dict[str, str]]:
    """Return the people and the parties of an authority that have these keys, by key: two queries."""
    wanted = sorted(set(keys))
    of_authority = select(AUTHORITY.c.id).where(AUTHORITY.c.key == authority).scalar_subquery()
    people = (
        select(CONTACT.c.key, CONTACT.c.name, CONTACT.c.role, PARTY.c.name.label("party_name"))
        .join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .where(CONTACT.c.authority_id == of_authority, CONTACT.c.key.in_(wanted))
    )
    parties = select(PARTY.c.key, PARTY.c.name).where(PARTY.c.authority_id == of_authority, PARTY.c.key.in_(wanted))
    posts = {row.key: PostLine(name=row.name, role=row.role, party_name=row.party_name) for row in connection.execute(people)}
    return posts, dict(connection.execute(parties).tuples().all())
