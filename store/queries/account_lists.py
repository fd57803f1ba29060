"""Lists of accounts, and of what one account has: its sessions, tokens and recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from evaluation.accounts import Scope
from store.journal import database_clock
from store.queries.accounts import ACCOUNT_FIELDS, Account, account_in
from store.schema import ACCOUNT, API_TOKEN, CONTACT, OIDC_IDENTITY, RECOVERY_CODE, SESSION

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """A session in a list."""

    id: int
    how: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """An API token in a list; its text is shown once, when it is made."""

    id: int
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class IdentityLine:
    """A sign-in service that an account is linked to."""

    issuer: str
    linked_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """An account in a list."""

    email: str
    contacts: tuple[str, ...]  #: keys, of one authority
    activated: bool
    second_factor: bool
    disabled: bool
    demo: bool


def accounts_of(connection: Connection, authority: int) -> list[AccountLine]:
    """Return the accounts of an authority's contacts, by address."""
    query = select(ACCOUNT.c.id, CONTACT.c.key, *ACCOUNT_FIELDS).join(CONTACT, CONTACT.c.account_id == ACCOUNT.c.id)
    keys: dict[str, list[str]] = {}
    accounts: dict[str, Account] = {}
    for row in connection.execute(query.where(CONTACT.c.authority_id == authority).order_by(ACCOUNT.c.email, CONTACT.c.id)):
        keys.setdefault(row.email, []).append(row.key)
        accounts[row.email] = account_in(row, row.id)
    return [
        AccountLine(
            email=email,
            contacts=tuple(keys[email]),
            activated=account.activated,
            second_factor=account.has_totp,
            disabled=account.disabled,
            demo=account.demo,
        )
        for email, account in accounts.items()
    ]


def sessions_of(connection: Connection, account: int, *, idle: timedelta) -> list[SessionLine]:
    """Return an account's sessions that are good now, the last seen first."""
    clock = database_clock(connection)
    names = SessionLine.__dataclass_fields__
    rows = connection.execute(
        select(*(SESSION.c[name] for name in names))
        .where(_is_alive(account, clock=clock), SESSION.c.seen_at > clock - idle)
        .order_by(SESSION.c.seen_at.desc(), SESSION.c.id.desc())
    )
    return [SessionLine(**row._mapping) for row in rows]


def _is_alive(account: int, *, clock: datetime) -> ColumnElement[bool]:
    return and_(SESSION.c.account_id == account, SESSION.c.ended_at.is_(None), SESSION.c.expires_at > clock)


def tokens_of(connection: Connection, account: int) -> list[TokenLine]:
    """Return an account's API tokens, revoked and run out ones too, the newest first."""
    rows = connection.execute(select(API_TOKEN).where(API_TOKEN.c.account_id == account).order_by(API_TOKEN.c.id.desc()))
    plain = ("id", "name", "prefix", "created_at", "expires_at", "used_at", "revoked_at")
    return [
        TokenLine(**{name: row._mapping[name] for name in plain}, scopes=tuple(Scope(one) for one in row.scopes.split(","))) for row in rows
    ]


def recovery_codes_left(connection: Connection, account: int) -> int:
    """Return how many recovery codes of an account are not used up."""
    query = select(func.count()).where(RECOVERY_CODE.c.account_id == account, RECOVERY_CODE.c.used_at.is_(None))
    return connection.execute(query).scalar_one()


def identities_of(connection: Connection, account: int) -> list[IdentityLine]:
    """Return the sign-in services that an account is linked to, the first linked first."""
    query = select(OIDC_IDENTITY.c.issuer, OIDC_IDENTITY.c.linked_at).where(OIDC_IDENTITY.c.account_id == account)
    return [
        IdentityLine(issuer=row.issuer, linked_at=row.linked_at) for row in connection.execute(query.order_by(OIDC_IDENTITY.c.linked_at))
    ]
