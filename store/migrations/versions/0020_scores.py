"""Scores: the leaves of the units' sheets, every change of them, and exemptions."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
RULINGS = "ruling IN ('', 'open', 'accepted', 'refused')"
WHAT = "what IN ('self', 'appraised', 'final', 'given', 'explanation', 'ruling', 'evidence', 'remark', 'returned', 'claim')"


def _to(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(column, KEY, sa.ForeignKey(target, name=f"fk_{table}_{column}"), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "score",
        _to("score", "cycle_id", "cycle.id"),
        _to("score", "party_id", "party.id"),
        _word("node"),
        _to("score", "authority_id", "authority.id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("given", nullable=True),
        _word("self_score", nullable=True),
        _word("appraised", nullable=True),
        _word("final", nullable=True),
        _text("explanation"),
        sa.Column("answers", sa.Boolean(), nullable=False),
        _word("ruling"),
        _text("ruling_why"),
        _text("remark"),
        _text("returned"),
        _to("score", "claimed_by", "contact.id", nullable=True),
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
        _to("score_change", "cycle_id", "cycle.id"),
        _to("score_change", "party_id", "party.id"),
        _word("node"),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("what"),
        _text("old"),
        _text("new"),
        _text("why"),
        _to("score_change", "contact_id", "contact.id", nullable=True),
        _to("score_change", "obligation_id", "obligation.id", nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_score_change"),
        sa.CheckConstraint(WHAT, name=op.f("ck_score_change_what_known")),
    )
    op.create_index("ix_score_change_sheet", "score_change", ["cycle_id", "party_id", "node"])


def _exemptions() -> None:
    op.create_table(
        "exemption",
        sa.Column("id", KEY, nullable=False),
        _to("exemption", "authority_id", "authority.id"),
        _to("exemption", "cycle_id", "cycle.id"),
        _to("exemption", "party_id", "party.id"),
        _word("node"),
        _text("reason"),
        _to("exemption", "approver_id", "contact.id", nullable=True),
        _word("document"),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        _text("ended_why"),
        sa.PrimaryKeyConstraint("id", name="pk_exemption"),
    )
    op.create_index("ix_exemption_cycle_id", "exemption", ["cycle_id"])
