"""Notices, messages and delivery attempts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class NoticeRow(SQLModel, table=True):
    """One cause for one recipient; never twice."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("cause", "kind", "recipient"),
        Index("ix_notice_to_gather", "slot_at", "authority_id"),
        Index("ix_notice_obligation", "obligation_id"),
        Index("ix_notice_message", "message_id"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id", sa_type=Key)
    stage_id: int | None = Field(default=None, foreign_key="stage.id", sa_type=Key)
    obligation_id: int | None = Field(default=None, foreign_key="obligation.id", sa_type=Key)
    cause: str  #: `r:<obligation>:<term>:<rung>` or `e:<obligation>:<move>`, `s:<stage>:<move>`, `c:<cycle>:<move>`
    kind: str
    recipient: str  #: `c<contact>` or `m<party>`
    term: int = 0
    at: datetime = Field(sa_type=Instant)  #: business time of the decision
    slot_at: datetime = Field(sa_type=Instant)
    cancelled: bool = False
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=Key)


class MessageRow(SQLModel, table=True):
    """What leaves: one frozen e-mail."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "state IN ('held', 'queued', 'sending', 'sent', 'unknown', 'refused', 'bounced', 'cancelled')", name="message_state"
        ),
        Index("ix_message_waiting", "state", "next_try_at"),
        UniqueConstraint("authority_id", "recipient", "slot_at", "gathering"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    recipient: str
    slot_at: datetime = Field(sa_type=Instant)
    gathering: int  #: number of the gathering of this recipient and slot, from 1
    at: datetime = Field(sa_type=Instant)  #: business time of the gathering
    header_id: str = Field(unique=True)  #: Message-ID
    state: str
    kind: str
    confidential: bool = False
    official: bool = False
    address: str = ""
    subject: str = ""
    claimed_by: str = ""
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)  #: database clock; of a simulated mail business time
    next_try_at: datetime | None = Field(default=None, sa_type=Instant)  #: database clock
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Instant)  #: database clock


class MessageBodyRow(SQLModel, table=True):
    """
    The exact bytes of a message; erased when a confidential one was sent, never there of a rehearsal's.

    Apart from its message, because a message changes its state four times on its way and SQLite writes a changed row whole.
    """

    __tablename__ = "message_body"
    message_id: int = Field(foreign_key="message.id", primary_key=True, sa_type=Key)
    body: bytes = Field(sa_type=LargeBinary)


class AttemptRow(SQLModel, table=True):
    """One try at sending a message; outside the chain."""

    __tablename__ = "attempt"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    message_id: int = Field(foreign_key="message.id", index=True, sa_type=Key)
    at: datetime = Field(sa_type=Instant)  #: database clock
    outcome: str
    code: int = 0
    answer: str = Field(default="", sa_type=Text)
