"""What happened to accounts and was refused at their doors, as an administrator reads it, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.accounts import AccountEvent
from store.schema import ACCOUNT, ACCOUNT_EVENT, CONTACT

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """A change of an account; or a refusal, with how often it was repeated in its window of time."""

    id: int
    what: AccountEvent
    door: str
    account: int | None
    email: str  #: of the account; empty: of nobody who is known
    address: str
    first_at: datetime
    last_at: datetime
    times: int


def account_events(connection: Connection, *, authority: int | None, before: int | None = None, at_most: int) -> list[EventLine]:
    """
    Return what happened to the accounts of an authority; of None everything, also what concerns no account.

    What a stranger tried with an address that has no account is of no authority: whoever runs the installation sees it.
    """
    event = ACCOUNT_EVENT.c
    names = ("id", "what", "door", "account_id", "address", "first_at", "last_at", "times")
    query = (
        select(*(event[name] for name in names), ACCOUNT.c.email)
        .outerjoin(ACCOUNT, ACCOUNT.c.id == event.account_id)
        .order_by(event.id.desc())
        .limit(at_most)
    )
    if authority is not None:
        query = query.where(event.account_id.in_(select(CONTACT.c.account_id).where(CONTACT.c.authority_id == authority)))
    if before is not None:
        query = query.where(event.id < before)
    return [
        EventLine(
            id=row.id,
            what=AccountEvent(row.what),
            door=row.door,
            account=row.account_id,
            email=row.email or "",
            address=row.address,
            first_at=row.first_at,
            last_at=row.last_at,
            times=row.times,
        )
        for row in connection.execute(query)
    ]
