"""
Accounts: made for contacts, switched off and on again; the first administrator.

The journal keeps ids only, in the chain of each authority that the account belongs to. Times of accounts, sessions, links and tokens are
the database's clock: no given moment makes any of them last longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from evaluation.account_addresses import account_address
from evaluation.kinds import PartyKind, Role
from store.commands.authorities import touched
from store.journal import Entry, database_clock
from store.locks import hold_authority, insert_if_new
from store.queries.accounts import Account, account_of, holdings_of, read_account
from store.refusals import RefusalError
from store.schema import ACCOUNT, API_TOKEN, AUTHORITY, CONTACT, ONE_TIME_LINK, PARTY, SESSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.queries.people import AuthorityFacts
    from store.session import Transaction

#: The body to which an administrator belongs where none is named.
ADMINISTRATION = "quan-tri"


class AccountError(RefusalError):
    """Something about an account cannot be so: why, and what to do."""


class DemoAccountError(AccountError):
    """An account whose password was printed was to be let into a real authority."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = "đây là tài khoản của bản dùng thử, ai cũng có thể biết mật khẩu; chỉ dùng cho cơ quan thử: hãy dùng địa chỉ khác"
        en = "this is an account of the demo, whose password everybody may know; it is good for sandboxes alone: use another address"
        super().__init__(vi, en)


class DisabledAccountError(AccountError):
    """The account was switched off."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = "tài khoản này đã bị khóa; `dondoc admin enable` mở lại"
        super().__init__(vi, "this account was switched off; `dondoc admin enable` switches it on again")


def obtain_account(transaction: Transaction, address: str, *, language: str = "vi", demo: bool = False) -> Account:
    """Return the account of an address, made if it is not there; UnfitAccountAddressError if it can have none."""
    email = account_address(address)
    row = {"email": email, "password_hash": "", "totp_secret": "", "language": language, "demo": demo}
    insert_if_new(transaction.connection, ACCOUNT, {**row, "created_at": database_clock(transaction.connection)})
    found = account_of(transaction.connection, email)
    assert found is not None  # noqa: S101  it was inserted, or was there
    return found


def link_contact(transaction: Transaction, account: Account, *, contact: int, authority: int) -> None:
    """
    Let an account be a contact of an authority.

    Raises:
        DisabledAccountError: it was switched off.
        DemoAccountError: it is the demo's, and the authority is real.

    """
    if account.disabled:
        raise DisabledAccountError
    sandbox = transaction.connection.execute(select(AUTHORITY.c.sandbox).where(AUTHORITY.c.id == authority)).scalar_one()
    if account.demo and not sandbox:
        raise DemoAccountError
    own = (CONTACT.c.id == contact, CONTACT.c.authority_id == authority, CONTACT.c.account_id.is_(None))
    changed = transaction.connection.execute(update(CONTACT).where(*own).values(account_id=account.id)).rowcount
    if changed != 1:
        vi = "đầu mối này đã có tài khoản; `dondoc contacts replace` cho người khác thay"
        en = "this contact has an account already; `dondoc contacts replace` lets another person take over the post"
        raise AccountError(vi, en)
    entry = Entry(authority=authority, action="link-account", payload={"account": account.id, "contact": contact})
    transaction.entries.append(entry)
    touched(transaction, authority)


def note(transaction: Transaction, account: int, action: str, **ids: Any) -> None:  # noqa: ANN401  whatever the journal's JSON holds
    """Let the journal of each authority that an account belongs to remember something about it."""
    authorities = sorted({holding.authority for holding in holdings_of(transaction.connection, account)})
    transaction.entries += [Entry(authority=one, action=action, payload={"account": account, **ids}) for one in authorities]


@dataclass(frozen=True, kw_only=True)
class Administrator:
    """Who may look after people and accounts of an authority."""

    account: Account
    contact: int


def make_administrator(transaction: Transaction, authority: AuthorityFacts, *, email: str, name: str, demo: bool = False) -> Administrator:
    """Make an administrator of an authority: an account and a contact of that role, each only if it is not there yet."""
    connection = transaction.connection
    hold_authority(connection, authority.id)
    account = obtain_account(transaction, email, demo=demo)
    own = [one for one in holdings_of(connection, account.id) if one.authority == authority.id and one.role is Role.ADMINISTRATOR]
    if own:
        return Administrator(account=account, contact=own[0].contact)
    contact = _administrator_contact(transaction, authority, email=account.email, name=name)
    link_contact(transaction, account, contact=contact, authority=authority.id)
    return Administrator(account=read_account(connection, account.id), contact=contact)


def _administrator_contact(transaction: Transaction, authority: AuthorityFacts, *, email: str, name: str) -> int:
    connection = transaction.connection
    taken = set(connection.execute(select(CONTACT.c.key).where(CONTACT.c.authority_id == authority.id)).scalars())
    row = {
        "authority_id": authority.id,
        "party_id": _administration(transaction, authority),
        "key": _free_key("admin", taken),
        "role": Role.ADMINISTRATOR.value,
        "name": name or "Quản trị hệ thống",
        "address": email,
    }
    contact = int(connection.execute(insert(CONTACT).returning(CONTACT.c.id), row).scalar_one())
    entry = Entry(authority=authority.id, action="add-contact", payload={"contact": contact, "role": Role.ADMINISTRATOR.value})
    transaction.entries.append(entry)
    return contact


def _administration(transaction: Transaction, authority: AuthorityFacts) -> int:
    """Return the body of an authority's administrators, made if it is not there."""
    found = select(PARTY.c.id).where(PARTY.c.authority_id == authority.id, PARTY.c.key == ADMINISTRATION)
    known = transaction.connection.execute(found).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = {"authority_id": authority.id, "key": ADMINISTRATION, "kind": PartyKind.BODY.value, "name": "Quản trị hệ thống"}
    party = int(transaction.connection.execute(insert(PARTY).returning(PARTY.c.id), row).scalar_one())
    transaction.entries.append(Entry(authority=authority.id, action="add-unit", payload={"party": party}))
    return party


