"""Reports that are asked for, and what the subjects of a cycle's obligations are called."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class ReportRequestRow(SQLModel, table=True):
    """A report asked for: what, of whom, by when, on which document; its obligations have its key as their subject."""

    __tablename__ = "report_request"
    __table_args__ = (UniqueConstraint("cycle_id", "number"), Index("ix_report_request_subject", "stage_id", "key"))
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int = Field(foreign_key="cycle.id", sa_type=Key)
    stage_id: int = Field(foreign_key="stage.id", sa_type=Key)
    number: int  #: within the cycle
    key: str  #: `YC-03`
    kind: str
    title: str
    asks: str = Field(sa_type=Text)  #: what is asked, in words
    items: str = Field(default="[]", sa_type=Text)  #: JSON `[[key, title], …]`: the parts of what is to be delivered
    document: str = ""  #: number of the document that asks for it
    document_on: date | None = None
    addressee: str = ""  #: to whom the report goes, where that is not who receives it
    scope: str = Field(default="{}", sa_type=Text)  #: JSON: whom the asker chose
    due_on: date | None = None  #: as it was announced; the obligations' terms say what holds
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    in_hours: bool = False  #: the deadline was given in hours
    asked_by: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    asked_at: datetime = Field(sa_type=Instant)
    summed_up_at: datetime | None = Field(default=None, sa_type=Instant)  #: when the asker was told who has answered
    summed_up_move: int | None = None  #: of the stage
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_by: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    cancelled_why: str = Field(default="", sa_type=Text)
