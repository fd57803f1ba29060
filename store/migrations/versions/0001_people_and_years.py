"""People, calendars, cycles and their stages; journal heads and leases."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _authority()
    _calendar()
    _journal_head()
    _lease()
    _party()
    _calendar_day()
    _calendar_year()
    _contact()
    _cycle()
    _succession()
    _superior()
    _plan_version()
    _stage()


def downgrade() -> None:
    for table in (
        "stage",
        "plan_version",
        "superior",
        "succession",
        "cycle",
        "contact",
        "calendar_year",
        "calendar_day",
        "party",
        "lease",
        "journal_head",
        "calendar",
        "authority",
    ):
        op.drop_table(table)


def _columns(names: tuple[str, ...], kind: sa.types.TypeEngine[Any], *, null: bool) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=null) for name in names]


def keys(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, KEY, null=null)


def texts(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.String(), null=null)


def longs(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.Text(), null=null)


def instants(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.DateTime(timezone=True), null=null)


def flags(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.Boolean(), null=null)


def numbers(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.Integer(), null=null)


def dates(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.Date(), null=null)


def ref(table: str, name: str, to: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{name}"), nullable=null)


def _authority() -> None:
    op.create_table(
        "authority",
        *keys("id"),
        *texts("key", "name"),
        *flags("sandbox"),
        *texts("zone"),
        *flags("outbox_held"),
        *numbers("people_version"),
        *instants("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_authority"),
        sa.UniqueConstraint("key", name=op.f("uq_authority_key")),
    )


def _calendar() -> None:
    op.create_table(
        "calendar",
        *keys("id"),
        ref("calendar", "authority_id", "authority"),
        *texts("version"),
        *instants("entered_at"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
        sa.UniqueConstraint("authority_id", "version", name=op.f("uq_calendar_authority_id_version")),
    )


def _journal_head() -> None:
    op.create_table(
        "journal_head",
        ref("journal_head", "authority_id", "authority"),
        *keys("number"),
        *texts("hash"),
        sa.PrimaryKeyConstraint("authority_id", name="pk_journal_head"),
    )


def _lease() -> None:
    op.create_table(
        "lease",
        ref("lease", "authority_id", "authority"),
        *texts("holder"),
        *numbers("epoch"),
        *instants("renewed_at"),
        sa.PrimaryKeyConstraint("authority_id", name="pk_lease"),
    )


def _party() -> None:
    op.create_table(
        "party",
        *keys("id"),
        ref("party", "authority_id", "authority"),
        *texts("key", "kind", "name", "level", "group", "mailbox"),
        *flags("mailbox_unreachable"),
        *dates("valid_from", "valid_to", null=True),
        *texts("exempt", "code", "source"),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
        sa.UniqueConstraint("authority_id", "key", name=op.f("uq_party_authority_id_key")),
    )


def _calendar_day() -> None:
    op.create_table(
        "calendar_day",
        ref("calendar_day", "calendar_id", "calendar"),
        *dates("on"),
        *texts("kind", "name", "source", "decision"),
        *dates("entered_on", null=True),
        sa.PrimaryKeyConstraint("calendar_id", "on", name="pk_calendar_day"),
    )


def _calendar_year() -> None:
    op.create_table(
        "calendar_year",
        ref("calendar_year", "calendar_id", "calendar"),
        *numbers("year"),
        *texts("status"),
        sa.PrimaryKeyConstraint("calendar_id", "year", name="pk_calendar_year"),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        *keys("id"),
        ref("contact", "authority_id", "authority"),
        ref("contact", "party_id", "party"),
        *texts("key", "role", "name", "address", "phone", "language"),
        *dates("valid_from", "valid_to", null=True),
        ref("contact", "deputy_id", "contact", null=True),
        *dates("deputy_from", "deputy_to", "refused_on", null=True),
        *instants("unreachable_since", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("authority_id", "key", name=op.f("uq_contact_authority_id_key")),
    )
    op.create_index("ix_contact_party_id", "contact", ["party_id"])


def _cycle() -> None:
    op.create_table(
        "cycle",
        *keys("id"),
        ref("cycle", "authority_id", "authority"),
        *texts("plan_key"),
        *numbers("year"),
        *texts("state", "title", "title_en"),
        *numbers("plan_version"),
        ref("cycle", "calendar_id", "calendar"),
        ref("cycle", "standing_body_id", "party"),
        ref("cycle", "chair_id", "party"),
        *instants("launched_at", null=True),
        *flags("mail_held"),
        *numbers("moves"),
        sa.PrimaryKeyConstraint("id", name="pk_cycle"),
    )
    op.create_index(
        "uq_cycle_running",
        "cycle",
        ["authority_id", "plan_key", "year"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )


def _succession() -> None:
    op.create_table(
        "succession",
        ref("succession", "predecessor_id", "party"),
        ref("succession", "successor_id", "party"),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name="pk_succession"),
    )


def _superior() -> None:
    op.create_table(
        "superior",
        *keys("id"),
        ref("superior", "party_id", "party"),
        ref("superior", "superior_id", "party"),
        *dates("valid_from", "valid_to", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_superior"),
        sa.UniqueConstraint("party_id", "valid_from", name=op.f("uq_superior_party_id_valid_from")),
    )
    op.create_index("ix_superior_party_id", "superior", ["party_id"])


def _plan_version() -> None:
    op.create_table(
        "plan_version",
        *keys("id"),
        ref("plan_version", "cycle_id", "cycle"),
        *numbers("number"),
        *longs("yaml"),
        *texts("sha256", "moved", "signed"),
        sa.Column("issue_move", sa.Integer(), nullable=True),
        *instants("entered_at"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_plan_version_cycle_id_number")),
    )


def _stage() -> None:
    op.create_table(
        "stage",
        *keys("id"),
        ref("stage", "authority_id", "authority"),
        ref("stage", "cycle_id", "cycle"),
        *texts("key", "kind"),
        *numbers("position"),
        *texts("title", "title_en"),
        ref("stage", "receiver_id", "party"),
        *instants("released_at", "next_at", null=True),
        *numbers("moves"),
        sa.PrimaryKeyConstraint("id", name="pk_stage"),
        sa.UniqueConstraint("cycle_id", "key", name=op.f("uq_stage_cycle_id_key")),
    )
    op.create_index("ix_stage_next_at", "stage", ["next_at"])
