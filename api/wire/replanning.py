"""What goes over the wire when a running year is changed: what is to be different, and everything that moves by it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.people import MOST_ROWS, ContactIn, UnitIn, UnitKey
from api.wire.schemas import ProblemOut, Wire
from api.wire.work import CycleWordsIn, Day, NameOf
from evaluation.workdays import SATURDAY, DayKind, ListedDay, YearStatus

MOST_DATES = 200


class ChangeIn(Asked):
    """What of a running year is to be different."""

    yaml: Annotated[str, Field(max_length=500_000), AfterValidator(sound_text)] = ""
    """The changed plan's file, word by word: its stages, dates and ladders; empty: as it is."""
    dates: dict[NameOf, Day] = Field(default_factory=dict, max_length=MOST_DATES, examples=[{"plan.due": "2026-04-15"}])
    """Dates set by hand: `stage.due`, `stage.opens`, `stage.locks`, with `:period` where a stage has periods."""
    calendar: bool = False
    """Also put the calendar in force that the authority entered last."""
    accept_late: bool = False
    """Go on though dates have passed already that the change sets."""


class ReplanIn(ChangeIn, CycleWordsIn):
    """What of a running year is changed, why, and by which document."""


class DateIn(Asked):
    """One date of a stage."""

    part: Literal["opens", "due", "locks"] = "due"
    period: NameOf = Field(default="", examples=[""])
    """Such as `2026-Q1`, where the stage has periods."""
    on: Day
    accept_late: bool = False
    """Go on though the date has passed already."""


class MoveDueIn(DateIn, CycleWordsIn):
    """One date of a stage, why, and by which document."""


class JoinIn(Asked):
    """A unit that is new in a running year."""

    unit: UnitIn
    contacts: list[ContactIn] = Field(default_factory=list, max_length=MOST_ROWS)
    """Contacts that come with it."""
    accept_late: bool = False
    """Also raise what is over already."""


class ApplyJoinIn(JoinIn, CycleWordsIn):
    """A unit that is new in a running year, why, and by which document."""


class LeaveIn(Asked):
    """After which day a unit leaves a running year, and who takes over."""

    on: Day
    """Its last day."""
    successor: UnitKey | Literal[""] = ""
    """Key of the unit to which everything is handed over; empty: it is waived."""
    undeclared: bool = False
    """Also to a unit that the roster does not name as a successor."""
    accept_late: bool = False


class ApplyLeaveIn(LeaveIn, CycleWordsIn):
    """After which day a unit leaves a running year, who takes over, why, and by which document."""


class DayIn(Asked):
    """A date that differs from its weekday."""

    on: Day
    kind: DayKind
    name: Annotated[NameOf, Field(min_length=1, examples=["Quốc khánh"])]
    source: Annotated[NameOf, Field(min_length=1, examples=["CV 12729/VPCP-KGVX"])]
    decision: NameOf = Field(default="", examples=["12729/VPCP-KGVX"])

    @model_validator(mode="after")
    def _make_up_on_saturday_or_sunday(self) -> DayIn:
        if self.kind is DayKind.MAKEUP_WORKDAY and self.on.weekday() < SATURDAY:
            raise _wrong("makeup_on_a_working_day")
        return self

    def listed(self, *, entered_on: date) -> ListedDay:
        """Return the day as a calendar has it."""
        return ListedDay(entered_on=entered_on, **dict(self))


class CalendarYearIn(Asked):
    """The days of one year that differ from their weekday; they take the place of those that the calendar has of it."""

    year: int = Field(ge=2000, le=2100)
    status: Literal[YearStatus.DECIDED, YearStatus.PROJECTED]
    """How sure the days are."""
    days: list[DayIn] = Field(min_length=1, max_length=366)

    @model_validator(mode="after")
    def _each_once_in_the_year(self) -> CalendarYearIn:
        if any(day.on.year != self.year for day in self.days):
            raise _wrong("day_of_another_year")
        if len({day.on for day in self.days}) < len(self.days):
            raise _wrong("day_twice")
        return self


def _wrong(kind: str) -> PydanticCustomError:
    return PydanticCustomError(kind, kind)


# --- back --------------------------------------------------------------------------------------------------------------


class MovedTermOut(Wire):
    """An obligation whose dates the change moves."""

    obligation: int
    stage: str
    party: str
    party_name: str
    due_before: date | None
    due_after: date | None
    mails: int
    """Notices that follow."""
    late: bool
    """The new due date has passed."""


class NewTermOut(Wire):
    """An obligation that the change raises."""

    stage: str
    party: str
    party_name: str
    subject: str
    due: date | None
    late: bool
    """Its due date, or its lock, has passed."""


class EndedTermOut(Wire):
    """An obligation that a unit does not owe any more."""

    obligation: int
    stage: str
    subject: str
    due: date | None


class AdviceOut(Wire):
    """What is unwise about the dates, and was not before."""

    code: str
    where: str
    text: str


class ReplannedOut(Wire):
    """Everything that a change of a running year does; a preview says exactly what applying does."""

    applied: bool
    needs_accept_late: bool
    """It is refused unless `accept_late` is given."""
    mails: int
    """Notices that follow: of dates that moved, and of the plan issued anew."""
    issued: int
    """Of these, of the plan issued anew."""
    cancelled: int
    """Notices not sent yet that become void."""
    late: int
    """Obligations whose date has passed."""
    moved: list[MovedTermOut]
    new: list[NewTermOut]
    ended: list[EndedTermOut]
    """What a unit that leaves does not owe any more."""
    warnings: list[AdviceOut]


class CycleEffectOut(Wire):
    """What a calendar would do to a cycle under way, once it is put in force there."""

    cycle: int
    plan: str
    year: int
    moved: int
    """Obligations whose dates move."""
    late: int
    """Of these, to a date that has passed."""
    mails: int
    cancelled: int
    problem: ProblemOut | None
    """Why it cannot be put in force."""


class CalendarEffectOut(Wire):
    """What an authority's calendar would be, and what it would do to the cycles under way."""

    version: str
    cycles: list[CycleEffectOut]


class CalendarEnteredOut(Wire):
    """The calendar that was entered; running cycles keep theirs until they are replanned."""

    version: str
    year: int
    status: YearStatus
    days: int
