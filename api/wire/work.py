"""What goes over the wire about work: what people do with obligations, cycles and mail, and what they get back."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from evaluation.actions import Remark
from store.unit_work import LONGEST_TEXT

#: Days that a calendar can hold; what is outside is a slip of the pen.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_WORDS = 4000
MOST_AT_ONCE = 1000
MOST_ITEMS = 500
LARGEST = 2**63 - 1


Words = Annotated[str, Field(max_length=MOST_WORDS), AfterValidator(sound_text)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_WORDS), AfterValidator(sound_text)]
NameOf = Annotated[str, Field(max_length=200), AfterValidator(sound_text)]
#: Told and taken to the minute, without a zone: it is the authority's own.
LocalHour = Annotated[
    time,
    PlainSerializer(lambda hour: f"{hour:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "examples": ["08:00"]}),
]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY, examples=["2026-04-15"])]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


class RemarkIn(Asked):
    """Words that go with a move; both may be empty."""

    reason: Words = ""
    basis: Words = Field(default="", examples=["CV 12/SNV ngày 01/04/2026"])
    """Number and date of the document that it rests on."""

    @property
    def remark(self) -> Remark:
        """The words as they are journaled."""
        return Remark(reason=self.reason, basis=self.basis)


class ReasonIn(RemarkIn):
    """Words that go with a move that needs a reason."""

    reason: Reason


Said = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(sound_text)]


class PrepareIn(Asked):
    """What the head is to sign."""

    text: Said | None = None
    """In words; left out: what was written before stands."""


class SubmitIn(RemarkIn):
    """What is submitted."""

    text: Said | None = None
    """What is said in it; files are evidence. Left out: what was prepared for the signature."""
    received_on: Day | None = None
    """When a paper came in that the standing body files for a unit; lateness is judged by it."""
    document: Words = Field(default="", examples=["25/BC-UBND ngày 18/03/2026"])
    """Number and date of what was sent; a paper that came in on paper always has them."""


class ItemIn(Asked):
    """What is asked of one part of a deliverable."""

    item: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(sound_text)]
    words: Reason


class ReturnIn(ReasonIn):
    """Why a submission is returned, as a whole and part by part."""

    items: list[ItemIn] = Field(default_factory=list, max_length=MOST_ITEMS)

    @property
    def remark(self) -> Remark:
        """The words as they are journaled."""
        return Remark(reason=self.reason, basis=self.basis, items=tuple((one.item, one.words) for one in self.items))


class DueIn(ReasonIn):
    """Until when, and why."""

    due_on: Day
    """The new last day."""


class WishIn(Asked):
    """A longer term that is asked for."""

    due_on: Day
    """The last day that is wished for."""
    reason: Reason


class TransferIn(ReasonIn):
    """Who takes over, and why."""

    to: NameOf = Field(examples=["xa-2"])
    """Key of the successor."""
    undeclared: bool = False
    """Also to a unit that the roster does not name as a successor."""


class By(StrEnum):
    """How somebody is urged."""

    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"


class UrgeIn(Asked):
    """How somebody is urged, and what is said."""

    by: By
    note: Words = ""
    """Needed where it is by phone or letter."""

    @model_validator(mode="after")
    def _say_what_was_said(self) -> UrgeIn:
        if self.by is not By.MAIL and not self.note.strip():
            kind = "note_needed"
            raise PydanticCustomError(kind, "urging by phone or letter needs a note")
        return self


class ReassignIn(Asked):
    """To whom the work is given."""

    contact: NameOf | None
    """Key of a contact of the same unit; null: back to the officer."""


class ManyIn(Asked):
    """Which obligations."""

    obligations: list[Number] = Field(min_length=1, max_length=MOST_AT_ONCE)
    preview: bool = False
    """Only look: who would be told, what would be refused."""


class ExtendManyIn(DueIn, ManyIn):
    """Which terms are to be longer, until when, and why."""


class UrgeManyIn(UrgeIn, ManyIn):
    """Whom to urge, and how."""


class WaiveManyIn(ReasonIn, ManyIn):
    """What is no longer owed, and why."""


class LaunchIn(Asked):
    """Which plan is launched, for whom, for which evaluated year."""

    authority: NameOf
    year: int = Field(ge=2000, le=2100)
    plan: NameOf = ""
    """Key of a shipped plan; or else `yaml`."""
    yaml: str = Field(default="", max_length=500_000)
    """A plan's file, word by word."""
    accept_projection: bool = False
    """Go on though the working days of the year are not decided yet."""
    accept_late: bool = False
    """Go on though some dates of the plan have passed already: what was due then is owed late from the first day."""
    preview: bool = False
    """Only look: nothing is kept."""

    @model_validator(mode="after")
    def _one_of_both(self) -> LaunchIn:
        if bool(self.plan) == bool(self.yaml):
            kind = "one_of_both"
            raise PydanticCustomError(kind, "give either `plan` or `yaml`")
        sound_text(self.yaml)
        return self


class CycleWordsIn(Asked):
    """Why, and by which document, a cycle is moved."""

    reason: Reason
    basis: Reason

    @property
    def remark(self) -> Remark:
        """The words as they are journaled."""
        return Remark(reason=self.reason, basis=self.basis)
