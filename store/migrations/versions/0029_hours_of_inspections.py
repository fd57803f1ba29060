"""Inspections: from which hour to which they took place. What an officer writes for the head to sign."""

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, reference, text

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("inspection", sa.Column("began", sa.Time(), nullable=True))
    op.add_column("inspection", sa.Column("ended", sa.Time(), nullable=True))
    op.create_table(
        "prepared_text",
        reference("prepared_text", "obligation_id", "obligation.id"),
        text("text"),
        reference("prepared_text", "contact_id", "contact.id", nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("obligation_id", name="pk_prepared_text"),
    )
