"""
What happens to accounts and at their doors, as the administrator sees it and the owner is told.

A change is an event of its own, and its owner gets a mail. Refusals of one sort, account and network address are one event for each window
of time, with a count; past `MOST_REFUSALS` of a window all further ones are counted together. So nobody can fill the disk or a mailbox.
Network addresses stand here and not in the journal, which is never erased; here they are forgotten after `EVENTS_KEPT`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from evaluation.accounts import EVENTS_KEPT, MOST_REFUSALS, REFUSALS_COUNTED, AccountEvent
from evaluation.kinds import MessageKind
from store.journal import database_clock
from store.queries.accounts import holdings_of
from store.schema import ACCOUNT_EVENT, NOTICE
from store.windows import window_start

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Transaction

_LONGEST_ADDRESS = 60


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What was refused: at which door, to whom if that is known, from where."""

    what: AccountEvent
    door: str
    account: int | None = None
    address: str = ""


def mail_account(transaction: Transaction, account: int, *, kind: MessageKind, cause: str) -> bool:
    """Have a mail sent to the account's own address at once; return whether it belongs to an authority, without which nobody mails it."""
    holdings = holdings_of(transaction.connection, account)
    if not holdings:
        return False
    row = {
        "authority_id": holdings[0].authority,  # a real one if there is any: a sandbox's mail never leaves the machine
        "cause": cause,
        "kind": kind.value,
        "recipient": f"a{account}",
        "at": transaction.now,
        "slot_at": transaction.now,
    }
    transaction.connection.execute(insert(NOTICE), row)
    return True


def tell_owner(transaction: Transaction, account: int, what: AccountEvent) -> None:
    """Keep what was changed of an account and have its owner told: when, and from which network address."""
    clock = database_clock(transaction.connection)
    address = transaction.actor.address[:_LONGEST_ADDRESS]
    row = {"what": what.value, "door": "", "account_id": account, "address": address, "first_at": clock, "last_at": clock, "times": 1}
    ident = transaction.connection.execute(insert(ACCOUNT_EVENT).returning(ACCOUNT_EVENT.c.id), row).scalar_one()
    mail_account(transaction, account, kind=MessageKind.ACCOUNT_CHANGED, cause=f"a:{ident}")


def note_refusal(transaction: Transaction, refusal: Refusal) -> None:
    """Count a refusal in its window of time, and forget events that are old."""
    connection = transaction.connection
    clock = database_clock(connection)
    start = window_start(clock, REFUSALS_COUNTED)
    _forget(connection, before=clock - EVENTS_KEPT)
    if not _is_known(connection, _once(refusal, start)) and _rows_since(connection, start) >= MOST_REFUSALS:
        refusal = replace(refusal, account=None, address="")
    _count(connection, refusal, once=_once(refusal, start), clock=clock)


def _forget(connection: Connection, *, before: datetime) -> None:
    """Drop old refusals, and the addresses of old changes; a change itself stays, since the notice of it names its number for good."""
    old = ACCOUNT_EVENT.c.first_at < before
    connection.execute(delete(ACCOUNT_EVENT).where(old, ACCOUNT_EVENT.c.once.is_not(None)))
    connection.execute(update(ACCOUNT_EVENT).where(old, ACCOUNT_EVENT.c.address != "").values(address=""))


def _once(refusal: Refusal, start: datetime) -> str:
    return f"{refusal.what}|{refusal.door}|{refusal.account or ''}|{refusal.address}|{start.isoformat()}"


def _is_known(connection: Connection, once: str) -> bool:
    return connection.execute(select(ACCOUNT_EVENT.c.id).where(ACCOUNT_EVENT.c.once == once)).scalar_one_or_none() is not None


def _rows_since(connection: Connection, start: datetime) -> int:
    query = select(func.count()).where(ACCOUNT_EVENT.c.first_at >= start, ACCOUNT_EVENT.c.once.is_not(None))
    return int(connection.execute(query).scalar_one())


def _count(connection: Connection, refusal: Refusal, *, once: str, clock: datetime) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {
        "what": refusal.what.value,
        "door": refusal.door,
        "account_id": refusal.account,
        "address": refusal.address[:_LONGEST_ADDRESS],
        "first_at": clock,
        "last_at": clock,
        "times": 1,
        "once": once,
    }
    again = {"times": ACCOUNT_EVENT.c.times + 1, "last_at": clock}
    statement = dialect.insert(ACCOUNT_EVENT).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["once"], set_=again))
