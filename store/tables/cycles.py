"""Launched plans: cycles, their plan versions and stages."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key

_NOT_CANCELLED = text("state <> 'cancelled'")


class CycleRow(SQLModel, table=True):
    """A plan launched for an authority and an evaluated year; unique among cycles that are not cancelled."""

    __tablename__ = "cycle"
    __table_args__ = (
        Index(
            "uq_cycle_running",
            "authority_id",
            "plan_key",
            "year",
            unique=True,
            sqlite_where=_NOT_CANCELLED,
            postgresql_where=_NOT_CANCELLED,
        ),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    plan_key: str
    year: int
    state: str
    title: str
    title_en: str
    plan_version: int  #: number of the version in force
    calendar_id: int = Field(foreign_key="calendar.id", sa_type=Key)
    standing_body_id: int = Field(foreign_key="party.id", sa_type=Key)
    chair_id: int = Field(foreign_key="party.id", sa_type=Key)
    launched_at: datetime | None = Field(default=None, sa_type=Instant)
    mail_held: bool = False  #: a real launch holds its mail until a coordinator has seen it
    moves: int = 0


class PlanVersionRow(SQLModel, table=True):
    """One version of a cycle's plan: the file as it was, word by word, and what was moved since."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    number: int
    yaml: str = Field(sa_type=Text)
    sha256: str
    moved: str = "{}"  #: JSON: anchors set by hand, `stage.due` → ISO date
    signed: str = ""  #: number and date of the document that issued it
    issue_move: int | None = None  #: move of the issuing stage at which it was pinned; None: not issued
    entered_at: datetime = Field(sa_type=Instant)


class StageRow(SQLModel, table=True):
    """A line of the plan in a cycle."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("cycle_id", "key"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    key: str
    kind: str
    position: int
    title: str
    title_en: str
    receiver_id: int = Field(foreign_key="party.id", sa_type=Key)
    released_at: datetime | None = Field(default=None, sa_type=Instant)  #: None: waits
    next_at: datetime | None = Field(default=None, index=True, sa_type=Instant)
    moves: int = 0
