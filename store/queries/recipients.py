"""Recipients of notices by the keys that people know: `c<contact>` a person, `m<party>` a unit's official mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.schema import CONTACT, PARTY

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class RecipientLine:
    """Who is told: a contact, or (without one) its party's mailbox."""

    contact: str
    party: str
    party_name: str


def recipients_named(connection: Connection, recipients: Collection[str]) -> dict[str, RecipientLine]:
    """Return recipients by what notices call them: two queries, however many they are."""
    contacts = [int(one[1:]) for one in recipients if one.startswith("c")]
    parties = [int(one[1:]) for one in recipients if one.startswith("m")]
    of_party = (PARTY.c.key.label("party"), PARTY.c.name.label("party_name"))
    people = select(CONTACT.c.id, CONTACT.c.key.label("contact"), *of_party).join(PARTY, PARTY.c.id == CONTACT.c.party_id)
    boxes = select(PARTY.c.id, *of_party).where(PARTY.c.id.in_(parties))
    found = {
        f"c{row.id}": RecipientLine(contact=row.contact, party=row.party, party_name=row.party_name)
        for row in connection.execute(people.where(CONTACT.c.id.in_(contacts)))
    }
    mailboxes = connection.execute(boxes)
    return found | {f"m{row.id}": RecipientLine(contact="", party=row.party, party_name=row.party_name) for row in mailboxes}
