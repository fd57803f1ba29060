"""Inspections: the draw, the team, the findings, and what followed of them."""

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, KEY, reference, text, word

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "inspection_draw",
        sa.Column("id", KEY, nullable=False),
        reference("inspection_draw", "authority_id", "authority.id"),
        reference("inspection_draw", "cycle_id", "cycle.id"),
        reference("inspection_draw", "stage_id", "stage.id"),
        word("seed"),
        sa.Column("wanted", sa.Integer(), nullable=False),
        text("pool"),
        text("result"),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_draw"),
    )
    op.create_index("ix_inspection_draw_cycle_id", "inspection_draw", ["cycle_id"])
    _inspections()
    _findings()


def _inspections() -> None:
    op.create_table(
        "inspection",
        reference("inspection", "obligation_id", "obligation.id"),
        reference("inspection", "authority_id", "authority.id"),
        reference("inspection", "cycle_id", "cycle.id"),
        reference("inspection", "unit_id", "party.id"),
        word("kind"),
        word("chosen"),
        reference("inspection", "draw_id", "inspection_draw.id", nullable=True),
        text("theme"),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("told_at", AT, nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        word("minutes"),
        text("minutes_text"),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        word("conclusions"),
        text("conclusions_text"),
        sa.PrimaryKeyConstraint("obligation_id", name="pk_inspection"),
        sa.CheckConstraint("kind IN ('planned', 'surprise', 'thematic')", name=op.f("ck_inspection_kind_known")),
        sa.CheckConstraint("chosen IN ('hand', 'random', 'record')", name=op.f("ck_inspection_chosen_known")),
    )
    op.create_index("ix_inspection_cycle_id", "inspection", ["cycle_id"])
    op.create_index("ix_inspection_unit_id", "inspection", ["unit_id"])
    _team()


def _team() -> None:
    op.create_table(
        "inspection_member",
        reference("inspection_member", "obligation_id", "inspection.obligation_id"),
        reference("inspection_member", "contact_id", "contact.id"),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("obligation_id", "contact_id", name="pk_inspection_member"),
    )


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("id", KEY, nullable=False),
        reference("finding", "authority_id", "authority.id"),
        reference("finding", "cycle_id", "cycle.id"),
        reference("finding", "inspection_id", "inspection.obligation_id"),
        reference("finding", "unit_id", "party.id"),
        word("key"),
        text("text"),
        text("basis"),
        word("criterion"),
        sa.Column("days", sa.Integer(), nullable=True),
        reference("finding", "added_by", "obligation.id", nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("closed_at", AT, nullable=True),
        word("closed_by"),
        text("closed_why"),
        word("closed_basis"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint("cycle_id", "key", name="uq_finding_cycle_id_key"),
    )
    op.create_index("ix_finding_inspection_id", "finding", ["inspection_id"])
    op.create_index("ix_finding_unit_id", "finding", ["unit_id"])
    op.create_table(
        "finding_step",
        sa.Column("id", KEY, nullable=False),
        reference("finding_step", "finding_id", "finding.id"),
        word("kind"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        reference("finding_step", "obligation_id", "obligation.id"),
        reference("finding_step", "stage_id", "stage.id"),
        word("subject"),
        sa.Column("at", AT, nullable=False),
        word("said"),
        sa.Column("said_at", AT, nullable=True),
        text("note"),
        word("document"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_step"),
        sa.UniqueConstraint("finding_id", "kind", "number", name="uq_finding_step_finding_id_kind_number"),
        sa.CheckConstraint("kind IN ('remedy', 'reinspection', 'urging', 'proposal', 'handling')", name=op.f("ck_finding_step_kind_known")),
    )
    op.create_index("ix_finding_step_obligation_id", "finding_step", ["obligation_id"])


def downgrade() -> None:
    for table in ("finding_step", "finding", "inspection_member", "inspection", "inspection_draw"):
        op.drop_table(table)
