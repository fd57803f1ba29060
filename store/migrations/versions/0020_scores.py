"""Scores: the leaves of the units' sheets, every change of them, and exemptions."""

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, KEY, reference, text, word

revision = "0020"
down_revision = "0017"

RULINGS = "ruling IN ('', 'open', 'accepted', 'refused')"
WHAT = "what IN ('self', 'appraised', 'final', 'given', 'explanation', 'ruling', 'evidence', 'remark', 'returned', 'claim')"


def upgrade() -> None:
    op.create_table(
        "score",
        reference("score", "cycle_id", "cycle.id"),
        reference("score", "party_id", "party.id"),
        word("node"),
        reference("score", "authority_id", "authority.id"),
        sa.Column("version", sa.Integer(), nullable=False),
        text("given", nullable=True),
        word("self_score", nullable=True),
        word("appraised", nullable=True),
        word("final", nullable=True),
        text("explanation"),
        sa.Column("answers", sa.Boolean(), nullable=False),
        word("ruling"),
        text("ruling_why"),
        text("remark"),
        text("returned"),
        reference("score", "claimed_by", "contact.id", nullable=True),
        sa.Column("claimed_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("cycle_id", "party_id", "node", name="pk_score"),
        sa.CheckConstraint(RULINGS, name=op.f("ck_score_ruling_known")),
    )
    _changes()
    _exemptions()


def _changes() -> None:
    op.create_table(
        "score_change",
        sa.Column("id", KEY, nullable=False),
        reference("score_change", "cycle_id", "cycle.id"),
        reference("score_change", "party_id", "party.id"),
        word("node"),
        sa.Column("version", sa.Integer(), nullable=False),
        word("what"),
        text("old"),
        text("new"),
        text("why"),
        reference("score_change", "contact_id", "contact.id", nullable=True),
        reference("score_change", "obligation_id", "obligation.id", nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_score_change"),
        sa.CheckConstraint(WHAT, name=op.f("ck_score_change_what_known")),
    )
    op.create_index("ix_score_change_sheet", "score_change", ["cycle_id", "party_id", "node"])


def _exemptions() -> None:
    op.create_table(
        "exemption",
        sa.Column("id", KEY, nullable=False),
        reference("exemption", "authority_id", "authority.id"),
        reference("exemption", "cycle_id", "cycle.id"),
        reference("exemption", "party_id", "party.id"),
        word("node"),
        text("reason"),
        reference("exemption", "approver_id", "contact.id", nullable=True),
        word("document"),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        text("ended_why"),
        sa.PrimaryKeyConstraint("id", name="pk_exemption"),
    )
    op.create_index("ix_exemption_cycle_id", "exemption", ["cycle_id"])
