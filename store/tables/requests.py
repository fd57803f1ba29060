"""Requests that bring a key of their own, so that sending one again does nothing twice."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class KeyedRequestRow(SQLModel, table=True):
    """A request that was answered, or is being; its answer is given again to whoever sends it again."""

    __tablename__ = "keyed_request"
    __table_args__ = (Index("ix_keyed_request_expires_at", "expires_at"),)
    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=Key)
    key: str = Field(primary_key=True)  #: as the client made it
    target: str  #: method and path
    body_sha256: str
    status: int  #: 0: under way
    headers: str  #: JSON
    answer: bytes = Field(sa_type=LargeBinary)
    claimed_at: datetime = Field(sa_type=Instant)  #: by the database's clock
    expires_at: datetime = Field(sa_type=Instant)
