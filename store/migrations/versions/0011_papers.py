"""The document register: official papers, their versions, what they are about, and what asks for one."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'draft', 'numbered', 'signed', 'discarded'"
KINDS = "'CV', 'QĐ', 'KH', 'TB', 'BC', 'TTr', 'BB'"
PURPOSES = "'urging-letter', 'list-to-chair', 'criticism', 'report', 'conclusions', 'minutes', 'other'"


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, sa.ForeignKey("authority.id", name="fk_paper_authority_id"), nullable=False),
        sa.Column("cycle_id", KEY, sa.ForeignKey("cycle.id", name="fk_paper_cycle_id"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("number_text", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("addressees", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("asked_by", KEY, sa.ForeignKey("obligation.id", name="fk_paper_asked_by"), nullable=True),
        sa.Column("signed_sha256", sa.String(), sa.ForeignKey("evidence_file.sha256", name="fk_paper_signed_sha256"), nullable=True),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_paper_contact_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("authority_id", "issuer", "kind", "year", "number", name="uq_paper_authority_id_issuer_kind_year_number"),
        sa.UniqueConstraint("asked_by", name="uq_paper_asked_by"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state_known"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
        sa.CheckConstraint(f"purpose IN ({PURPOSES})", name="purpose_known"),
    )
    op.create_index("ix_paper_cycle", "paper", ["cycle_id"])
    op.create_table(
        "paper_version",
        sa.Column("paper_id", KEY, sa.ForeignKey("paper.id", name="fk_paper_version_paper_id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), sa.ForeignKey("evidence_file.sha256", name="fk_paper_version_sha256"), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_paper_version_contact_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", "number", name="pk_paper_version"),
    )
    op.create_table(
        "paper_about",
        sa.Column("paper_id", KEY, sa.ForeignKey("paper.id", name="fk_paper_about_paper_id"), nullable=False),
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_paper_about_obligation_id"), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", "obligation_id", name="pk_paper_about"),
    )
    op.create_index("ix_paper_about_obligation_id", "paper_about", ["obligation_id"])
    op.create_table(
        "asked_paper",
        sa.Column("duty_id", KEY, sa.ForeignKey("obligation.id", name="fk_asked_paper_duty_id"), nullable=False),
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_asked_paper_obligation_id"), nullable=False),
        sa.PrimaryKeyConstraint("duty_id", "obligation_id", name="pk_asked_paper"),
    )


def downgrade() -> None:
    op.drop_table("asked_paper")
    op.drop_index("ix_paper_about_obligation_id", "paper_about")
    op.drop_table("paper_about")
    op.drop_table("paper_version")
    op.drop_index("ix_paper_cycle", "paper")
    op.drop_table("paper")
