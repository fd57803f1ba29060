"""
The survey: question sets of a cycle, the sample plan, codes, ballots and what closing came to.

Nothing leads from a ballot to a code or to a person: a code is kept as a hash and says only whether it was used, a ballot has a random
key and a day, and neither names the other.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class SurveyFormRow(SQLModel, table=True):
    """A version of the question sets that a cycle asks; the highest number is in force."""

    __tablename__ = "survey_form"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    number: int
    key: str
    title: str
    yaml: str = Field(sa_type=Text)
    sha256: str
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)


class SurveySampleRow(SQLModel, table=True):
    """How many ballots are planned and were handed out for a unit and a group of respondents."""

    __tablename__ = "survey_sample"
    __table_args__ = (CheckConstraint("mode IN ('direct', 'online')", name="mode_known"),)
    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True, sa_type=Key)
    unit_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=Key)
    respondents: str = Field(primary_key=True)
    mode: str = Field(primary_key=True)
    planned: int = 0
    issued: int = 0


class SurveyCodeRow(SQLModel, table=True):
    """A code that opens one ballot, once. It says nothing of the ballot that it opened."""

    __tablename__ = "survey_code"
    hash: str = Field(primary_key=True)  #: SHA-256 of the code
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    unit_id: int = Field(foreign_key="party.id", sa_type=Key)  #: whom the ballot is about
    question_set: str
    from_unit_id: int | None = Field(default=None, foreign_key="party.id", sa_type=Key)  #: where the respondents work, where it is known
    used: bool = False


class BallotRow(SQLModel, table=True):
    """A ballot that came back."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("mode IN ('direct', 'online')", name="mode_known"),
        CheckConstraint("source IN ('code', 'paper', 'import')", name="source_known"),
        UniqueConstraint("cycle_id", "source", "number"),
        Index("ix_ballot_unit", "cycle_id", "unit_id", "question_set"),
    )
    key: str = Field(primary_key=True)  #: random
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    form: int  #: number of the version of the question sets
    unit_id: int = Field(foreign_key="party.id", sa_type=Key)  #: whom it is about
    question_set: str
    mode: str
    source: str
    number: str  #: of a paper: as written on it; of an import: the response's; of a code: random
    from_unit_id: int | None = Field(default=None, foreign_key="party.id", sa_type=Key)
    answers: str = Field(sa_type=Text)  #: JSON by question
    day: date  #: local, on which it came


class SurveyCloseRow(SQLModel, table=True):
    """The survey of a cycle is closed: its points stand in the sheets. The highest number is in force, unless it was re-opened."""

    __tablename__ = "survey_close"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    number: int
    ballots: int
    sha256: str  #: of every ballot of the cycle, in the order of their keys
    results: str = Field(sa_type=Text)  #: JSON: by unit, the points by leaf, and the groups that sent too few
    reason: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    reopened_at: datetime | None = Field(default=None, sa_type=Instant)  #: it takes ballots again
    reopened_why: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
