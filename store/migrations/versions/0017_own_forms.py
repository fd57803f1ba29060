"""Report forms of an authority: which version of which key it has taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "own_form",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, sa.ForeignKey("authority.id", name="fk_own_form_authority_id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_id", KEY, sa.ForeignKey("report_form.id", name="fk_own_form_form_id"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", KEY, sa.ForeignKey("contact.id", name="fk_own_form_contact_id"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_own_form"),
        sa.UniqueConstraint("authority_id", "key", "number", name="uq_own_form_authority_id_key_number"),
    )


def downgrade() -> None:
    op.drop_table("own_form")
