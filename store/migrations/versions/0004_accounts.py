"""Accounts, their sessions, links, tokens and tries at the door; contacts name their account, authorities ask for a second factor."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("oidc_identity", "door_try", "api_token", "recovery_code", "one_time_link", "session", "account")


def upgrade() -> None:
    _account()
    _session()
    _one_time_link()
    _recovery_code()
    _api_token()
    _door_try()
    _oidc_identity()
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # said in SQL: SQLite takes a reference with the column or not at all
    op.execute(f"ALTER TABLE contact ADD COLUMN account_id {kind} CONSTRAINT fk_contact_account_id REFERENCES account (id)")
    op.create_index("ix_contact_account_id", "contact", ["account_id"])
    op.add_column("authority", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.text("false")))


def downgrade() -> None:
    op.drop_column("authority", "second_factor")
    op.drop_index("ix_contact_account_id", "contact")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("contact") as batch:
            batch.drop_column("account_id")
    else:
        op.drop_column("contact", "account_id")
    for table in TABLES:
        op.drop_table(table)


def _columns(names: tuple[str, ...], kind: sa.types.TypeEngine[Any], *, null: bool) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def keys(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, KEY, null=null)


def texts(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.String(), null=null)


def instants(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.DateTime(timezone=True), null=null)


def of_account(table: str) -> sa.Column[Any]:
    return sa.Column("account_id", KEY, sa.ForeignKey("account.id", name=f"fk_{table}_account_id"), nullable=False)


def _account() -> None:
    op.create_table(
        "account",
        *keys("id"),
        *texts("email", "password_hash", "totp_secret"),
        *instants("totp_confirmed_at", null=True),
        *keys("totp_last_step", null=True),
        *texts("language"),
        sa.Column("demo", sa.Boolean(), nullable=False),
        *instants("activated_at", "disabled_at", null=True),
        *instants("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )


def _session() -> None:
    op.create_table(
        "session",
        *keys("id"),
        *texts("token_hash"),
        of_account("session"),
        *texts("csrf", "how"),
        *instants("created_at", "seen_at", "expires_at"),
        *instants("ended_at", "second_factor_at", null=True),
        *texts("user_agent", "address"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])


def _one_time_link() -> None:
    op.create_table(
        "one_time_link",
        *keys("id"),
        *texts("token_hash", "nonce", "purpose"),
        of_account("one_time_link"),
        *instants("created_at", "expires_at"),
        *instants("used_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_link"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
        sa.CheckConstraint("purpose IN ('sign-in', 'reset', 'invitation')", name=op.f("ck_one_time_link_purpose_known")),
    )
    op.create_index("ix_one_time_link_account_id", "one_time_link", ["account_id"])


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        of_account("recovery_code"),
        *texts("code_hash"),
        *instants("used_at", null=True),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_code"),
    )


def _api_token() -> None:
    op.create_table(
        "api_token",
        *keys("id"),
        *texts("token_hash"),
        of_account("api_token"),
        *texts("name", "scopes", "prefix"),
        *instants("created_at", "expires_at"),
        *instants("revoked_at", "used_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"])


def _door_try() -> None:
    op.create_table(
        "door_try",
        *texts("door", "subject"),
        *instants("window_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("door", "subject", "window_at", name="pk_door_try"),
    )


def _oidc_identity() -> None:
    op.create_table(
        "oidc_identity",
        *texts("issuer", "subject"),
        of_account("oidc_identity"),
        *instants("linked_at"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_oidc_identity"),
    )
    op.create_index("ix_oidc_identity_account_id", "oidc_identity", ["account_id"])
