"""Accounts read: who signs in with what, who they are by their contacts, their sessions and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select

from evaluation.accounts import Scope
from evaluation.kinds import Role
from store.journal import database_clock
from store.schema import ACCOUNT, API_TOKEN, AUTHORITY, CONTACT, CYCLE, PARTY, SESSION
from store.secrets import hashed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account, as far as signing in needs it."""

    id: int
    email: str
    password_hash: str
    language: str
    demo: bool
    has_totp: bool
    activated: bool
    disabled: bool


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A contact that an account is, in office or not."""

    contact: int
    key: str
    name: str
    authority: int
    authority_key: str
    sandbox: bool
    zone: str
    party: int
    party_key: str
    role: Role
    valid_from: date | None
    valid_to: date | None

    def is_in_office(self, on: date) -> bool:
        """Return whether it holds on that date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """A session that is good now, and its account."""

    id: int
    account: Account
    csrf: str
    second_factor: bool  #: given in this session
    how: str
    created_at: datetime
    seen_at: datetime
    clock: datetime  #: the database's, when it was read


@dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """An API token that is good now, and its account."""

    id: int
    account: Account
    scopes: frozenset[Scope]
    used_at: datetime | None
    clock: datetime


ACCOUNT_FIELDS = (
    ACCOUNT.c.email,
    ACCOUNT.c.password_hash,
    ACCOUNT.c.language,
    ACCOUNT.c.demo,
    ACCOUNT.c.totp_confirmed_at,
    ACCOUNT.c.activated_at,
    ACCOUNT.c.disabled_at,
)


def account_in(row: Row[Any], ident: int) -> Account:
    """Return the account that a row of `ACCOUNT_FIELDS` holds."""
    return Account(
        id=ident,
        email=row.email,
        password_hash=row.password_hash,
        language=row.language,
        demo=row.demo,
        has_totp=row.totp_confirmed_at is not None,
        activated=row.activated_at is not None,
        disabled=row.disabled_at is not None,
    )


def account_of(connection: Connection, email: str) -> Account | None:
    """Return the account of an address in its one spelling; None if there is none."""
    row = connection.execute(select(ACCOUNT.c.id, *ACCOUNT_FIELDS).where(ACCOUNT.c.email == email)).one_or_none()
    return None if row is None else account_in(row, row.id)


def read_account(connection: Connection, ident: int) -> Account:
    """Return an account that is there."""
    row = connection.execute(select(ACCOUNT.c.id, *ACCOUNT_FIELDS).where(ACCOUNT.c.id == ident)).one()
    return account_in(row, row.id)


def has_accounts(connection: Connection) -> bool:
    """Return whether anybody can sign in at all."""
    return connection.execute(select(exists(select(ACCOUNT.c.id).where(ACCOUNT.c.disabled_at.is_(None))))).scalar_one()


def holdings_of(connection: Connection, account: int) -> tuple[Holding, ...]:
    """Return the contacts that an account is, those of real authorities first."""
    rows = connection.execute(
        select(
            CONTACT.c.id,
            CONTACT.c.key,
            CONTACT.c.name,
            CONTACT.c.role,
            CONTACT.c.valid_from,
            CONTACT.c.valid_to,
            CONTACT.c.party_id,
            PARTY.c.key.label("party_key"),
            AUTHORITY.c.id.label("authority"),
            AUTHORITY.c.key.label("authority_key"),
            AUTHORITY.c.sandbox,
            AUTHORITY.c.zone,
        )
        .join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .join(AUTHORITY, AUTHORITY.c.id == CONTACT.c.authority_id)
        .where(CONTACT.c.account_id == account)
        .order_by(AUTHORITY.c.sandbox, AUTHORITY.c.id, CONTACT.c.id)
    )
    return tuple(
        Holding(
            contact=row.id,
            key=row.key,
            name=row.name,
            authority=row.authority,
            authority_key=row.authority_key,
            sandbox=row.sandbox,
            zone=row.zone,
            party=row.party_id,
            party_key=row.party_key,
            role=Role(row.role),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    )


def must_give_second_factor(connection: Connection, account: int) -> bool:
    """Return whether an authority asks it of this account: of its administrators, and of everyone in its cycles' standing bodies."""
    standing = exists(select(CYCLE.c.id).where(CYCLE.c.standing_body_id == CONTACT.c.party_id).correlate(CONTACT))
    asked = (
        select(CONTACT.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == CONTACT.c.authority_id)
        .where(
            CONTACT.c.account_id == account, AUTHORITY.c.second_factor.is_(True), or_(CONTACT.c.role == Role.ADMINISTRATOR.value, standing)
        )
    )
    return connection.execute(select(exists(asked))).scalar_one()


def session_of(connection: Connection, token: str, *, idle: timedelta) -> SessionFacts | None:
    """Return the session of a cookie; None if there is none, it ended, ran out, was idle for too long, or its account is disabled."""
    clock = database_clock(connection)
    good = and_(
        SESSION.c.ended_at.is_(None), SESSION.c.expires_at > clock, SESSION.c.seen_at > clock - idle, ACCOUNT.c.disabled_at.is_(None)
    )
    row = connection.execute(
        select(
            SESSION.c.id,
            SESSION.c.account_id,
            SESSION.c.csrf,
            SESSION.c.second_factor_at,
            SESSION.c.how,
            SESSION.c.created_at,
            SESSION.c.seen_at,
            *ACCOUNT_FIELDS,
        )
        .join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
        .where(SESSION.c.token_hash == hashed(token), good)
    ).one_or_none()
    if row is None:
        return None
    return SessionFacts(
        id=row.id,
        account=account_in(row, row.account_id),
        csrf=row.csrf,
        second_factor=row.second_factor_at is not None,
        how=row.how,
        created_at=row.created_at,
        seen_at=row.seen_at,
        clock=clock,
    )


def token_of(connection: Connection, token: str) -> TokenFacts | None:
    """Return the API token of that text; None if there is none, it was revoked or ran out, or its account is disabled."""
    clock = database_clock(connection)
    good = and_(API_TOKEN.c.revoked_at.is_(None), API_TOKEN.c.expires_at > clock, ACCOUNT.c.disabled_at.is_(None))
    row = connection.execute(
        select(API_TOKEN.c.id, API_TOKEN.c.account_id, API_TOKEN.c.scopes, API_TOKEN.c.used_at, *ACCOUNT_FIELDS)
        .join(ACCOUNT, ACCOUNT.c.id == API_TOKEN.c.account_id)
        .where(API_TOKEN.c.token_hash == hashed(token), good)
    ).one_or_none()
    if row is None:
        return None
    scopes = frozenset(Scope(scope) for scope in row.scopes.split(","))
    return TokenFacts(id=row.id, account=account_in(row, row.account_id), scopes=scopes, used_at=row.used_at, clock=clock)
