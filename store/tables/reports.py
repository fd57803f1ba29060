"""Periodic reports: the forms that were asked, what is being typed, and what was submitted."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class ReportFormRow(SQLModel, table=True):
    """A form as it was when somebody began to answer it, word by word; written once."""

    __tablename__ = "report_form"
    __table_args__ = (UniqueConstraint("sha256"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    key: str
    sha256: str  #: of its text
    yaml: str = Field(sa_type=Text)
    entered_at: datetime = Field(sa_type=Instant)


class OwnFormRow(SQLModel, table=True):
    """A version of a form that an authority has taken in; the highest of its key takes the place of the shipped one. Written once."""

    __tablename__ = "own_form"
    __table_args__ = (UniqueConstraint("authority_id", "key", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    key: str
    number: int
    form_id: int = Field(foreign_key="report_form.id", sa_type=Key)
    entered_at: datetime = Field(sa_type=Instant)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: None: by the command line


class ReportAnswerRow(SQLModel, table=True):
    """What stands in a report now; nothing that anybody is held to before it is submitted."""

    __tablename__ = "report_answer"
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    form_id: int = Field(foreign_key="report_form.id", sa_type=Key)
    answers: str = Field(sa_type=Text)  #: JSON: by field, as typed
    carried: str = Field(default="[]", sa_type=Text)  #: JSON: fields that stand as in the report before, untouched since
    version: int = 0  #: rises with every save; 0: nobody has typed yet
    saved_by: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)  #: None: the system
    saved_at: datetime = Field(sa_type=Instant)


class ReportSubmissionRow(SQLModel, table=True):
    """What a report said when it was submitted; written once, the journal has its digest."""

    __tablename__ = "report_submission"
    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True, sa_type=Key)
    move: int = Field(primary_key=True)  #: of the obligation, that submitted it
    form_id: int = Field(foreign_key="report_form.id", sa_type=Key)
    answers: str = Field(sa_type=Text)  #: JSON: by field
