"""Accounts to test with: people of the small roster who can sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
from sqlalchemy import insert, select, update

from evaluation.kinds import Role
from store.commands.accounts import link_contact, make_administrator, obtain_account
from store.commands.passwords import set_password
from store.commands.second_factors import begin_second_factor, confirm_second_factor
from store.passwords import Keeper
from store.queries.people import authority_named
from store.schema import AUTHORITY, CONTACT, PARTY
from store.secrets import Secrets

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

PASSWORD = "con trâu đi trước cái cày"
KEEPER = Keeper(memory_kib=19456, rounds=2)
KEPT = KEEPER.hash(PASSWORD)
SECRETS = Secrets(key=b"k" * 32)


@dataclass(frozen=True, kw_only=True)
class Known:
    """An account and what opens it."""

    id: int
    email: str
    contact: int
    password: str = PASSWORD


def make_contact(
    store: Store, *, now: datetime, address: str, authority: str = "thu", party: str = "xa-1", role: Role = Role.OFFICER
) -> int:
    """A contact of an authority."""
    with store.transaction(now=now) as transaction:
        owner = transaction.connection.execute(select(AUTHORITY.c.id).where(AUTHORITY.c.key == authority)).scalar_one()
        of = select(PARTY.c.id).where(PARTY.c.authority_id == owner, PARTY.c.key == party)
        row = {
            "authority_id": owner,
            "party_id": transaction.connection.execute(of).scalar_one(),
            "key": f"test.{address}",
            "role": role.value,
            "name": "Cán bộ thử",
            "address": address,
        }
        return int(transaction.connection.execute(insert(CONTACT).returning(CONTACT.c.id), row).scalar_one())


def make_account(store: Store, *, now: datetime, email: str = "can.bo@thu.invalid", demo: bool = False, **of: Any) -> Known:
    """An account of a new contact, with a password."""
    contact = make_contact(store, now=now, address=email, **of)
    with store.transaction(now=now) as transaction:
        authority = transaction.connection.execute(select(CONTACT.c.authority_id).where(CONTACT.c.id == contact)).scalar_one()
        account = obtain_account(transaction, email, demo=demo)
        link_contact(transaction, account, contact=contact, authority=authority)
        set_password(transaction, account.id, kept=KEPT)
    return Known(id=account.id, email=account.email, contact=contact)


def make_admin(store: Store, *, now: datetime, email: str = "quan.tri@thu.invalid", authority: str = "thu") -> Known:
    """An administrator with a password."""
    with store.transaction(now=now) as transaction:
        made = make_administrator(transaction, authority_named(transaction.connection, authority), email=email, name="")
        set_password(transaction, made.account.id, kept=KEPT)
    return Known(id=made.account.id, email=made.account.email, contact=made.contact)


def enrol(store: Store, account: int, *, now: datetime, secrets: Secrets = SECRETS) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """A second factor that counts: the app, and its recovery codes."""
    with store.transaction(now=now) as transaction:
        app = pyotp.TOTP(begin_second_factor(transaction, secrets, account).secret)
        return app, confirm_second_factor(transaction, secrets, account, code=app.now())


def change(store: Store, statement: Any, *, now: datetime) -> None:
    """A change behind the commands' back."""
    with store.transaction(now=now) as transaction:
        transaction.connection.execute(statement)


def ask_second_factor(store: Store, *, now: datetime, authority: str = "thu") -> None:
    """Let an authority ask a second factor of its standing body."""
    change(store, update(AUTHORITY).where(AUTHORITY.c.key == authority).values(second_factor=True), now=now)
