"""What mails of accounts say: to whom they go, and the one-time link they carry, without its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.accounts import Purpose
from evaluation.letters import OneTime
from store.schema import ACCOUNT, CONTACT, ONE_TIME_LINK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection, Row

_LINK = "l"


def read_one_times(connection: Connection, causes: Iterable[str]) -> dict[str, OneTime]:
    """Return the links that notices name as their cause, `l:<link>`."""
    ids = [int(cause.partition(":")[2]) for cause in causes if cause.startswith(f"{_LINK}:")]
    if not ids:
        return {}
    rows = connection.execute(select(ONE_TIME_LINK).where(ONE_TIME_LINK.c.id.in_(ids)))
    return {f"{_LINK}:{row.id}": OneTime(purpose=Purpose(row.purpose), nonce=row.nonce, expires_at=row.expires_at) for row in rows}


def account_recipients(connection: Connection, accounts: Collection[int], *, authority: int) -> Iterator[Row[tuple[int, str, str, str]]]:
    """
    Yield id, address, language and name of accounts; the name is that of their first contact of the authority.

    The address is the account's own: whoever may change a contact's address must not get that person's links.
    """
    name = (
        select(CONTACT.c.name)
        .where(CONTACT.c.account_id == ACCOUNT.c.id, CONTACT.c.authority_id == authority)
        .order_by(CONTACT.c.id)
        .limit(1)
        .scalar_subquery()
    )
    yield from connection.execute(
        select(ACCOUNT.c.id, ACCOUNT.c.email, ACCOUNT.c.language, name.label("name")).where(ACCOUNT.c.id.in_(accounts))
    )
