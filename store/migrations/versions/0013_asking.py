"""Reports that are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _key(name: str, of: str, *, table: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{of}.id", name=f"fk_{table}_{name}"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "report_request",
        sa.Column("id", KEY, nullable=False),
        _key("authority_id", "authority", table="report_request"),
        _key("cycle_id", "cycle", table="report_request"),
        _key("stage_id", "stage", table="report_request"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("in_hours", sa.Boolean(), nullable=False),
        _key("asked_by", "contact", table="report_request", nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("summed_up_at", INSTANT, nullable=True),
        sa.Column("summed_up_move", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        _key("cancelled_by", "contact", table="report_request", nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_request"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_report_request_cycle_id_number"),
    )
    op.create_index("ix_report_request_subject", "report_request", ["stage_id", "key"])


def downgrade() -> None:
    op.drop_table("report_request")
