"""
Plans: stages, dates, ladders and the words they rest on, as frozen records.

A plan is data: nothing in it decides. The YAML form is described in docs/plan-format.md and read by `config.loader`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.due_rules import DayUnit, DueRule, Period
from evaluation.reports.forms import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

    from evaluation.improvement.settings import Improving
    from evaluation.kinds import Audience, MessageKind, PartyKind, StageKind
    from evaluation.papers import Purpose
    from evaluation.scores.rules import CouncilRules, SurveyRules


class Until(StrEnum):
    """What must have happened in the stage that is waited for."""

    ALL_DONE = "all_done"  #: every obligation accepted, waived or transferred
    LOCKED = "locked"  #: its lock (or due, where it has no lock) has passed
    DECIDED = "decided"  #: at least one obligation accepted and none open


class Periods(StrEnum):
    """How often in the evaluated year a stage comes round."""

    ONCE = "once"
    QUARTERS = "quarters"
    HALVES = "halves"
    MONTHS = "months"


class CountFrom(StrEnum):
    """From which moment of a term a rung's offset counts."""

    DUE = "due"
    LOCK = "lock"


class OnTimeBy(StrEnum):
    """Which of several submissions, one after each return, says whether what is owed was done in time."""

    FIRST = "first"
    WORST = "worst"  #: one late submission is late, whatever followed or went before
    LAST = "last"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step of a ladder, counted from the last included date of a term (or from its lock)."""

    key: str  #: `T-7`, `T+3`; unique in its ladder
    offset: int  #: days; negative before
    unit: DayUnit = DayUnit.CALENDAR
    counted_from: CountFrom = CountFrom.DUE
    audience: tuple[Audience, ...]
    message: MessageKind
    also_by_urging: bool = False  #: an urging by phone or letter counts as this rung
    paper: Purpose | None = None  #: an official paper that the standing body is asked to sign when it fires


@dataclass(frozen=True, kw_only=True)
class Selector:
    """
    Which parties of the roster a line of the plan means.

    Every given field narrows; `keys` names parties one by one and adds to the rest.
    """

    kind: PartyKind | None = None
    groups: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    except_keys: tuple[str, ...] = ()


class ItemsFrom(StrEnum):
    """Where further items of a deliverable come from."""

    CRITERIA = "criteria"  #: the leaves of the criteria set that the cycle uses for the unit's group


@dataclass(frozen=True, kw_only=True)
class Item:
    """A named part of a deliverable."""

    key: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A stage that must have got somewhere before this one is released."""

    stage: str
    until: Until


@dataclass(frozen=True, kw_only=True)
class TurnRule:
    """How long a review or a correction may take, and its ladder. No count: no due and an empty ladder."""

    count: int | None = None
    unit: DayUnit = DayUnit.CALENDAR
    ladder: str = ""


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Within what bounds the plan lets a term be extended."""

    allowed: bool = True
    at_most_days: int | None = None  #: calendar days past the due that the turn had before any extension; None: the approver decides
    at_most_times: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReportRule:
    """What makes a stage with periods a link in a chain of reports."""

    cut_off: int = 14  #: day of the period's last month on which the data are closed (CV 581/BNV-CCHC)
    form: str = ""  #: key of the form that is filled in; empty: none
    feeds: str = ""  #: key of the stage whose report is made of these; empty: the chain ends here
    measures: Severity = Severity.WARNING  #: how bad it is that a report tells no progress of a measure


@dataclass(frozen=True, kw_only=True)
class Inspecting:
    """What a stage of inspections says of the year's choice, and which stages its findings are followed up in."""

    share: int | None = None  #: per cent of the units, at least; None: the plan says none
    among: Selector | None = None  #: the units of which that is the share; None: those that the stage is about, else all
    neglected_after: int = 3  #: a unit not inspected for more years is named
    notice: int = 5  #: a planned inspection is told so long before its day
    notice_unit: DayUnit = DayUnit.WORKING
    remedy: str = ""  #: key of the stage in which a finding's remedy is owed; its `due` is the term of a finding that says none
    reinspection: str = ""  #: key of the stage of re-inspections
    rounds: int = 2  #: uncorrected so often: strict handling is proposed
    proposal: str = ""  #: key of the stage in which the standing body proposes it
    handling: str = ""  #: key of the stage in which the chair decides it


