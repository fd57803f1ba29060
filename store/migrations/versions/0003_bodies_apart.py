"""The bytes of messages in a table of their own: a message changes its state four times, its bytes never."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_body",
        sa.Column("message_id", KEY, sa.ForeignKey("message.id", name="fk_message_body_message_id"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_message_body"),
    )
    op.execute("INSERT INTO message_body (message_id, body) SELECT id, body FROM message WHERE body IS NOT NULL")
    op.drop_column("message", "body")


def downgrade() -> None:
    op.add_column("message", sa.Column("body", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE message SET body = (SELECT body FROM message_body WHERE message_id = message.id)")
    op.drop_table("message_body")
