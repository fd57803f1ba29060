"""What goes over the wire about inspections and findings."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.work import Day, LocalHour, NameOf, Reason, Words
from evaluation.inspections.findings import Claim, Outcome
from store.commands.inspections.concluding import LONGEST, MOST_DAYS, Conclusions, Found
from store.commands.inspections.drawing import LONGEST_SEED, Draw
from store.commands.inspections.holding import Hours
from store.commands.inspections.planning import Choice
from store.commands.inspections.reinspecting import Look

MOST_UNITS = 1000
MOST_FINDINGS = 200
Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Seed = Annotated[str, Field(max_length=LONGEST_SEED), AfterValidator(sound_text)]
Count = Annotated[int, Field(ge=1, le=MOST_UNITS)]
Kind = Literal["planned", "surprise", "thematic"]


class PlanInspectionsIn(Asked):
    """Units to be inspected."""

    units: list[NameOf] = Field(default_factory=list, max_length=MOST_UNITS, examples=[["xa-1"]])
    """Keys; left out where they are chosen by record of lateness."""
    by_record: Count | None = None
    """So many units that were late most often, instead of named ones."""
    kind: Kind = "planned"
    day: Day | None = None
    """A surprise needs it: until then its unit sees nothing of it."""
    theme: Words = ""
    stage: NameOf = ""
    """Key of the stage of inspections, where the plan has several."""

    @property
    def choice(self) -> Choice:
        """It as the command takes it."""
        return Choice(stage=self.stage, units=tuple(self.units), kind=self.kind, day=self.day, theme=self.theme)


class DrawIn(Asked):
    """A choice at random."""

    seed: Seed = ""
    """Left out: one is made."""
    wanted: Count | None = None
    """How many; left out: as many as the plan's share still misses."""
    stage: NameOf = ""
    plan: bool = False
    """Put the units drawn into the plan at once; a surprise always is."""
    kind: Kind = "planned"
    day: Day | None = None
    """Of all the units drawn; a surprise needs it: until then no unit drawn sees anything of it."""
    theme: Words = ""

    @property
    def draw(self) -> Draw:
        """It as the command takes it."""
        choice = Choice(stage=self.stage, kind=self.kind, day=self.day, theme=self.theme)
        return Draw(seed=self.seed, wanted=self.wanted, choice=choice, plan=self.plan)


class ScheduleIn(Asked):
    """The day of an inspection."""

    day: Day


class MemberIn(Asked):
    """Somebody of a team."""

    contact: NameOf = Field(min_length=1, examples=["head.so-tu-phap"])
    """Key."""
    is_lead: bool = False
    valid_from: Day | None = None
    valid_to: Day | None = None


class TeamIn(Asked):
    """A team: one lead, and members."""

    members: list[MemberIn] = Field(min_length=1, max_length=100)


class MinutesIn(Asked):
    """The minutes of an inspection."""

    held_on: Day
    began: LocalHour | None = None
    """Local, of that day; left out: left open in the minutes."""
    ended: LocalHour | None = None
    number: Reason = Field(examples=["05/BB-ĐKT ngày 15/04/2026"])
    text: Words = ""

    @property
    def hours(self) -> Hours:
        """From when to when, as the command takes it: to the minute, local."""
        return Hours(began=_local(self.began), ended=_local(self.ended))


def _local(hour: time | None) -> time | None:
    return None if hour is None else time(hour.hour, hour.minute)


class FoundIn(Asked):
    """A finding."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(sound_text)]
    basis: Words = ""
    """Legal."""
    criterion: NameOf = ""
    """Key."""
    days: Days | None = None
    """Calendar days from the conclusions; left out: as the plan's stage of remedies says."""

    @property
    def found(self) -> Found:
        """It as the command takes it."""
        return Found(text=self.text, basis=self.basis, criterion=self.criterion, days=self.days)


class ConclusionsIn(Asked):
    """The conclusions of an inspection."""

    on: Day
    number: Reason = Field(examples=["12/TB-ĐKT ngày 20/04/2026"])
    text: Words = ""
    findings: list[FoundIn] = Field(default_factory=list, max_length=MOST_FINDINGS)

    @property
    def conclusions(self) -> Conclusions:
        """They as the command takes them."""
        return Conclusions(number=self.number, on=self.on, text=self.text, found=tuple(one.found for one in self.findings))


class RemedyIn(Asked):
    """What a unit did about a finding."""

    claim: Claim
    text: Reason
    no_evidence: Words = ""
    """Why no file is attached to the remedy; asked where something is said to be done and none is."""
    document: Words = ""
    received_on: Day | None = None
    """When a paper came in that the standing body files for the unit."""


class LookIn(Asked):
    """What a re-inspection found."""

    outcome: Outcome
    text: Reason
    number: Words = ""
    reopen: bool = False
    """Ask for a further remedy."""
    days: Days | None = None
    """Of that remedy."""
    added: list[FoundIn] = Field(default_factory=list, max_length=MOST_FINDINGS)

    @property
    def look(self) -> Look:
        """It as the command takes it."""
        added = tuple(one.found for one in self.added)
        return Look(outcome=self.outcome, text=self.text, number=self.number, reopen=self.reopen, days=self.days, added=added)


class ReopenIn(Asked):
    """A further remedy."""

    days: Days | None = None