@dataclass(frozen=True, kw_only=True)
class Document:
    """An official document that a line rests on; empty text where the source does not print it."""

    key: str
    kind: str  #: QĐ, KH, CV, TB, BC, TTr, BB, NQ …
    number: str
    issuer: str
    dated: date | None
    title: str
    source: str  #: where we read of it; `none` if nowhere


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A line of the plan."""

    key: str
    kind: StageKind
    title: str
    title_en: str
    owed_by: Selector
    coordinating: Selector | None = None
    owed_to: str  #: key of the party that is addressed
    through: str = ""  #: key of the party that receives; received there is received in time
    about: Selector | None = None  #: one obligation per party of these, as its subject (the unit appraised)
    subjects: tuple[str, ...] = ()  #: one obligation per word, as its subject
    periods: Periods = Periods.ONCE
    only_periods: tuple[str, ...] = ()  #: which of the year's periods (`Q1`, `M03`); all if empty
    opens: DueRule
    due: DueRule | None  #: None: no date is known; nothing is late until someone sets one
    locks: DueRule | None = None
    deliverable: str
    items: tuple[Item, ...] = ()
    items_from: ItemsFrom | None = None  #: further items, which no plan can name: they follow on its own
    ladder: str = ""
    review: TurnRule = TurnRule()
    correction: TurnRule = TurnRule()
    extension: Extension = Extension()
    sign_off: bool = True  #: the officer prepares, the head submits
    appraises_own: bool = False  #: a lead may appraise the unit it belongs to
    four_eyes: bool = False  #: an appraisal: each score is confirmed by a second appraiser
    accepts_late: bool = True  #: a lapsed obligation may still be submitted
    on_time_by: OnTimeBy = OnTimeBy.WORST
    uncorrected_after: int | None = None  #: from this return for correction on, the standing body is asked to sign an urging letter
    on_request: bool = False  #: raised by a request or an event, not at the launch
    announces: bool = True  #: opening is told to who owes and to who co-ordinates
    waits_for: tuple[Wait, ...] = ()
    report: ReportRule | None = None  #: a periodic report: its data, its form, what it goes into
    inspection: Inspecting | None = None  #: of a stage of inspections: the choice, and where findings are followed up
    improvement: Improving | None = None  #: of a stage of improvement: whose criteria, and where its measures are owed
    survey: SurveyRules | None = None  #: of a survey: whether it is held, and how many ballots it takes
    council: CouncilRules | None = None  #: of the council's decision: quorum and majority
    words: str  #: the literal words of the line
    basis: str = ""  #: key of the document it rests on
    source: str = "none"  #: `seed 001 s12`, `customary`, `none`
    line: int = 0  #: where it stands in the file

    def periods_of(self, year: int) -> tuple[Period | None, ...]:
        """Return the periods of the evaluated year in which the stage comes round; (None,) if once."""
        match self.periods:
            case Periods.ONCE:
                return (None,)
            case Periods.QUARTERS:
                every = tuple(Period.quarter(year, number) for number in range(1, 5))
            case Periods.HALVES:
                every = tuple(Period.half(year, number) for number in range(1, 3))
            case _:
                every = tuple(Period.month(year, number) for number in range(1, 13))
        return tuple(p for p in every if not self.only_periods or p.key.split("-")[1] in self.only_periods)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan of one evaluated year, as read from its file."""

    key: str
    title: str
    title_en: str
    year: int  #: the evaluated year it was written for
    reference_on: date  #: the roster is taken as of this date
    authority: str
    authority_name: str
    roster: str
    standing_body: str  #: key of the party that runs the year
    chair: str  #: key of the party that is escalated to last
    slot: time  #: local time at which mail leaves on working days
    mails_per_day: int  #: ceiling of mails per person and day, for the lint
    ladders: Mapping[str, tuple[Rung, ...]]
    documents: tuple[Document, ...]
    stages: tuple[Stage, ...]
    file: str = ""
    digest: bool = True  #: the coordinator's daily digest
    criteria: Mapping[str, str] = field(default_factory=dict)  #: unit group → key of the criteria set that it is measured by

    def named_for(self, year: int) -> Plan:
        """
        Return the plan with its titles speaking of another evaluated year: a plan of 2026 launched for 2025 says 2025.

        The years next to the plan's own move with it; the literal words of a line, its documents and its dates stay as they are.
        """
        return replace(
            self,
            title=self._renamed(self.title, year),
            title_en=self._renamed(self.title_en, year),
            stages=tuple(
                replace(
                    stage,
                    title=self._renamed(stage.title, year),
                    title_en=self._renamed(stage.title_en, year),
                    deliverable=self._renamed(stage.deliverable, year),
                )
                for stage in self.stages
            ),
        )

    def _renamed(self, words: str, year: int) -> str:
        near = {str(self.year + offset): str(year + offset) for offset in (-1, 0, 1)}
        return re.sub(r"(?<!\d)\d{4}(?!\d)", lambda found: near.get(found[0], found[0]), words)

    def stage(self, key: str) -> Stage:
        """Return the stage of that key; KeyError if there is none."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)

    def ladder(self, name: str) -> tuple[Rung, ...]:
        """Return the ladder of that name; the empty name is the empty ladder."""
        return self.ladders[name] if name else ()
