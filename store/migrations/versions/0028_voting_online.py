"""Council: until when a session takes votes, who was asked, secret votes, conflicts of interest. Papers of results. Surveys re-opened."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0023"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def _to(column: str, target: str) -> sa.Column[int]:
    return sa.Column(column, KEY, sa.ForeignKey(target, name=f"fk_council_conflict_{column}"), nullable=False)


#: What papers are for: before, and with those of results.
BEFORE, NOW = "'minutes', 'other'", "'minutes', 'result-decision', 'result-sheet', 'self-assessment-report', 'other'"


def upgrade() -> None:
    _council()
    op.add_column("survey_close", sa.Column("reopened_at", AT, nullable=True))
    op.add_column("survey_close", sa.Column("reopened_why", sa.Text(), nullable=False, server_default=sa.text("''")))
    _purposes()


def _purposes() -> None:
    """Let the register hold papers of results: a check of SQLite is a text in its schema, which is edited and read anew."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema = ON")
        changed = sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :now) WHERE type = 'table' AND name = 'paper'")
        op.get_bind().execute(changed, {"before": BEFORE, "now": NOW})
        op.execute("PRAGMA writable_schema = RESET")
        return
    for name in ("ck_paper_purpose_known", "purpose_known"):
        op.execute(f"ALTER TABLE paper DROP CONSTRAINT IF EXISTS {name}")
    letters = "'urging-letter', 'list-to-chair', 'criticism', 'report', 'conclusions'"
    op.execute(f"ALTER TABLE paper ADD CONSTRAINT ck_paper_purpose_known CHECK (purpose IN ({letters}, {NOW}))")


def _council() -> None:
    op.add_column("council_session", sa.Column("votes_by", sa.Date(), nullable=True))
    op.add_column("council_session", sa.Column("closed_at", AT, nullable=True))
    op.add_column("council_session", sa.Column("asked_at", AT, nullable=True))
    op.add_column("council_vote", sa.Column("seal", sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "council_conflict",
        _to("obligation_id", "obligation.id"),
        _to("contact_id", "contact.id"),
        _to("unit_id", "party.id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("obligation_id", "contact_id", "unit_id", name="pk_council_conflict"),
    )
