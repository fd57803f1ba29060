"""Improvement: weak criteria of last year, and what is done about criteria. Where each stands is derived from its obligation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class WeakCriterionRow(SQLModel, table=True):
    """A weak criterion of last year as it was taken in, of a unit or of the province, and the obligation that it became."""

    __tablename__ = "weak_criterion"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    unit_id: int | None = Field(default=None, foreign_key="party.id", sa_type=Key)  #: None: of the province itself
    version_id: int = Field(foreign_key="criteria_version.id", sa_type=Key)
    criterion: str  #: its number in that version
    points: str  #: decimal
    maximum: str  #: decimal
    cause: str = Field(default="", sa_type=Text)
    obligation_id: int = Field(foreign_key="obligation.id", index=True, sa_type=Key)  #: as it was raised
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)


class MeasureRow(SQLModel, table=True):
    """A measure of a plan: what is to be done, by whom; an obligation of its own. Written once."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("obligation_id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    plan_id: int = Field(foreign_key="obligation.id", index=True, sa_type=Key)  #: within which it was planned, as it was then
    obligation_id: int = Field(foreign_key="obligation.id", sa_type=Key)  #: its own, as it was raised
    text: str = Field(sa_type=Text)
    answers: str  #: who answers for it, inside the unit
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)


class MeasureProgressRow(SQLModel, table=True):
    """How far a measure is said to be; append-only, the last counts."""

    __tablename__ = "measure_progress"
    __table_args__ = (UniqueConstraint("measure_id", "number"), CheckConstraint("percent BETWEEN 0 AND 100", name="percent_share"))
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    measure_id: int = Field(foreign_key="measure.id", sa_type=Key)
    number: int  #: from 1, of its measure
    percent: int
    remark: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
