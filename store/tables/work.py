"""Obligations, their terms and rungs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from evaluation.obligations import State
from store.columns import Instant, Key

_STATES = ", ".join(f"'{state.value}'" for state in State)


class ObligationRow(SQLModel, table=True):
    """What one party owes in one stage about one subject."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("stage_id", "party_id", "subject"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        Index("ix_obligation_due", "stage_id", "next_at"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    stage_id: int = Field(foreign_key="stage.id", sa_type=Key)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=Key)
    subject: str = ""
    state: str
    suspended: bool = False
    released: bool = True
    rounds: int = 0
    moves: int = 0
    days_late: int | None = None
    term: int  #: number of the current term
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    visible_from: datetime | None = Field(default=None, sa_type=Instant)
    assignee_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: to whom in the unit the work was given


class PreparedTextRow(SQLModel, table=True):
    """What is written for the head to sign; it goes when the work is submitted."""

    __tablename__ = "prepared_text"
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    text: str = Field(sa_type=Text)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: who wrote it
    at: datetime = Field(sa_type=Instant)


class TermRow(SQLModel, table=True):
    """One turn of an obligation; written once."""

    __tablename__ = "term"
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    number: int = Field(primary_key=True)
    reason: str
    turn: str
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    due_on: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    locks_at: datetime | None = Field(default=None, sa_type=Instant)
    unit: str
    ladder: str
    moments: str = Field(sa_type=Text)  #: JSON `[[rung, seconds], …]`
    written_at: datetime = Field(sa_type=Instant)
    granted_by: int | None = Field(default=None, sa_type=Key)
    basis: str = ""
    plan_version: int
    calendar_version: str
    projected: bool = False
    held: str | None = Field(default=None, sa_type=Text)
    projected_anew: str | None = None


class RungRow(SQLModel, table=True):
    """How one rung of one term ended; exactly one row each."""

    __tablename__ = "rung"
    __table_args__ = (CheckConstraint("outcome IN ('noticed', 'skipped', 'void')", name="outcome_known"),)
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    term: int = Field(primary_key=True)
    rung: str = Field(primary_key=True)
    outcome: str
    at: datetime = Field(sa_type=Instant)
    told: str = "[]"
    passed_over: str = "[]"
