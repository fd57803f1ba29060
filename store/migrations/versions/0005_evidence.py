"""Evidence files by content, and what each is evidence of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_USE = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_evidence_file"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_evidence_obligation_id"), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), sa.ForeignKey("evidence_file.sha256", name="fk_evidence_sha256"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_evidence_contact_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index(
        "uq_evidence_in_use", "evidence", ["obligation_id", "item", "sha256"], unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])


def downgrade() -> None:
    op.drop_table("evidence")
    op.drop_table("evidence_file")
