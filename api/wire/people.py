"""What goes over the wire when people are changed: units and contacts that are given, and what became of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.wire.accounts import Asked
from api.wire.office import UnitDetailOut
from api.wire.schemas import ProblemOut, Wire
from api.wire.work import Day, NameOf, Words
from config.addresses import is_address
from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, RosterContact
from store.commands.people_rows import Fate

MOST_ROWS = 1000
#: As in a roster's file (config/rosters/roster.schema.json).
UnitKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=52, examples=["xa-31813"])]
ContactKey = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=100, examples=["officer.xa-31813"])]


def _address(given: str) -> str:
    if not is_address(given):
        kind = "address"
        raise PydanticCustomError(kind, "no address that a mail server would take")
    return given


MailAddress = Annotated[str, Field(max_length=254, examples=["canbo@xa-31813.invalid"]), AfterValidator(_address)]


class PersonIn(Asked):
    """A person who takes a post."""

    key: ContactKey
    name: NameOf = Field(min_length=1, examples=["Nguyễn Văn A"])
    """A person's name, or the name of the post where no person is known."""
    address: MailAddress
    phone: Annotated[NameOf, Field(examples=["0270 3822 000"])] = ""
    language: Literal["vi", "en"] = "vi"
    """Of the mails."""
    valid_from: Day | None = None
    """First day in office; null: today where somebody is replaced, else always."""

    @property
    def contact(self) -> RosterContact:
        """The person as a contact whose post is known from elsewhere."""
        return RosterContact(**{**dict(self), "party": "", "role": Role.OFFICER})


class ContactIn(PersonIn):
    """A contact: a person, and the post."""

    party: UnitKey
    role: Role
    valid_to: Day | None = None
    """Last day in office."""
    fields: list[UnitKey] = Field(default_factory=list, max_length=50)
    """Keys of the fields that a field lead leads; none: every field."""

    @property
    def contact(self) -> RosterContact:
        """The contact as a roster has it."""
        return RosterContact(**{**dict(self), "fields": tuple(self.fields)})


class UnitIn(Asked):
    """A unit, body or person."""

    key: UnitKey
    kind: PartyKind = PartyKind.UNIT
    name: NameOf = Field(min_length=1, examples=["UBND xã Bình Minh"])
    level: Annotated[NameOf, Field(examples=["commune"])] = ""
    group: Annotated[NameOf, Field(examples=["xa"])] = ""
    """Ranking group."""
    superior: UnitKey | Literal[""] = ""
    mailbox: MailAddress | Literal[""] = ""
    """Official mailbox."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """Last day it exists."""
    exempt: Words = Field(default="", examples=[""])
    """Why the unit is left out of the evaluation; empty if it takes part."""
    code: NameOf = Field(default="", examples=["31813"])
    """Of the General Statistics Office, where known."""
    source: Words = Field(default="none", examples=["NQ 1687/NQ-UBTVQH15"])
    """Where the name is from."""

    @property
    def party(self) -> Party:
        """The unit as a roster has it."""
        return Party(**dict(self))


class LastDayIn(Asked):
    """After which day it is over."""

    on: Day
    """The last day."""


class NewAddressIn(Asked):
    """Another address."""

    address: MailAddress


class DeputyIn(Asked):
    """Who stands in, and when."""

    deputy: ContactKey | None
    """Key of a contact; null: nobody any more."""
    since: Day | None = None
    """First day; null: today."""
    until: Day | None = None
    """Last day; null: until it is changed."""


class SuperiorIn(Asked):
    """Under whom, and since when."""

    superior: UnitKey
    since: Day


class SuccessorIn(Asked):
    """Who takes over."""

    successor: UnitKey


class RowsIn(Asked):
    """Units and contacts, row by row: what is new is added, what is there is changed by key as a whole, nobody is dropped."""

    units: list[UnitIn] = Field(default_factory=list, max_length=MOST_ROWS)
    contacts: list[ContactIn] = Field(default_factory=list, max_length=MOST_ROWS)
    preview: bool = False
    """Only look: nothing is kept."""


class UnitChangedOut(Wire):
    """A unit as a change left it."""

    unit: UnitDetailOut
    etag: str = Field(examples=['"5f3a9c0d1e2b4a67"'])
    """For `If-Match` of the next change."""
    mended: list[int]
    """Obligations of the standing body to mend the contacts, that this did."""


class RowFateOut(Wire):
    """What became of one row."""

    key: str
    outcome: Fate
    problem: ProblemOut | None
    """Why nothing was done."""


class RowFatesOut(Wire):
    """What became of each row, in the order given."""

    taken: int
    """Rows added or changed."""
    refused: int
    units: list[RowFateOut]
    contacts: list[RowFateOut]
