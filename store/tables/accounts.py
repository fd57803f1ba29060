"""Accounts: who may sign in, with what, since when; secrets only as hashes, or sealed with a key that the database does not hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class AccountRow(SQLModel, table=True):
    """A person who can sign in; what they may do follows from the contacts that name the account."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    email: str = Field(unique=True)  #: `evaluation.account_addresses` has the form
    password_hash: str = ""  #: argon2id; empty: none was set
    totp_secret: str = ""  #: sealed; empty: no second factor
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_last_step: int | None = Field(default=None, sa_type=Key)  #: of the last code taken; that and earlier ones are used up
    language: str = "vi"
    demo: bool = False  #: its password was printed: good for sandboxes alone
    activated_at: datetime | None = Field(default=None, sa_type=Instant)  #: the invitation was taken up
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)


class SessionRow(SQLModel, table=True):
    """One browser signed in; the cookie's text is kept as its SHA-256 only."""

    __tablename__ = "session"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Key)
    csrf: str
    how: str  #: password, link, oidc
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    second_factor_at: datetime | None = Field(default=None, sa_type=Instant)
    user_agent: str = ""
    address: str = ""


class OneTimeLinkRow(SQLModel, table=True):
    """A link that signs in, resets or invites, once; its token is made of the nonce and a key that is not in the database."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('sign-in', 'reset', 'invitation')", name="purpose_known"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    token_hash: str = Field(unique=True)
    nonce: str
    purpose: str
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Key)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)  #: used, or made void by another one's use


class RecoveryCodeRow(SQLModel, table=True):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"
    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=Key)
    code_hash: str = Field(primary_key=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class ApiTokenRow(SQLModel, table=True):
    """A program's key to act for an account."""

    __tablename__ = "api_token"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Key)
    name: str
    scopes: str  #: comma-separated
    prefix: str  #: how it begins, for telling tokens apart
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class DoorTryRow(SQLModel, table=True):
    """How often somebody tried a door in one window of time; who it was is a keyed hash."""

    __tablename__ = "door_try"
    door: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    window_at: datetime = Field(primary_key=True, sa_type=Instant)
    tries: int = 0


class AccountEventRow(SQLModel, table=True):
    """What happened to an account, or was refused at its doors: a refusal once for each window of time, with a count. Never a secret."""

    __tablename__ = "account_event"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    what: str  #: `evaluation.accounts.AccountEvent`
    door: str = ""  #: of a refusal: which door, by which limit
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, sa_type=Key)  #: None: of nobody who is known
    address: str = ""  #: network address; empty: on the server itself, or counted together
    first_at: datetime = Field(index=True, sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    times: int = 1
    once: str | None = Field(default=None, unique=True)  #: what makes refusals the same one; None: an event of its own


class OidcIdentityRow(SQLModel, table=True):
    """Whom an identity provider means by its subject."""

    __tablename__ = "oidc_identity"
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=Key)
    linked_at: datetime = Field(sa_type=Instant)
