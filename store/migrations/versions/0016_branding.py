"""Branding: what an authority is called beside its name, and its logo."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("name_en", "short_name", "standing_line", "standing_line_en")


def upgrade() -> None:
    op.create_table(
        "branding",
        sa.Column("authority_id", KEY, sa.ForeignKey("authority.id", name="fk_branding_authority_id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in WORDS),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_kind", sa.String(), nullable=False),
        sa.Column("logo_sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", name="pk_branding"),
    )
    op.create_index("ix_branding_logo_sha256", "branding", ["logo_sha256"])


def downgrade() -> None:
    op.drop_table("branding")
