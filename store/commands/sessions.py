"""Sessions: begun anew at every sign-in, seen, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.accounts import SEEN_EVERY, SignedInBy
from store.journal import database_clock
from store.schema import ACCOUNT, SESSION
from store.secrets import hashed, new_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.accounts import SessionFacts
    from store.session import Transaction

_LONGEST_AGENT = 200
_LONGEST_ADDRESS = 60


class NoSuchSessionError(LookupError):
    """The account has no such session."""

    def __init__(self, session: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"you have no session {session}; list them again")


@dataclass(frozen=True, kw_only=True)
class Browser:
    """From where somebody signs in, and for how long at most."""

    address: str = ""
    user_agent: str = ""
    lasts: timedelta = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A session just begun: what goes into the cookie, and into the page; neither is shown again."""

    id: int
    token: str
    csrf: str
    expires_at: datetime


def open_session(transaction: Transaction, account: int, *, how: SignedInBy, browser: Browser) -> Opened:
    """Begin a session of an account with a text that nobody had before; the second factor is still to be given."""
    clock = database_clock(transaction.connection)
    row = {
        "account_id": account,
        "how": how.value,
        "created_at": clock,
        "seen_at": clock,
        "expires_at": clock + browser.lasts,
        "user_agent": browser.user_agent[:_LONGEST_AGENT],
        "address": browser.address[:_LONGEST_ADDRESS],
    }
    return _insert(transaction, row)


def _insert(transaction: Transaction, row: Mapping[str, object]) -> Opened:
    token, csrf = new_token(), new_token()
    whole = {**row, "token_hash": hashed(token), "csrf": csrf}
    inserted = transaction.connection.execute(insert(SESSION).returning(SESSION.c.id, SESSION.c.expires_at), whole).one()
    return Opened(id=inserted.id, token=token, csrf=csrf, expires_at=inserted.expires_at)


def renew_session(transaction: Transaction, session: int) -> Opened:
    """Go on with a session under a new text, now that its second factor was given; the old text is worthless."""
    connection = transaction.connection
    clock = database_clock(connection)
    old = connection.execute(select(SESSION).where(SESSION.c.id == session, SESSION.c.ended_at.is_(None))).one_or_none()
    if old is None:
        raise NoSuchSessionError(session)
    connection.execute(update(SESSION).where(SESSION.c.id == session).values(ended_at=clock))
    kept = ("account_id", "how", "created_at", "expires_at", "user_agent", "address")
    return _insert(transaction, {**{name: old._mapping[name] for name in kept}, "seen_at": clock, "second_factor_at": clock})


def is_stale(facts: SessionFacts) -> bool:
    """Return whether it is time to write down that a session was seen."""
    return facts.clock - facts.seen_at >= SEEN_EVERY


def see_session(transaction: Transaction, session: int) -> None:
    """Keep that a session was used."""
    clock = database_clock(transaction.connection)
    transaction.connection.execute(update(SESSION).where(SESSION.c.id == session).values(seen_at=clock))


def end_session(transaction: Transaction, account: int, session: int) -> None:
    """End one session of an account; NoSuchSessionError if it is not theirs or has ended."""
    clock = database_clock(transaction.connection)
    own = (SESSION.c.id == session, SESSION.c.account_id == account, SESSION.c.ended_at.is_(None))
    if transaction.connection.execute(update(SESSION).where(*own).values(ended_at=clock)).rowcount != 1:
        raise NoSuchSessionError(session)


def forget_cookie(transaction: Transaction, token: str) -> None:
    """End the session of a cookie, whosever it is; nothing happens if there is none."""
    clock = database_clock(transaction.connection)
    own = (SESSION.c.token_hash == hashed(token), SESSION.c.ended_at.is_(None))
    transaction.connection.execute(update(SESSION).where(*own).values(ended_at=clock))


def end_others(transaction: Transaction, account: int, *, but: int | None = None) -> int:
    """End every session of an account, or all but one; return how many."""
    clock = database_clock(transaction.connection)
    others = update(SESSION).where(SESSION.c.account_id == account, SESSION.c.ended_at.is_(None))
    if but is not None:
        others = others.where(SESSION.c.id != but)
    return transaction.connection.execute(others.values(ended_at=clock)).rowcount


def keep_rehashed(transaction: Transaction, account: int, *, old: str, new: str) -> None:
    """Keep a password under today's cost, unless it was changed meanwhile."""
    same = (ACCOUNT.c.id == account, ACCOUNT.c.password_hash == old)
    transaction.connection.execute(update(ACCOUNT).where(*same).values(password_hash=new))
