"""The survey of a cycle as people read it: its questions, ballots planned, issued, returned and valid, and what closing came to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.scores.ballots import Mode, Spoiled, Tally, tally, tally_faults
from evaluation.scores.index import NO_SURVEY_WORDS
from evaluation.scores.rules import SurveyRules
from evaluation.scores.survey import rules_of_plan
from store.survey import closed_of, form_of, samples_of, sorted_of, surveyed_units, unit_keys
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.scores.ballots import QuestionSet
    from store.session import Store
    from store.survey import Closed, Form
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Ballots planned, handed out, back, and valid."""

    planned: int = 0
    issued: int = 0
    returned: int = 0
    valid: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(
            planned=self.planned + other.planned,
            issued=self.issued + other.issued,
            returned=self.returned + other.returned,
            valid=self.valid + other.valid,
        )

    @property
    def is_full(self) -> bool:
        """Whether every planned ballot is back and valid."""
        return self.valid >= self.planned

    @property
    def share(self) -> int:
        """Valid ballots in per cent of those planned, at most 100; 0 where none is planned."""
        return min(100, self.valid * 100 // self.planned) if self.planned else 0


@dataclass(frozen=True, kw_only=True)
class UnitCounts:
    """A row of the matrix: a unit, its counts by group of respondents."""

    unit: str
    name: str
    group: str
    counts: Mapping[str, Counts]
    points: Mapping[str, str]  #: by leaf, once the survey is closed
    left_out: tuple[str, ...] = ()  #: groups of respondents that sent too few

    @property
    def whole(self) -> Counts:
        """All groups together."""
        return sum(self.counts.values(), Counts())


@dataclass(frozen=True, kw_only=True)
class SurveyView:
    """The survey of a cycle."""

    cycle: int
    rules: SurveyRules
    form: int = 0  #: number of the question sets' version; 0: there are none
    title: str = ""
    is_example: bool = False
    sets: tuple[QuestionSet, ...] = ()
    rows: tuple[UnitCounts, ...] = ()
    modes: Mapping[str, Counts] = field(default_factory=dict)  #: direct, online
    spoiled: Mapping[Spoiled, int] = field(default_factory=dict)
    warnings: tuple[tuple[str, str], ...] = ()  #: in Vietnamese and English
    closed: Closed | None = None

    @property
    def respondents(self) -> tuple[str, ...]:
        """The groups of respondents, in the order of the question sets."""
        return tuple(dict.fromkeys(one.respondents for one in self.sets))

    @property
    def totals(self) -> dict[str, Counts]:
        """The counts of each group over all units."""
        return {group: sum((row.counts.get(group, Counts()) for row in self.rows), Counts()) for group in self.respondents}

    @property
    def whole(self) -> Counts:
        """Everything together."""
        return sum(self.totals.values(), Counts())

    def note(self, language: str) -> str:
        """Return what has to be said of a year without a survey; empty if there is one."""
        return "" if self.rules.held else NO_SURVEY_WORDS[0 if language == "vi" else 1]


def survey_view(store: Store, connection: Connection, cycle: int, *, now: datetime) -> SurveyView:
    """Return the survey of a cycle; the number of queries does not grow with its units. NoSuchCycleError."""
    year = load_year(store, connection, cycle, now=now)
    rules, form = rules_of_plan(year.plan), form_of(connection, cycle)
    if form is None:
        return SurveyView(cycle=cycle, rules=rules)
    found = sorted_of(connection, year, form)
    tallies = tally(samples_of(connection, cycle, keys=unit_keys(year)), found, sets=form.questions.sets)
    closed = closed_of(connection, cycle)
    spoiled: dict[Spoiled, int] = defaultdict(int)
    for _, why in found.spoiled:
        spoiled[why] += 1
    return SurveyView(
        cycle=cycle,
        rules=rules,
        form=form.number,
        title=form.questions.title,
        is_example=form.questions.is_example,
        sets=form.questions.sets,
        rows=_rows(year, form, tallies, closed),
        modes={mode.value: sum((_counts(one) for one in tallies if one.mode is mode), Counts()) for mode in Mode},
        spoiled=spoiled,
        warnings=tuple((one.text("vi"), one.text("en")) for one in tally_faults(tallies)),
        closed=closed,
    )


def _counts(one: Tally) -> Counts:
    return Counts(planned=one.planned, issued=one.issued, returned=one.returned, valid=one.valid)


def _rows(year: Year, form: Form, tallies: Sequence[Tally], closed: Closed | None) -> tuple[UnitCounts, ...]:
    counts: dict[str, dict[str, Counts]] = defaultdict(dict)
    for one in tallies:
        counts[one.unit][one.respondents] = counts[one.unit].get(one.respondents, Counts()) + _counts(one)
    names = {party.key: party.name for party in year.people.roster.parties}
    results = closed.results if closed is not None else {}
    return tuple(
        UnitCounts(
            unit=unit,
            name=names[unit],
            group=group,
            counts=counts.get(unit, {}),
            points=results[unit].points if unit in results else {},
            left_out=results[unit].left_out if unit in results else (),
        )
        for unit, group in surveyed_units(year, form).items()
    )
