"""Survey and council: question sets, samples, codes, ballots; members, sessions, matters, votes, recommendations."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from store.migrations.columns import AT, KEY, reference, text, word

revision = "0022"
down_revision = "0020"

MODES = "mode IN ('direct', 'online')"


def _id() -> sa.Column[int]:
    return sa.Column("id", KEY, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, AT, nullable=nullable)


def _known(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _questions()
    _ballots()
    _council()
    _matters()


def _questions() -> None:
    op.create_table(
        "survey_form",
        _id(),
        reference("survey_form", "cycle_id", "cycle.id"),
        _number("number"),
        word("key"),
        word("title"),
        text("yaml"),
        word("sha256"),
        _at("at"),
        reference("survey_form", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_form"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_survey_form_cycle_id_number"),
    )
    op.create_table(
        "survey_sample",
        reference("survey_sample", "cycle_id", "cycle.id"),
        reference("survey_sample", "unit_id", "party.id"),
        word("respondents"),
        word("mode"),
        _number("planned"),
        _number("issued"),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", "respondents", "mode", name="pk_survey_sample"),
        _known("survey_sample", "mode_known", MODES),
    )


def _ballots() -> None:
    op.create_table(
        "survey_code",
        word("hash"),
        reference("survey_code", "cycle_id", "cycle.id"),
        reference("survey_code", "unit_id", "party.id"),
        word("question_set"),
        reference("survey_code", "from_unit_id", "party.id", nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_survey_code"),
    )
    op.create_index("ix_survey_code_cycle_id", "survey_code", ["cycle_id"])
    op.create_table(
        "ballot",
        word("key"),
        reference("ballot", "cycle_id", "cycle.id"),
        _number("form"),
        reference("ballot", "unit_id", "party.id"),
        word("question_set"),
        word("mode"),
        word("source"),
        word("number"),
        reference("ballot", "from_unit_id", "party.id", nullable=True),
        text("answers"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_ballot"),
        sa.UniqueConstraint("cycle_id", "source", "number", name="uq_ballot_cycle_id_source_number"),
        _known("ballot", "mode_known", MODES),
        _known("ballot", "source_known", "source IN ('code', 'paper', 'import')"),
    )
    op.create_index("ix_ballot_unit", "ballot", ["cycle_id", "unit_id", "question_set"])
    op.create_table(
        "survey_close",
        _id(),
        reference("survey_close", "cycle_id", "cycle.id"),
        _number("number"),
        _number("ballots"),
        word("sha256"),
        text("results"),
        text("reason"),
        _at("at"),
        reference("survey_close", "contact_id", "contact.id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_close"),
        sa.UniqueConstraint("cycle_id", "number", name="uq_survey_close_cycle_id_number"),
    )


def _council() -> None:
    op.create_table(
        "council_member",
        _id(),
        reference("council_member", "obligation_id", "obligation.id"),
        reference("council_member", "contact_id", "contact.id"),
        reference("council_member", "unit_id", "party.id", nullable=True),
        word("post"),
        word("decision"),
        _at("named_at"),
        _at("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_council_member"),
        _known("council_member", "post_known", "post IN ('chair', 'vice-chair', 'secretary', 'member')"),
    )
    op.create_index("ix_council_member_obligation_id", "council_member", ["obligation_id"])
    op.create_table(
        "council_session",
        _id(),
        reference("council_session", "obligation_id", "obligation.id"),
        _number("number"),
        sa.Column("held_on", sa.Date(), nullable=False),
        text("present"),
        word("minutes"),
        text("minutes_text"),
        _at("at"),
        sa.PrimaryKeyConstraint("id", name="pk_council_session"),
        sa.UniqueConstraint("obligation_id", "number", name="uq_council_session_obligation_id_number"),
    )


def _matters() -> None:
    op.create_table(
        "council_matter",
        _id(),
        reference("council_matter", "session_id", "council_session.id"),
        _number("number"),
        text("words"),
        reference("council_matter", "unit_id", "party.id", nullable=True),
        text("scores"),
        text("why"),
        word("outcome"),
        sa.Column("by_chair", sa.Boolean(), nullable=False),
        _at("resolved_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_council_matter"),
        sa.UniqueConstraint("session_id", "number", name="uq_council_matter_session_id_number"),
        _known("council_matter", "outcome_known", "outcome IN ('', 'carried', 'lost')"),
    )
    op.create_table(
        "council_vote",
        reference("council_vote", "matter_id", "council_matter.id"),
        reference("council_vote", "contact_id", "contact.id"),
        word("choice"),
        word("how"),
        _at("at"),
        sa.PrimaryKeyConstraint("matter_id", "contact_id", name="pk_council_vote"),
        _known("council_vote", "choice_known", "choice IN ('for', 'against', 'abstain')"),
        _known("council_vote", "how_known", "how IN ('present', 'writing')"),
    )
    op.create_table(
        "recommendation",
        _id(),
        reference("recommendation", "matter_id", "council_matter.id"),
        _number("number"),
        text("text"),
        reference("recommendation", "to_party_id", "party.id"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
        sa.UniqueConstraint("matter_id", "number", name="uq_recommendation_matter_id_number"),
    )
