"""Setting passwords: by whom is signed in, by a reset link, by an invitation. Hashing was done before, outside any write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from evaluation.accounts import AccountEvent, Purpose
from store.account_events import tell_owner
from store.commands.accounts import note
from store.commands.links import use_link, void_links
from store.commands.sessions import end_others
from store.journal import database_clock
from store.schema import ACCOUNT

if TYPE_CHECKING:
    from store.session import Transaction


def set_password(transaction: Transaction, account: int, *, kept: str, but: int | None = None) -> None:
    """Give an account another password, which ends its sessions (but one) and makes its reset links worthless."""
    _keep(transaction, account, kept, told=AccountEvent.PASSWORD_CHANGED)
    void_links(transaction, account, purpose=Purpose.RESET)
    end_others(transaction, account, but=but)
    note(transaction, account, "change-password")


def show_password(transaction: Transaction, account: int, *, kept: str) -> None:
    """Give a demo's account the password that is shown on the screen: like `set_password`, but nobody is written to."""
    _keep(transaction, account, kept, told=None)
    void_links(transaction, account, purpose=Purpose.RESET)
    end_others(transaction, account, but=None)
    note(transaction, account, "change-password")


def reset_password(transaction: Transaction, token: str, *, kept: str) -> int:
    """Set a new password by a reset link, end every session and return whose account it is; LinkError if the link is not good."""
    account = use_link(transaction, token, purpose=Purpose.RESET)
    _keep(transaction, account, kept, told=AccountEvent.PASSWORD_RESET)
    end_others(transaction, account)
    note(transaction, account, "reset-password")
    return account


def accept_invitation(transaction: Transaction, token: str, *, kept: str) -> int:
    """Take an invitation up with a password and return whose account it is; LinkError if the link is not good."""
    account = use_link(transaction, token, purpose=Purpose.INVITATION)
    _keep(transaction, account, kept, told=AccountEvent.PASSWORD_CHANGED)
    note(transaction, account, "accept-invitation")
    return account


def activate(transaction: Transaction, account: int) -> None:
    """Keep that an account is in use: somebody who reads its mail has signed in."""
    clock = database_clock(transaction.connection)
    fresh = (ACCOUNT.c.id == account, ACCOUNT.c.activated_at.is_(None))
    transaction.connection.execute(update(ACCOUNT).where(*fresh).values(activated_at=clock))


def _keep(transaction: Transaction, account: int, kept: str, *, told: AccountEvent | None) -> None:
    """Keep a password, and tell the owner of an account that was in use already; of a first one there is nothing to be told."""
    clock = database_clock(transaction.connection)
    in_use = select(ACCOUNT.c.id).where(ACCOUNT.c.id == account, ACCOUNT.c.activated_at.is_not(None))
    if told is not None and transaction.connection.execute(in_use).scalar_one_or_none() is not None:
        tell_owner(transaction, account, told)
    values = {"password_hash": kept, "activated_at": func.coalesce(ACCOUNT.c.activated_at, clock)}
    transaction.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(**values))
