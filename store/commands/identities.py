"""Identities of a provider (OpenID Connect): whom it means by its subject; linked once, by a verified address of somebody invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from evaluation.account_addresses import UnfitAccountAddressError, account_address
from evaluation.accounts import AccountEvent
from store.account_events import tell_owner
from store.commands.accounts import AccountError, note
from store.commands.passwords import activate
from store.journal import database_clock
from store.queries.accounts import account_of, read_account
from store.schema import ACCOUNT, OIDC_IDENTITY

if TYPE_CHECKING:
    from store.queries.accounts import Account
    from store.session import Transaction


class UnknownIdentityError(AccountError):
    """Nobody here is meant by what the provider says; it is not said why."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = "chưa ai mang tên này được mời; hãy xin người quản trị mời địa chỉ mà dịch vụ đăng nhập của anh/chị dùng"
        en = "nobody of that name was invited here; ask your administrator for an invitation to the address of your sign-in service"
        super().__init__(vi, en)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What a provider said of who signed in, its signature checked."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False


def account_behind(transaction: Transaction, claimed: Claimed) -> Account:
    """
    Return the account that a provider's subject stands for.

    The first time it is the account of the address, if the provider has verified that one and no other subject of the provider stands
    for it already; from then on the subject alone counts, whatever address it has.

    Raises:
        UnknownIdentityError: there is none, or it is switched off.

    """
    known = select(OIDC_IDENTITY.c.account_id).where(OIDC_IDENTITY.c.issuer == claimed.issuer, OIDC_IDENTITY.c.subject == claimed.subject)
    ident = transaction.connection.execute(known).scalar_one_or_none()
    if ident is None:
        ident = _link(transaction, claimed)
    account = read_account(transaction.connection, ident)
    if account.disabled:
        raise UnknownIdentityError
    activate(transaction, ident)
    return account


def _link(transaction: Transaction, claimed: Claimed) -> int:
    if not claimed.email_verified:
        raise UnknownIdentityError
    try:
        account = account_of(transaction.connection, account_address(claimed.email))
    except UnfitAccountAddressError:
        raise UnknownIdentityError from None
    if account is None or account.demo or _has_another(transaction, claimed, account.id):
        raise UnknownIdentityError
    clock = database_clock(transaction.connection)
    row = {"issuer": claimed.issuer, "subject": claimed.subject, "account_id": account.id, "linked_at": clock}
    transaction.connection.execute(insert(OIDC_IDENTITY), row)
    note(transaction, account.id, "link-identity")
    tell_owner(transaction, account.id, AccountEvent.IDENTITY_LINKED)
    return account.id


def _has_another(transaction: Transaction, claimed: Claimed, account: int) -> bool:
    """Return whether the provider means the account by another subject already; two that ask at once wait for each other."""
    transaction.connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.id == account).with_for_update(key_share=True))
    other = select(OIDC_IDENTITY.c.subject).where(OIDC_IDENTITY.c.issuer == claimed.issuer, OIDC_IDENTITY.c.account_id == account)
    return transaction.connection.execute(other.limit(1)).scalar_one_or_none() is not None
