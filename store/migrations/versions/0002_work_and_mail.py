"""Obligations, terms and rungs; the journal; notices, messages and attempts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _message()
    _attempt()
    _obligation()
    _journal()
    _notice()
    _rung()
    _term()


def downgrade() -> None:
    for table in ("term", "rung", "notice", "journal", "obligation", "attempt", "message"):
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


def bytes_(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return _columns(names, sa.LargeBinary(), null=null)


def ref(table: str, name: str, to: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{name}"), nullable=null)


def _message() -> None:
    op.create_table(
        "message",
        *keys("id"),
        ref("message", "authority_id", "authority"),
        *texts("recipient"),
        *instants("slot_at"),
        *numbers("gathering"),
        *instants("at"),
        *texts("header_id", "state", "kind"),
        *flags("confidential", "official"),
        *texts("address", "subject"),
        *bytes_("body", null=True),
        *texts("claimed_by"),
        *instants("claimed_until", "next_try_at", null=True),
        *numbers("attempts"),
        *instants("sent_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint(
            "authority_id", "recipient", "slot_at", "gathering", name=op.f("uq_message_authority_id_recipient_slot_at_gathering")
        ),
        sa.UniqueConstraint("header_id", name=op.f("uq_message_header_id")),
        sa.CheckConstraint(
            "state IN ('held', 'queued', 'sending', 'sent', 'unknown', 'refused', 'bounced', 'cancelled')",
            name=op.f("ck_message_message_state"),
        ),
    )
    op.create_index("ix_message_waiting", "message", ["state", "next_try_at"])


def _attempt() -> None:
    op.create_table(
        "attempt",
        *keys("id"),
        ref("attempt", "message_id", "message"),
        *instants("at"),
        *texts("outcome"),
        *numbers("code"),
        *longs("answer"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_message_id", "attempt", ["message_id"])


def _obligation() -> None:
    op.create_table(
        "obligation",
        *keys("id"),
        ref("obligation", "authority_id", "authority"),
        ref("obligation", "cycle_id", "cycle"),
        ref("obligation", "stage_id", "stage"),
        ref("obligation", "party_id", "party"),
        *texts("subject", "state"),
        *flags("suspended", "released"),
        *numbers("rounds", "moves"),
        *numbers("days_late", null=True),
        *numbers("term"),
        *instants("next_at", "visible_from", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_obligation"),
        sa.UniqueConstraint("stage_id", "party_id", "subject", name=op.f("uq_obligation_stage_id_party_id_subject")),
        sa.CheckConstraint(
            "state IN ('scheduled', 'open', 'prepared', 'submitted', 'returned', 'accepted', 'lapsed', 'waived', 'transferred')",
            name=op.f("ck_obligation_state_known"),
        ),
    )
    op.create_index("ix_obligation_cycle_id", "obligation", ["cycle_id"])
    op.create_index("ix_obligation_due", "obligation", ["stage_id", "next_at"])
    op.create_index("ix_obligation_party_id", "obligation", ["party_id"])


def _journal() -> None:
    op.create_table(
        "journal",
        ref("journal", "authority_id", "authority"),
        *keys("number"),
        *numbers("format"),
        *instants("at", "recorded_at"),
        *texts("actor", "os_user", "action"),
        ref("journal", "cycle_id", "cycle", null=True),
        ref("journal", "stage_id", "stage", null=True),
        ref("journal", "obligation_id", "obligation", null=True),
        *numbers("move", null=True),
        *longs("payload"),
        *texts("previous", "hash"),
        sa.PrimaryKeyConstraint("authority_id", "number", name="pk_journal"),
    )
    op.create_index("ix_journal_cycle", "journal", ["cycle_id"])
    op.create_index("uq_journal_obligation_move", "journal", ["obligation_id", "move"], unique=True)


def _notice() -> None:
    op.create_table(
        "notice",
        *keys("id"),
        ref("notice", "authority_id", "authority"),
        ref("notice", "cycle_id", "cycle", null=True),
        ref("notice", "stage_id", "stage", null=True),
        ref("notice", "obligation_id", "obligation", null=True),
        *texts("cause", "kind", "recipient"),
        *numbers("term"),
        *instants("at", "slot_at"),
        *flags("cancelled"),
        ref("notice", "message_id", "message", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("cause", "kind", "recipient", name=op.f("uq_notice_cause_kind_recipient")),
    )
    op.create_index("ix_notice_message", "notice", ["message_id"])
    op.create_index("ix_notice_obligation", "notice", ["obligation_id"])
    op.create_index("ix_notice_to_gather", "notice", ["slot_at", "authority_id"])


def _rung() -> None:
    op.create_table(
        "rung",
        ref("rung", "obligation_id", "obligation"),
        *numbers("term"),
        *texts("rung", "outcome"),
        *instants("at"),
        *texts("told", "passed_over"),
        sa.PrimaryKeyConstraint("obligation_id", "term", "rung", name="pk_rung"),
        sa.CheckConstraint("outcome IN ('noticed', 'skipped', 'void')", name=op.f("ck_rung_outcome_known")),
    )


def _term() -> None:
    op.create_table(
        "term",
        ref("term", "obligation_id", "obligation"),
        *numbers("number"),
        *texts("reason", "turn"),
        *instants("opens_at", null=True),
        *dates("due_on", null=True),
        *instants("due_at", "locks_at", null=True),
        *texts("unit", "ladder"),
        *longs("moments"),
        *instants("written_at"),
        *keys("granted_by", null=True),
        *texts("basis"),
        *numbers("plan_version"),
        *texts("calendar_version"),
        *flags("projected"),
        *longs("held", null=True),
        *texts("projected_anew", null=True),
        sa.PrimaryKeyConstraint("obligation_id", "number", name="pk_term"),
    )
