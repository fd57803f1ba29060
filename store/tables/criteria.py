"""Criteria sets: their versions, who leads which node, and which version a cycle uses for which unit group."""

from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class CriteriaSetRow(SQLModel, table=True):
    """A criteria set of an authority, whatever its versions say."""

    __tablename__ = "criteria_set"
    __table_args__ = (UniqueConstraint("authority_id", "key"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    key: str


class CriteriaVersionRow(SQLModel, table=True):
    """One version of a set. A draft is replaced; what is published never changes: a correction is a version of its own."""

    __tablename__ = "criteria_version"
    __table_args__ = (UniqueConstraint("set_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    set_id: int = Field(foreign_key="criteria_set.id", sa_type=Key)
    number: int
    state: str  #: `draft`, `published`
    title: str
    content: str = Field(sa_type=Text)  #: JSON as in its files, points as texts, without leads
    sha256: str
    decision: str = ""  #: number of the decision; of a correction: of the one that corrects
    decided_on: date | None = None
    accepted: str = Field(default="", sa_type=Text)  #: why it was taken in though it does not add up
    reason: str = Field(default="", sa_type=Text)  #: of a correction
    entered_at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)


class CriteriaLeadRow(SQLModel, table=True):
    """Who leads a node of a set from a day to a day, append-only: of two that hold the later row counts."""

    __tablename__ = "criteria_lead"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    set_id: int = Field(foreign_key="criteria_set.id", index=True, sa_type=Key)
    node: str
    party_id: int = Field(foreign_key="party.id", sa_type=Key)
    from_on: date | None = None
    to_on: date | None = None
    entered_at: datetime = Field(sa_type=Instant)


class CriteriaPinRow(SQLModel, table=True):
    """Which version a cycle uses for a unit group; the highest number is in force."""

    __tablename__ = "criteria_pin"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_group", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    unit_group: str
    number: int
    version_id: int = Field(foreign_key="criteria_version.id", sa_type=Key)
    reason: str = Field(default="", sa_type=Text)
    basis: str = ""
    pinned_at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
