"""
Publication: what an authority decided about its results, what it published of a year, and who was rewarded.

An edition is a frozen bundle (`evaluation.scores.publication`): its row is written once. A correction is a further edition, by a
decision of its own, that names the one it corrects.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class ResultRulesRow(SQLModel, table=True):
    """Settings of the index and the ranking, of a cycle or (without one) of the authority; the last counts. Only added to."""

    __tablename__ = "result_rules"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", index=True, sa_type=Key)
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id", sa_type=Key)
    content: str = Field(sa_type=Text)  #: JSON of `evaluation.scores.settings`
    reason: str = Field(default="", sa_type=Text)
    basis: str = ""
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)


class EditionRow(SQLModel, table=True):
    """What was published of a cycle, once and for all."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("cycle_id", "number"), UniqueConstraint("corrects_id"))
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", index=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    number: int  #: 1; of each correction one more
    sha256: str
    content: str = Field(sa_type=Text)  #: the bundle, canonical JSON
    decision: str
    decided_on: date
    corrects_id: int | None = Field(default=None, foreign_key="edition.id", sa_type=Key)
    reason: str = Field(default="", sa_type=Text)  #: of a correction
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: None: the system


class RewardRow(SQLModel, table=True):
    """A unit, or somebody in one, was rewarded for a published result; one that is taken back keeps its row."""

    __tablename__ = "reward"
    __table_args__ = (CheckConstraint("(kind = 'collective') = (person = '')", name="person_of_individual"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    party_id: int = Field(foreign_key="party.id", sa_type=Key)
    kind: str  #: `collective`, `individual`
    person: str = ""  #: name of an individual
    form: str  #: of the reward: bằng khen, giấy khen
    decision: str
    decided_on: date | None = None
    at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_why: str = Field(default="", sa_type=Text)
