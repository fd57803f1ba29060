"""Publication: settings of results, frozen editions, rewards."""

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, KEY, reference, text, word

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "result_rules",
        sa.Column("id", KEY, nullable=False),
        reference("result_rules", "authority_id", "authority.id"),
        reference("result_rules", "cycle_id", "cycle.id", nullable=True),
        text("content"),
        text("reason"),
        word("basis"),
        sa.Column("at", AT, nullable=False),
        reference("result_rules", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_result_rules"),
    )
    op.create_index("ix_result_rules_authority_id", "result_rules", ["authority_id"])
    _editions()
    _rewards()


def _editions() -> None:
    op.create_table(
        "edition",
        sa.Column("id", KEY, nullable=False),
        reference("edition", "authority_id", "authority.id"),
        reference("edition", "cycle_id", "cycle.id"),
        sa.Column("number", sa.Integer(), nullable=False),
        word("sha256"),
        text("content"),
        word("decision"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        reference("edition", "corrects_id", "edition.id", nullable=True),
        text("reason"),
        sa.Column("at", AT, nullable=False),
        reference("edition", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_edition_cycle_id_number"),
        sa.UniqueConstraint("corrects_id", name="uq_edition_corrects_id"),
    )
    op.create_index("ix_edition_authority_id", "edition", ["authority_id"])


def _rewards() -> None:
    op.create_table(
        "reward",
        sa.Column("id", KEY, nullable=False),
        reference("reward", "authority_id", "authority.id"),
        reference("reward", "cycle_id", "cycle.id"),
        reference("reward", "party_id", "party.id"),
        word("kind"),
        word("person"),
        word("form"),
        word("decision"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        text("ended_why"),
        sa.PrimaryKeyConstraint("id", name="pk_reward"),
        sa.CheckConstraint("(kind = 'collective') = (person = '')", name=op.f("ck_reward_person_of_individual")),
    )
    op.create_index("ix_reward_cycle_id", "reward", ["cycle_id"])
