"""Authorities, their units, bodies and persons, contacts, and working calendars."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Key


class AuthorityRow(SQLModel, table=True):
    """Who runs years; nobody sees another authority's rows."""

    __tablename__ = "authority"
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    key: str = Field(unique=True)
    name: str
    sandbox: bool = False
    zone: str = "Asia/Ho_Chi_Minh"
    outbox_held: bool = False  #: a restored backup mails nobody until released
    people_version: int = 0  #: rises with every change of parties or contacts
    second_factor: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  #: asked of its standing body
    created_at: datetime = Field(sa_type=Instant)


class PartyRow(SQLModel, table=True):
    """A unit, a body or a person that can owe something."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("authority_id", "key"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    key: str
    kind: str
    name: str
    level: str = ""
    group: str = ""
    mailbox: str = ""
    mailbox_unreachable: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    exempt: str = ""
    code: str = ""
    source: str = "none"


class SuperiorRow(SQLModel, table=True):
    """Under whom a party stands, between two dates."""

    __tablename__ = "superior"
    __table_args__ = (UniqueConstraint("party_id", "valid_from"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=Key)
    superior_id: int = Field(foreign_key="party.id", sa_type=Key)
    valid_from: date | None = None
    valid_to: date | None = None


class SuccessionRow(SQLModel, table=True):
    """A unit that took over from another; many to many."""

    __tablename__ = "succession"
    predecessor_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=Key)
    successor_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=Key)


class ContactRow(SQLModel, table=True):
    """A person in office, with dates and a deputy while absent."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("authority_id", "key"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=Key)
    key: str
    role: str
    name: str
    address: str
    phone: str = ""
    language: str = "vi"
    fields: str = Field(
        default="", sa_column_kwargs={"server_default": text("''")}
    )  #: keys with commas: what a field lead leads; empty: every field
    valid_from: date | None = None
    valid_to: date | None = None
    deputy_id: int | None = Field(default=None, foreign_key="contact.id", sa_type=Key)
    deputy_from: date | None = None
    deputy_to: date | None = None
    refused_on: date | None = None  #: last day its server refused it
    unreachable_since: datetime | None = Field(default=None, sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True, sa_type=Key)  #: who signs in as this contact


class CalendarRow(SQLModel, table=True):
    """One version of an authority's working calendar."""

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("authority_id", "version"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Key)
    authority_id: int = Field(foreign_key="authority.id", sa_type=Key)
    version: str
    entered_at: datetime = Field(sa_type=Instant)


class CalendarDayRow(SQLModel, table=True):
    """A date that differs from its weekday."""

    __tablename__ = "calendar_day"
    calendar_id: int = Field(foreign_key="calendar.id", primary_key=True, sa_type=Key)
    on: date = Field(primary_key=True)
    kind: str
    name: str
    source: str
    decision: str = ""
    entered_on: date | None = None


class CalendarYearRow(SQLModel, table=True):
    """How sure a year is."""

    __tablename__ = "calendar_year"
    calendar_id: int = Field(foreign_key="calendar.id", primary_key=True, sa_type=Key)
    year: int = Field(primary_key=True)
    status: str
