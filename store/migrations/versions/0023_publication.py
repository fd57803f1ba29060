"""Publication: settings of results, frozen editions, rewards."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(column, KEY, sa.ForeignKey(target, name=f"fk_{table}_{column}"), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "result_rules",
        sa.Column("id", KEY, nullable=False),
        _to("result_rules", "authority_id", "authority.id"),
        _to("result_rules", "cycle_id", "cycle.id", nullable=True),
        _text("content"),
        _text("reason"),
        _word("basis"),
        sa.Column("at", AT, nullable=False),
        _to("result_rules", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_result_rules"),
    )
    op.create_index("ix_result_rules_authority_id", "result_rules", ["authority_id"])
    _editions()
    _rewards()


def _editions() -> None:
    op.create_table(
        "edition",
        sa.Column("id", KEY, nullable=False),
        _to("edition", "authority_id", "authority.id"),
        _to("edition", "cycle_id", "cycle.id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _word("sha256"),
        _text("content"),
        _word("decision"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _to("edition", "corrects_id", "edition.id", nullable=True),
        _text("reason"),
        sa.Column("at", AT, nullable=False),
        _to("edition", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_edition_cycle_id_number"),
        sa.UniqueConstraint("corrects_id", name="uq_edition_corrects_id"),
    )
    op.create_index("ix_edition_authority_id", "edition", ["authority_id"])


def _rewards() -> None:
    op.create_table(
        "reward",
        sa.Column("id", KEY, nullable=False),
        _to("reward", "authority_id", "authority.id"),
        _to("reward", "cycle_id", "cycle.id"),
        _to("reward", "party_id", "party.id"),
        _word("kind"),
        _word("person"),
        _word("form"),
        _word("decision"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        _text("ended_why"),
        sa.PrimaryKeyConstraint("id", name="pk_reward"),
        sa.CheckConstraint("(kind = 'collective') = (person = '')", name=op.f("ck_reward_person_of_individual")),
    )
    op.create_index("ix_reward_cycle_id", "reward", ["cycle_id"])
