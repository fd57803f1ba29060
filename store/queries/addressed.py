"""Whom the codes of recipients and actors stand for: `c<contact>`, `m<party>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, literal, select, union_all

from store.schema import CONTACT, MESSAGE, PARTY

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """A contact by key, role and unit; an official mailbox by its unit, without key and role."""

    key: str
    role: str
    party: str  #: name


def people_of_message(connection: Connection, message: int) -> dict[str, Addressed]:
    """Return everyone of a message's authority, by code: one query."""
    authority = select(MESSAGE.c.authority_id).where(MESSAGE.c.id == message).scalar_subquery()
    none = literal("", String)
    contacts = (
        select(literal("c", String), CONTACT.c.id, CONTACT.c.key, CONTACT.c.role, PARTY.c.name)
        .join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .where(CONTACT.c.authority_id == authority)
    )
    mailboxes = select(literal("m", String), PARTY.c.id, none, none, PARTY.c.name).where(PARTY.c.authority_id == authority)
    rows = connection.execute(union_all(contacts, mailboxes))
    return {f"{letter}{ident}": Addressed(key=key, role=role, party=party) for letter, ident, key, role, party in rows}