def _free_key(stem: str, taken: Iterable[str]) -> str:
    known, number = set(taken), 2
    key = stem
    while key in known:
        key, number = f"{stem}-{number}", number + 1
    return key


def switch_account(transaction: Transaction, account: int, *, on: bool) -> None:
    """Switch an account off, which ends its sessions, links and tokens at once, or on again."""
    connection = transaction.connection
    clock = database_clock(connection)
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(disabled_at=None if on else clock))
    if not on:
        end_everything(transaction, account)
    note(transaction, account, "enable-account" if on else "disable-account")


def end_everything(transaction: Transaction, account: int) -> None:
    """End every session, link and token of an account."""
    connection, clock = transaction.connection, database_clock(transaction.connection)
    for table, ended in ((SESSION, SESSION.c.ended_at), (ONE_TIME_LINK, ONE_TIME_LINK.c.used_at), (API_TOKEN, API_TOKEN.c.revoked_at)):
        connection.execute(update(table).where(table.c.account_id == account, ended.is_(None)).values({ended: clock}))


def end_all_ways_in(transaction: Transaction) -> None:
    """End every session, link and token there is: what a backup holds may have been ended since it was made."""
    clock = database_clock(transaction.connection)
    for table, ended in ((SESSION, SESSION.c.ended_at), (ONE_TIME_LINK, ONE_TIME_LINK.c.used_at), (API_TOKEN, API_TOKEN.c.revoked_at)):
        transaction.connection.execute(update(table).where(ended.is_(None)).values({ended: clock}))


def require_second_factor(transaction: Transaction, authority: int, *, required: bool) -> None:
    """Ask a second factor of an authority's standing body and administrators, or ask it no longer."""
    transaction.connection.execute(update(AUTHORITY).where(AUTHORITY.c.id == authority).values(second_factor=required))
    transaction.entries.append(Entry(authority=authority, action="require-second-factor", payload={"required": required}))
