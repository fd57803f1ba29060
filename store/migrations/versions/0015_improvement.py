"""Improvement: weak criteria of last year, measures and how far they are."""

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, KEY, reference, text, word

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "weak_criterion",
        sa.Column("id", KEY, nullable=False),
        reference("weak_criterion", "authority_id", "authority.id"),
        reference("weak_criterion", "cycle_id", "cycle.id"),
        reference("weak_criterion", "unit_id", "party.id", nullable=True),
        reference("weak_criterion", "version_id", "criteria_version.id"),
        word("criterion"),
        word("points"),
        word("maximum"),
        text("cause"),
        reference("weak_criterion", "obligation_id", "obligation.id"),
        sa.Column("at", AT, nullable=False),
        reference("weak_criterion", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_weak_criterion"),
    )
    op.create_index("ix_weak_criterion_cycle_id", "weak_criterion", ["cycle_id"])
    op.create_index("ix_weak_criterion_obligation_id", "weak_criterion", ["obligation_id"])
    _measures()


def _measures() -> None:
    op.create_table(
        "measure",
        sa.Column("id", KEY, nullable=False),
        reference("measure", "authority_id", "authority.id"),
        reference("measure", "cycle_id", "cycle.id"),
        reference("measure", "plan_id", "obligation.id"),
        reference("measure", "obligation_id", "obligation.id"),
        text("text"),
        word("answers"),
        sa.Column("at", AT, nullable=False),
        reference("measure", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
        sa.UniqueConstraint("obligation_id", name="uq_measure_obligation_id"),
    )
    op.create_index("ix_measure_cycle_id", "measure", ["cycle_id"])
    op.create_index("ix_measure_plan_id", "measure", ["plan_id"])
    op.create_table(
        "measure_progress",
        sa.Column("id", KEY, nullable=False),
        reference("measure_progress", "measure_id", "measure.id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        text("remark"),
        sa.Column("at", AT, nullable=False),
        reference("measure_progress", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_measure_progress"),
        sa.UniqueConstraint("measure_id", "number", name="uq_measure_progress_measure_id_number"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_measure_progress_percent_share")),
    )


def downgrade() -> None:
    for table in ("measure_progress", "measure", "weak_criterion"):
        op.drop_table(table)
