"""The council: its members, sessions, matters with their votes, and recommendations. Every row belongs to the council's obligation."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class CouncilMemberRow(SQLModel, table=True):
    """A member of the council, named by a decision; one that was replaced keeps its row."""

    __tablename__ = "council_member"
    __table_args__ = (CheckConstraint("post IN ('chair', 'vice-chair', 'secretary', 'member')", name="post_known"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", index=True, sa_type=Key)
    contact_id: int = Field(foreign_key="contact.id", sa_type=Key)
    unit_id: int | None = Field(default=None, foreign_key="party.id", sa_type=Key)  #: that they belong to; they do not vote on it
    post: str
    decision: str  #: number and date of the decision that names them
    named_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class CouncilSessionRow(SQLModel, table=True):
    """A session: who was there, and its minutes."""

    __tablename__ = "council_session"
    __table_args__ = (UniqueConstraint("obligation_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", sa_type=Key)
    number: int
    held_on: date
    present: str = Field(sa_type=Text)  #: JSON: contacts
    minutes: str = ""  #: number and date of the minutes (BB)
    minutes_text: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=Instant)
    votes_by: date | None = None  #: the last day on which votes are taken; None: until the session is closed
    closed_at: datetime | None = Field(default=None, sa_type=Instant)  #: no more votes are taken
    asked_at: datetime | None = Field(default=None, sa_type=Instant)  #: when those who have not voted were told last


class CouncilMatterRow(SQLModel, table=True):
    """What is voted on, and what came of it."""

    __tablename__ = "council_matter"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("outcome IN ('', 'carried', 'lost')", name="outcome_known"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    session_id: int = Field(foreign_key="council_session.id", sa_type=Key)
    number: int
    words: str = Field(sa_type=Text)
    unit_id: int | None = Field(default=None, foreign_key="party.id", sa_type=Key)  #: that it is about; None: all
    scores: str = Field(default="{}", sa_type=Text)  #: JSON: final scores by leaf, settled if it is carried
    why: str = Field(default="", sa_type=Text)
    outcome: str = ""
    by_chair: bool = False
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)


class CouncilVoteRow(SQLModel, table=True):
    """A member's vote on a matter, as it was given last before the matter was resolved."""

    __tablename__ = "council_vote"
    __table_args__ = (
        CheckConstraint("choice IN ('for', 'against', 'abstain')", name="choice_known"),
        CheckConstraint("how IN ('present', 'writing')", name="how_known"),
    )
    matter_id: int = Field(foreign_key="council_matter.id", primary_key=True, sa_type=Key)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True, sa_type=Key)
    choice: str
    how: str
    at: datetime = Field(sa_type=Instant)
    seal: str = Field(
        default="", sa_column_kwargs={"server_default": text("''")}
    )  #: makes the digest by which the journal knows a secret vote


class CouncilConflictRow(SQLModel, table=True):
    """A conflict of interest that a member declared about a unit: they do not vote on it."""

    __tablename__ = "council_conflict"
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True, sa_type=Key)
    unit_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=Key)
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class RecommendationRow(SQLModel, table=True):
    """What the council recommends (kiến nghị), with a matter that was carried."""

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("matter_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    matter_id: int = Field(foreign_key="council_matter.id", sa_type=Key)
    number: int
    text: str = Field(sa_type=Text)
    to_party_id: int = Field(foreign_key="party.id", sa_type=Key)
    due_on: date | None = None
