"""What happened to accounts, and was refused at their doors."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("account_id", KEY, sa.ForeignKey("account.id", name="fk_account_event_account_id"), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account_event"),
        sa.UniqueConstraint("once", name="uq_account_event_once"),
    )
    op.create_index("ix_account_event_account_id", "account_event", ["account_id"])
    op.create_index("ix_account_event_first_at", "account_event", ["first_at"])


def downgrade() -> None:
    op.drop_table("account_event")
