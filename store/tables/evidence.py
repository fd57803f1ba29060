"""Evidence: the files kept, by content, and what each is evidence of."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key

_IN_USE = text("withdrawn_at IS NULL")


class EvidenceFileRow(SQLModel, table=True):
    """A file that is kept, named by its content; several pieces of evidence may be the same file."""

    __tablename__ = "evidence_file"
    sha256: str = Field(primary_key=True)
    size: int = Field(sa_type=Key)
    media_type: str


class EvidenceRow(SQLModel, table=True):
    """A file attached to an obligation, to one of its items or to the whole; withdrawn, never deleted."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("uq_evidence_in_use", "obligation_id", "item", "sha256", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", sa_type=Key)
    term: int  #: in which it was attached
    round: int  #: of correction; 0 before the first return
    item: str = ""  #: key of the part of the deliverable; empty: the whole
    sha256: str = Field(foreign_key="evidence_file.sha256", index=True)
    name: str  #: as its giver called it
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: who attached it; None: the system
    at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
