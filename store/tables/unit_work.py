"""What units say beside their moves: the text of a submission, the wish for a longer term."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key

_OPEN = text("decided_at IS NULL")


class SubmissionRow(SQLModel, table=True):
    """What was submitted in words; written once."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", sa_type=Key)
    number: int  #: from 1, of its obligation
    move: int  #: of the obligation, that submitted it
    text: str = Field(default="", sa_type=Text)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: None: the system
    at: datetime = Field(sa_type=Instant)
    received_on: date | None = None  #: of a paper answer
    document: str = ""  #: number and date of what was sent


class ExtensionRequestRow(SQLModel, table=True):
    """A longer term that was asked for, and how that was decided; one open request of an obligation at a time."""

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint("decision IN ('', 'granted', 'refused', 'void')", name="decision_known"),
        Index("uq_extension_request_open", "obligation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", sa_type=Key)
    term: int  #: number of the term that was to be longer
    wanted_on: date
    reason: str = Field(sa_type=Text)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: who asked
    at: datetime = Field(sa_type=Instant)
    decision: str = ""  #: empty while open; `granted`, `refused`, or `void`: its term was over before anybody decided
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    granted_term: int | None = None  #: number of the longer term
