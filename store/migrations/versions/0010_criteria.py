"""Criteria sets, their versions and leads, and which a cycle uses."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "criteria_set",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, sa.ForeignKey("authority.id", name="fk_criteria_set_authority_id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_set"),
        sa.UniqueConstraint("authority_id", "key", name="uq_criteria_set_authority_id_key"),
    )
    op.create_table(
        "criteria_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("set_id", KEY, sa.ForeignKey("criteria_set.id", name="fk_criteria_version_set_id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("accepted", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_criteria_version_contact_id"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_version"),
        sa.UniqueConstraint("set_id", "number", name="uq_criteria_version_set_id_number"),
    )
    _leads_and_pins()


def _leads_and_pins() -> None:
    op.create_table(
        "criteria_lead",
        sa.Column("id", KEY, nullable=False),
        sa.Column("set_id", KEY, sa.ForeignKey("criteria_set.id", name="fk_criteria_lead_set_id"), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("party_id", KEY, sa.ForeignKey("party.id", name="fk_criteria_lead_party_id"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_lead"),
    )
    op.create_index("ix_criteria_lead_set_id", "criteria_lead", ["set_id"])
    op.create_table(
        "criteria_pin",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cycle_id", KEY, sa.ForeignKey("cycle.id", name="fk_criteria_pin_cycle_id"), nullable=False),
        sa.Column("unit_group", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", KEY, sa.ForeignKey("criteria_version.id", name="fk_criteria_pin_version_id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_criteria_pin_contact_id"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_pin"),
        sa.UniqueConstraint("cycle_id", "unit_group", "number", name="uq_criteria_pin_cycle_id_unit_group_number"),
    )


def downgrade() -> None:
    for table in ("criteria_pin", "criteria_lead", "criteria_version", "criteria_set"):
        op.drop_table(table)
