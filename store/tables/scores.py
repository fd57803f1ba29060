"""
Scores: what stands on the units' sheets now, who changed what, and what a unit is exempt from.

Numbers of points are text, written in one way (`evaluation.scores.numbers`): exact, and the same on both databases. Where a leaf stands
(scored, returned, awaiting explanation) is derived, not stored.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class ScoreRow(SQLModel, table=True):
    """A leaf of a unit's sheet in a cycle, as it stands; a leaf that nobody has touched has no row."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("ruling IN ('', 'open', 'accepted', 'refused')", name="ruling_known"),)
    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True, sa_type=Key)
    party_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=Key)  #: the unit
    node: str = Field(primary_key=True)  #: key of the leaf in the criteria set that the cycle pins for the unit's group
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    version: int = 0  #: rises with every change
    given: str | None = Field(default=None, sa_type=Text)  #: JSON: what the self score was worked out from
    self_score: str | None = None
    appraised: str | None = None
    final: str | None = None
    explanation: str = Field(default="", sa_type=Text)
    answers: bool = False  #: the explanation answers an appraised score; else it says how the unit scored
    ruling: str = ""  #: on the explanation
    ruling_why: str = Field(default="", sa_type=Text)
    remark: str = Field(default="", sa_type=Text)  #: the appraiser's
    returned: str = Field(default="", sa_type=Text)  #: why the leaf was returned for correction; empty: it is not
    claimed_by: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: the appraiser who is at it
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)


class ScoreChangeRow(SQLModel, table=True):
    """One value of one leaf was changed: who, when, old, new, why. Only ever added to."""

    __tablename__ = "score_change"
    __table_args__ = (
        CheckConstraint(
            "what IN ('self', 'appraised', 'final', 'given', 'explanation', 'ruling', 'evidence', 'remark', 'returned', 'claim')",
            name="what_known",
        ),
        Index("ix_score_change_sheet", "cycle_id", "party_id", "node"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    party_id: int = Field(foreign_key="party.id", sa_type=Key)
    node: str
    version: int  #: of the leaf, that it made
    what: str
    old: str = Field(sa_type=Text)
    new: str = Field(sa_type=Text)
    why: str = Field(default="", sa_type=Text)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: None: the system
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id", sa_type=Key)  #: in whose course
    at: datetime = Field(sa_type=Instant)  #: business time


class ExemptionRow(SQLModel, table=True):
    """A unit is not measured by a node (a leaf or what stands above leaves) in a cycle; one that is taken back keeps its row."""

    __tablename__ = "exemption"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", index=True, sa_type=Key)
    party_id: int = Field(foreign_key="party.id", sa_type=Key)
    node: str
    reason: str = Field(sa_type=Text)
    approver_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    document: str = ""  #: number and date of what it rests on
    at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_why: str = Field(default="", sa_type=Text)
