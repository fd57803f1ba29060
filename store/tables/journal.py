"""The journal, its heads, and the leases of the engine."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class JournalRow(SQLModel, table=True):
    """Who did what, when, why, on which basis; chained by hash in each authority."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("uq_journal_obligation_move", "obligation_id", "move", unique=True),
        Index("ix_journal_cycle", "cycle_id"),
    )
    authority_id: int = Field(foreign_key="authority.id", primary_key=True, sa_type=Key)
    number: int = Field(primary_key=True, sa_type=Key)
    format: int = 1
    at: datetime = Field(sa_type=Instant)  #: business time
    recorded_at: datetime = Field(sa_type=Instant)  #: the database's clock
    actor: str  #: `system` or `c<contact>`
    os_user: str = ""  #: operating-system user who acted for the actor
    action: str
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id", sa_type=Key)
    stage_id: int | None = Field(default=None, foreign_key="stage.id", sa_type=Key)
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id", sa_type=Key)
    move: int | None = None  #: number of the move of its subject
    payload: str = Field(sa_type=Text)  #: canonical JSON
    previous: str
    hash: str


class JournalHeadRow(SQLModel, table=True):
    """The last link of an authority's chain."""

    __tablename__ = "journal_head"
    authority_id: int = Field(foreign_key="authority.id", primary_key=True, sa_type=Key)
    number: int = Field(sa_type=Key)
    hash: str


class LeaseRow(SQLModel, table=True):
    """Which engine acts for an authority; the epoch rises with each change of hands."""

    __tablename__ = "lease"
    authority_id: int = Field(foreign_key="authority.id", primary_key=True, sa_type=Key)
    holder: str
    epoch: int
    renewed_at: datetime = Field(sa_type=Instant)  #: database clock
