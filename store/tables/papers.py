"""The document register: official papers, their versions, what each is about, and what asks for one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from evaluation.papers import PaperKind, PaperState, Purpose
from store.columns import Instant, Key

_STATES = ", ".join(f"'{one.value}'" for one in PaperState)
_KINDS = ", ".join(f"'{one.value}'" for one in PaperKind)
_PURPOSES = ", ".join(f"'{one.value}'" for one in Purpose)


class PaperRow(SQLModel, table=True):
    """An official paper of an authority: drafted here, or registered by the number that it bears."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("authority_id", "issuer", "kind", "year", "number"),
        UniqueConstraint("asked_by"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose_known"),
        Index("ix_paper_cycle", "cycle_id"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id", sa_type=Key)
    kind: str
    purpose: str
    issuer: str  #: key of a party; of somebody outside, the name
    number: int | None = None  #: begins again at 1 each year, of an issuer and kind
    number_text: str = ""  #: `185/SNV-CCHC&VTLT`
    year: int | None = None  #: in which it was numbered
    dated: date | None = None
    summary: str
    addressees: str = Field(default="[]", sa_type=Text)  #: JSON list
    state: str
    version: int = 0  #: number of the last version; 0: it was not drafted here
    edits: str = Field(default="{}", sa_type=Text)  #: JSON: what people wrote in place of what was suggested
    asked_by: int | None = Field(default=None, foreign_key="obligation.id", sa_type=Key)  #: upkeep duty
    signed_sha256: str | None = Field(default=None, foreign_key="evidence_file.sha256")
    signed_name: str = ""
    reason: str = Field(default="", sa_type=Text)  #: why it was discarded
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: who drafted or registered it; None: the system
    at: datetime = Field(sa_type=Instant)
    moves: int = 0  #: how often it was changed


class PaperVersionRow(SQLModel, table=True):
    """A paper as it was drafted once: the facts it was drafted from, and the file."""

    __tablename__ = "paper_version"
    paper_id: int = Field(foreign_key="paper.id", primary_key=True, sa_type=Key)
    number: int = Field(primary_key=True)
    facts: str = Field(sa_type=Text)  #: JSON
    sha256: str = Field(foreign_key="evidence_file.sha256")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    at: datetime = Field(sa_type=Instant)


class PaperAboutRow(SQLModel, table=True):
    """An obligation that a paper speaks of."""

    __tablename__ = "paper_about"
    paper_id: int = Field(foreign_key="paper.id", primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, index=True, sa_type=Key)


class AskedPaperRow(SQLModel, table=True):
    """An obligation that the paper which an upkeep duty asks for is to speak of."""

    __tablename__ = "asked_paper"
    duty_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
