"""Periodic reports: forms, answers, submissions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report_form",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_form"),
        sa.UniqueConstraint("sha256", name="uq_report_form_sha256"),
    )
    op.create_table(
        "report_answer",
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_report_answer_obligation_id"), nullable=False),
        sa.Column("form_id", KEY, sa.ForeignKey("report_form.id", name="fk_report_answer_form_id"), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", KEY, sa.ForeignKey("contact.id", name="fk_report_answer_saved_by"), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("obligation_id", name="pk_report_answer"),
    )
    op.create_table(
        "report_submission",
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_report_submission_obligation_id"), nullable=False),
        sa.Column("move", sa.Integer(), nullable=False),
        sa.Column("form_id", KEY, sa.ForeignKey("report_form.id", name="fk_report_submission_form_id"), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("obligation_id", "move", name="pk_report_submission"),
    )


def downgrade() -> None:
    op.drop_table("report_submission")
    op.drop_table("report_answer")
    op.drop_table("report_form")
