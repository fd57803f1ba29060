"""Texts of submissions, requests for a longer term, who in a unit does the work, and which fields a lead leads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    _submission()
    _extension_request()
    op.add_column("contact", sa.Column("fields", sa.String(), nullable=False, server_default=sa.text("''")))
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # said in SQL: SQLite takes a reference with the column or not at all
    op.execute(f"ALTER TABLE obligation ADD COLUMN assignee_id {kind} CONSTRAINT fk_obligation_assignee_id REFERENCES contact (id)")


def downgrade() -> None:
    for table, column in (("obligation", "assignee_id"), ("contact", "fields")):
        if op.get_bind().dialect.name == "sqlite":
            with op.batch_alter_table(table) as batch:
                batch.drop_column(column)
        else:
            op.drop_column(table, column)
    op.drop_table("extension_request")
    op.drop_table("submission")


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_submission_obligation_id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_submission_contact_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("obligation_id", "number", name="uq_submission_obligation_id_number"),
    )


def _extension_request() -> None:
    op.create_table(
        "extension_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("obligation_id", KEY, sa.ForeignKey("obligation.id", name="fk_extension_request_obligation_id"), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_extension_request_contact_id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, sa.ForeignKey("contact.id", name="fk_extension_request_decided_by"), nullable=True),
        sa.Column("granted_term", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_extension_request"),
        sa.CheckConstraint("decision IN ('', 'granted', 'refused', 'void')", name=op.f("ck_extension_request_decision_known")),
    )
    op.create_index(
        "uq_extension_request_open", "extension_request", ["obligation_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
