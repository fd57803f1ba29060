"""One-time links: made, sent, used once, each for one purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.accounts import LINK_LASTS, MAIL_OF, Purpose
from store.account_events import mail_account
from store.journal import database_clock
from store.queries.accounts import holdings_of
from store.schema import ACCOUNT, ONE_TIME_LINK
from store.secrets import Secrets, hashed, new_token

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.session import Transaction


class LinkError(Exception):
    """A link is not good: unknown, used, run out, or for something else; it is not said which."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("this link is not good any more; ask for a new one")


def make_link(transaction: Transaction, secrets: Secrets, account: int, *, purpose: Purpose, lasts: timedelta = LINK_LASTS) -> str:
    """Make a link of an account and return its token, which is kept nowhere."""
    return _insert(transaction, secrets, account, purpose=purpose, lasts=lasts)[1]


def send_link(transaction: Transaction, secrets: Secrets, account: int, *, purpose: Purpose, lasts: timedelta = LINK_LASTS) -> bool:
    """Send a link to the account's own address; return whether it belongs to an authority, without which nobody mails it."""
    if not holdings_of(transaction.connection, account):
        return False
    link, _ = _insert(transaction, secrets, account, purpose=purpose, lasts=lasts)
    return mail_account(transaction, account, kind=MAIL_OF[purpose], cause=f"l:{link}")


def _insert(transaction: Transaction, secrets: Secrets, account: int, *, purpose: Purpose, lasts: timedelta) -> tuple[int, str]:
    clock, nonce = database_clock(transaction.connection), new_token()
    token = secrets.link_token(purpose.value, nonce)
    row = {
        "token_hash": hashed(token),
        "nonce": nonce,
        "purpose": purpose.value,
        "account_id": account,
        "created_at": clock,
        "expires_at": clock + lasts,
    }
    ident = transaction.connection.execute(insert(ONE_TIME_LINK).returning(ONE_TIME_LINK.c.id), row).scalar_one()
    return int(ident), token


def use_link(transaction: Transaction, token: str, *, purpose: Purpose) -> int:
    """
    Use a link up and return whose it is; the account's other links of that purpose are void with it.

    Two that use it at once: one is let in.

    Raises:
        LinkError: it is unknown, used, run out, for another purpose, or its account is switched off.

    """
    connection = transaction.connection
    clock = database_clock(connection)
    enabled = ONE_TIME_LINK.c.account_id.in_(select(ACCOUNT.c.id).where(ACCOUNT.c.disabled_at.is_(None)))
    mine = (ONE_TIME_LINK.c.token_hash == hashed(token), ONE_TIME_LINK.c.purpose == purpose.value, enabled)
    good = (*mine, ONE_TIME_LINK.c.used_at.is_(None), ONE_TIME_LINK.c.expires_at > clock)
    used = update(ONE_TIME_LINK).where(*good).values(used_at=clock).returning(ONE_TIME_LINK.c.account_id)
    account = connection.execute(used).scalar_one_or_none()
    if account is None:
        raise LinkError
    void_links(transaction, account, purpose=purpose)
    return int(account)


def owner_of_link(connection: Connection, token: str, *, purpose: Purpose) -> str:
    """Return the address of the account whose good link this is, which stays good; LinkError if it is not good."""
    good = (
        ONE_TIME_LINK.c.token_hash == hashed(token),
        ONE_TIME_LINK.c.purpose == purpose.value,
        ONE_TIME_LINK.c.used_at.is_(None),
        ONE_TIME_LINK.c.expires_at > database_clock(connection),
        ACCOUNT.c.disabled_at.is_(None),
    )
    query = select(ACCOUNT.c.email).join(ONE_TIME_LINK, ONE_TIME_LINK.c.account_id == ACCOUNT.c.id).where(*good)
    email = connection.execute(query).scalar_one_or_none()
    if email is None:
        raise LinkError
    return str(email)


def void_links(transaction: Transaction, account: int, *, purpose: Purpose) -> None:
    """Make every open link of an account for a purpose worthless."""
    open_ones = (ONE_TIME_LINK.c.account_id == account, ONE_TIME_LINK.c.purpose == purpose.value, ONE_TIME_LINK.c.used_at.is_(None))
    clock = database_clock(transaction.connection)
    transaction.connection.execute(update(ONE_TIME_LINK).where(*open_ones).values(used_at=clock))
