"""Traffic: how many mails whom reach on which day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.schema import CONTACT, MESSAGE, NOTICE, PARTY

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from evaluation.workdays import Calendar


@dataclass(frozen=True, kw_only=True, order=True)
class PersonDay:
    """The mails of one recipient on one local day."""

    on: date
    recipient: str  #: address
    mails: int


def mails_per_person_and_day(connection: Connection, *, authority: int, calendar: Calendar) -> list[PersonDay]:
    """Return how many mails each address gets on each local day of business time, cancelled ones left out, by day."""
    addresses = _addresses(connection, authority)
    rows = connection.execute(
        select(MESSAGE.c.recipient, MESSAGE.c.at).where(MESSAGE.c.authority_id == authority, MESSAGE.c.state != "cancelled")
    )
    counted = Counter((calendar.local_date(at), addresses[recipient]) for recipient, at in rows)
    return sorted(PersonDay(on=on, recipient=recipient, mails=mails) for (on, recipient), mails in counted.items())


def _addresses(connection: Connection, authority: int) -> dict[str, str]:
    contacts = connection.execute(select(CONTACT.c.id, CONTACT.c.address).where(CONTACT.c.authority_id == authority))
    parties = connection.execute(select(PARTY.c.id, PARTY.c.mailbox).where(PARTY.c.authority_id == authority))
    return {**{f"c{row.id}": row.address for row in contacts}, **{f"m{row.id}": row.mailbox for row in parties}}


def notices_by_kind(connection: Connection, *, authority: int) -> dict[str, int]:
    """Return how many notices of each kind were written."""
    kinds = connection.execute(select(NOTICE.c.kind).where(NOTICE.c.authority_id == authority)).scalars()
    return dict(sorted(Counter(kinds).items()))
