"""Inspections, who makes them, what they found, and what followed of it. Where a finding stands is derived, not stored."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class InspectionDrawRow(SQLModel, table=True):
    """A choice of units at random: with the seed and the pool anybody can repeat it. Written once."""

    __tablename__ = "inspection_draw"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    stage_id: int = Field(foreign_key="stage.id", sa_type=Key)
    seed: str
    wanted: int
    pool: str = Field(sa_type=Text)  #: JSON: keys of units, sorted
    result: str = Field(sa_type=Text)  #: JSON: keys of units, as drawn
    at: datetime = Field(sa_type=Instant)


class InspectionRow(SQLModel, table=True):
    """What is known of an inspection beside the team's obligation; an inspection that nobody has touched has no row yet."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("kind IN ('planned', 'surprise', 'thematic')", name="kind_known"),
        CheckConstraint("chosen IN ('hand', 'random', 'record')", name="chosen_known"),
    )
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)  #: of the team
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    unit_id: int = Field(foreign_key="party.id", index=True, sa_type=Key)
    kind: str
    chosen: str
    draw_id: int | None = Field(default=None, foreign_key="inspection_draw.id", sa_type=Key)
    theme: str = Field(default="", sa_type=Text)
    day: date | None = None  #: on which it is to be; local
    told_at: datetime | None = Field(default=None, sa_type=Instant)  #: the unit was told of that day
    held_on: date | None = None  #: it took place
    began: time | None = None  #: local, of that day; None: not recorded
    ended: time | None = None
    minutes: str = ""  #: number and date of the minutes (BB)
    minutes_text: str = Field(default="", sa_type=Text)
    concluded_on: date | None = None  #: date of the conclusions
    conclusions: str = ""  #: number and date of the notice of conclusions (TB kết luận)
    conclusions_text: str = Field(default="", sa_type=Text)


class InspectionMemberRow(SQLModel, table=True):
    """Somebody of the team, between two days."""

    __tablename__ = "inspection_member"
    obligation_id: int = Field(foreign_key="inspection.obligation_id", primary_key=True, sa_type=Key)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True, sa_type=Key)
    is_lead: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


class FindingRow(SQLModel, table=True):
    """What was found, and by whom it was closed, if it was."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("cycle_id", "key"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    inspection_id: int = Field(foreign_key="inspection.obligation_id", index=True, sa_type=Key)
    unit_id: int = Field(foreign_key="party.id", index=True, sa_type=Key)  #: about which it was found
    key: str  #: `xa-1/3`: stable, the subject of its first remedy
    text: str = Field(sa_type=Text)
    basis: str = Field(default="", sa_type=Text)  #: legal
    criterion: str = ""  #: key
    days: int | None = None  #: term in calendar days; None: as the plan's stage of remedies says
    added_by: int | None = Field(default=None, foreign_key="obligation.id", sa_type=Key)  #: the re-inspection that added it
    at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str = ""  #: `c<contact>`
    closed_why: str = Field(default="", sa_type=Text)
    closed_basis: str = ""


class FindingStepRow(SQLModel, table=True):
    """What followed of a finding: an obligation, by its stage and subject, whoever owes it now."""

    __tablename__ = "finding_step"
    __table_args__ = (
        CheckConstraint("kind IN ('remedy', 'reinspection', 'urging', 'proposal', 'handling')", name="kind_known"),
        UniqueConstraint("finding_id", "kind", "number"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    finding_id: int = Field(foreign_key="finding.id", sa_type=Key)
    kind: str
    number: int  #: of its kind, from 1
    round: int  #: of the remedy that it belongs to
    obligation_id: int = Field(foreign_key="obligation.id", index=True, sa_type=Key)  #: as it was raised
    stage_id: int = Field(foreign_key="stage.id", sa_type=Key)
    subject: str
    at: datetime = Field(sa_type=Instant)
    said: str = ""  #: of a remedy: done, partly, not; of a re-inspection: closed, partly, not
    said_at: datetime | None = Field(default=None, sa_type=Instant)
    note: str = Field(default="", sa_type=Text)
    document: str = ""
