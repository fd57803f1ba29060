"""API tokens: made with scopes and an end, shown once, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from evaluation.accounts import SEEN_EVERY, TOKEN_LASTS, TOKEN_LASTS_AT_MOST, AccountEvent, Scope
from store.account_events import tell_owner
from store.commands.accounts import AccountError, note
from store.journal import database_clock
from store.schema import API_TOKEN
from store.secrets import hashed, new_token

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.queries.accounts import TokenFacts
    from store.session import Transaction

#: How every token begins, so that one left lying about is recognised.
BEGINNING = "dondoc_"
_SHOWN = len(BEGINNING) + 6


class TokenError(AccountError):
    """A token cannot be made as asked."""


class NoSuchTokenError(LookupError):
    """The account has no such token, or it is revoked already."""

    def __init__(self, token: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"you have no token {token} that is good; list them again")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A token just made; its text is shown this once."""

    id: int
    token: str
    prefix: str
    expires_at: datetime


def create_token(transaction: Transaction, account: int, *, name: str, scopes: Collection[Scope], lasts: timedelta = TOKEN_LASTS) -> Made:
    """Make a token of an account; TokenError if it has no scope or would last too long."""
    if not scopes:
        known = ", ".join(Scope)
        vi, en = f"mã truy cập cần phạm vi: {known}", f"a token needs a scope: {known}"
        raise TokenError(vi, en)
    if not timedelta(0) < lasts <= TOKEN_LASTS_AT_MOST:
        most = TOKEN_LASTS_AT_MOST.days
        vi, en = f"mã truy cập có hiệu lực từ 1 đến {most} ngày", f"a token lasts between 1 and {most} days"
        raise TokenError(vi, en)
    clock, token = database_clock(transaction.connection), BEGINNING + new_token()
    row = {
        "token_hash": hashed(token),
        "account_id": account,
        "name": name,
        "scopes": ",".join(sorted(scopes)),
        "prefix": token[:_SHOWN],
        "created_at": clock,
        "expires_at": clock + lasts,
    }
    ident = int(transaction.connection.execute(insert(API_TOKEN).returning(API_TOKEN.c.id), row).scalar_one())
    note(transaction, account, "create-token", token=ident, scopes=sorted(scopes))
    tell_owner(transaction, account, AccountEvent.TOKEN_CREATED)
    return Made(id=ident, token=token, prefix=token[:_SHOWN], expires_at=clock + lasts)


def revoke_token(transaction: Transaction, account: int, token: int) -> None:
    """Make a token worthless; NoSuchTokenError if it is not theirs or is revoked already."""
    clock = database_clock(transaction.connection)
    own = (API_TOKEN.c.id == token, API_TOKEN.c.account_id == account, API_TOKEN.c.revoked_at.is_(None))
    if transaction.connection.execute(update(API_TOKEN).where(*own).values(revoked_at=clock)).rowcount != 1:
        raise NoSuchTokenError(token)
    note(transaction, account, "revoke-token", token=token)
    tell_owner(transaction, account, AccountEvent.TOKEN_REVOKED)


def is_stale(facts: TokenFacts) -> bool:
    """Return whether it is time to write down that a token was used."""
    return facts.used_at is None or facts.clock - facts.used_at >= SEEN_EVERY


def see_token(transaction: Transaction, token: int) -> None:
    """Keep that a token was used."""
    clock = database_clock(transaction.connection)
    transaction.connection.execute(update(API_TOKEN).where(API_TOKEN.c.id == token).values(used_at=clock))
