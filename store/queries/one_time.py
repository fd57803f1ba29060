"""What mails of accounts say: to whom they go, what was changed, and the one-time link they carry, without its token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.accounts import AccountEvent, Purpose
from evaluation.letters import AccountChange, OneTime
from store.schema import ACCOUNT, ACCOUNT_EVENT, CONTACT, ONE_TIME_LINK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from evaluation.letters import Item

_LINK, _CHANGE = "l", "a"


@dataclass(frozen=True, kw_only=True)
class AccountWords:
    """What notices of accounts say, by their cause."""

    one_times: Mapping[str, OneTime]
    changes: Mapping[str, AccountChange]

    def told(self, item: Item, *, cause: str) -> Item:
        """Return an item with what its cause says, where that is of an account."""
        if cause[0] not in {_LINK, _CHANGE}:
            return item
        return replace(item, one_time=self.one_times.get(cause), account_change=self.changes.get(cause))


def read_account_words(connection: Connection, causes: Sequence[str]) -> AccountWords:
    """Return what notices say that name as their cause a link, `l:<link>`, or a change of an account, `a:<event>`."""
    return AccountWords(one_times=_one_times(connection, causes), changes=_changes(connection, causes))


def _one_times(connection: Connection, causes: Iterable[str]) -> dict[str, OneTime]:
    ids = _named(causes, letter=_LINK)
    if not ids:
        return {}
    rows = connection.execute(select(ONE_TIME_LINK).where(ONE_TIME_LINK.c.id.in_(ids)))
    return {f"{_LINK}:{row.id}": OneTime(purpose=Purpose(row.purpose), nonce=row.nonce, expires_at=row.expires_at) for row in rows}


def _changes(connection: Connection, causes: Iterable[str]) -> dict[str, AccountChange]:
    ids = _named(causes, letter=_CHANGE)
    if not ids:
        return {}
    rows = connection.execute(select(ACCOUNT_EVENT).where(ACCOUNT_EVENT.c.id.in_(ids)))
    return {f"{_CHANGE}:{row.id}": AccountChange(what=AccountEvent(row.what), at=row.first_at, address=row.address) for row in rows}


def _named(causes: Iterable[str], *, letter: str) -> list[int]:
    return [int(cause.partition(":")[2]) for cause in causes if cause.startswith(f"{letter}:")]


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
