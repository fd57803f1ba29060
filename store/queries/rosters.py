"""The roster of an authority as it stands in the database: what was imported and changed since, as a plan looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, Roster, RosterContact
from store.schema import CONTACT, PARTY, SUCCESSION, SUPERIOR

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Row


def roster_of(connection: Connection, authority: int, *, on: date) -> Roster:
    """Return the parties and contacts of an authority, under the superiors of a date; its groups bear their keys as names. Four queries."""
    rows = connection.execute(select(PARTY).where(PARTY.c.authority_id == authority).order_by(PARTY.c.id)).all()
    keys = {row.id: row.key for row in rows}
    above = _superiors(connection, authority, keys=keys, on=on)
    after: dict[int, tuple[str, ...]] = {}
    succession = select(SUCCESSION).join(PARTY, PARTY.c.id == SUCCESSION.c.predecessor_id).where(PARTY.c.authority_id == authority)
    for one in connection.execute(succession):
        after[one.predecessor_id] = (*after.get(one.predecessor_id, ()), keys[one.successor_id])
    parties = tuple(_party(row, superior=above.get(row.id, ""), successors=after.get(row.id, ())) for row in rows)
    groups = tuple((group, group) for group in dict.fromkeys(party.group for party in parties if party.group))
    contacts = _contacts(connection, authority, keys=keys)
    return Roster(key="", title="", groups=groups, parties=parties, contacts=contacts)


def _superiors(connection: Connection, authority: int, *, keys: dict[int, str], on: date) -> dict[int, str]:
    query = select(SUPERIOR).join(PARTY, PARTY.c.id == SUPERIOR.c.party_id).where(PARTY.c.authority_id == authority)
    rows = connection.execute(query.order_by(SUPERIOR.c.id)).all()
    holding = [row for row in rows if (row.valid_from or on) <= on <= (row.valid_to or on)]
    return {row.party_id: keys[row.superior_id] for row in holding}


def _party(row: Row[Any], *, superior: str, successors: tuple[str, ...]) -> Party:
    names = ("key", "name", "level", "group", "mailbox", "valid_from", "valid_to", "exempt", "code", "source")
    facts = {name: getattr(row, name) for name in names}
    return Party(kind=PartyKind(row.kind), superior=superior, successors=successors, **facts)


def _contacts(connection: Connection, authority: int, *, keys: dict[int, str]) -> tuple[RosterContact, ...]:
    rows = connection.execute(select(CONTACT).where(CONTACT.c.authority_id == authority).order_by(CONTACT.c.id)).all()
    named = {row.id: row.key for row in rows}
    plain = ("key", "name", "address", "valid_from", "valid_to", "deputy_from", "deputy_to", "phone", "language")
    return tuple(
        RosterContact(
            **{name: getattr(row, name) for name in plain},
            party=keys[row.party_id],
            role=Role(row.role),
            deputy=named.get(row.deputy_id, ""),
            fields=tuple(field for field in row.fields.split(",") if field),
        )
        for row in rows
    )
