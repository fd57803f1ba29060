"""Improvement: weak criteria of last year, measures and how far they are."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(column, KEY, sa.ForeignKey(target, name=f"fk_{table}_{column}"), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "weak_criterion",
        sa.Column("id", KEY, nullable=False),
        _to("weak_criterion", "authority_id", "authority.id"),
        _to("weak_criterion", "cycle_id", "cycle.id"),
        _to("weak_criterion", "unit_id", "party.id", nullable=True),
        _to("weak_criterion", "version_id", "criteria_version.id"),
        _word("criterion"),
        _word("points"),
        _word("maximum"),
        _text("cause"),
        _to("weak_criterion", "obligation_id", "obligation.id"),
        sa.Column("at", AT, nullable=False),
        _to("weak_criterion", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_weak_criterion"),
    )
    op.create_index("ix_weak_criterion_cycle_id", "weak_criterion", ["cycle_id"])
    op.create_index("ix_weak_criterion_obligation_id", "weak_criterion", ["obligation_id"])
    _measures()


def _measures() -> None:
    op.create_table(
        "measure",
        sa.Column("id", KEY, nullable=False),
        _to("measure", "authority_id", "authority.id"),
        _to("measure", "cycle_id", "cycle.id"),
        _to("measure", "plan_id", "obligation.id"),
        _to("measure", "obligation_id", "obligation.id"),
        _text("text"),
        _word("answers"),
        sa.Column("at", AT, nullable=False),
        _to("measure", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
        sa.UniqueConstraint("obligation_id", name="uq_measure_obligation_id"),
    )
    op.create_index("ix_measure_cycle_id", "measure", ["cycle_id"])
    op.create_index("ix_measure_plan_id", "measure", ["plan_id"])
    op.create_table(
        "measure_progress",
        sa.Column("id", KEY, nullable=False),
        _to("measure_progress", "measure_id", "measure.id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        _text("remark"),
        sa.Column("at", AT, nullable=False),
        _to("measure_progress", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_measure_progress"),
        sa.UniqueConstraint("measure_id", "number", name="uq_measure_progress_measure_id_number"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_measure_progress_percent_share")),
    )


def downgrade() -> None:
    for table in ("measure_progress", "measure", "weak_criterion"):
        op.drop_table(table)
