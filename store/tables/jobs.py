"""Long work that people ask for and the engine does."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class JobRow(SQLModel, table=True):
    """A job: what is asked, who has it in hand, how far it is, what came of it. All its times are the database's clock."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state", "id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    account_id: int = Field(foreign_key="account.id", sa_type=Key)  #: who asked
    kind: str
    state: str
    script: str = Field(sa_type=Text)  #: JSON: what is to be done
    done: int = 0  #: of `total`
    total: int = 0
    result: str = Field(default="", sa_type=Text)  #: JSON: what came of it
    fault: str = Field(default="", sa_type=Text)  #: JSON: why nothing came of it, in `vi` and `en`
    holder: str = ""  #: the engine that has it
    claims: int = 0  #: how often it was taken; whoever has an older number has lost it
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    asked_at: datetime = Field(sa_type=Instant)
    over_at: datetime | None = Field(default=None, sa_type=Instant)
