"""
Facts of a report period: what the standing body's report to the chair is drafted from.

Counted from the units' obligations of one period as they stand at a moment. A unit has sent when a submission of it stands, accepted or
not; one that was taken back before its review has not. How late it counts is the plan's `on_time_by`. What is waived or handed over is
owed by nobody and counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.group_names import GROUP_NAMES
from evaluation.obligations import Obligation, State, is_uncorrected
from evaluation.reports.checks import value_of
from evaluation.reports.forms import FieldKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from evaluation.improvement.counts import UnitMeasures
    from evaluation.reports.forms import Answers, ReportForm
    from evaluation.reports.periods import ReportPeriod

_SENT = frozenset({State.SUBMITTED, State.ACCEPTED})
_NOT_OWED = frozenset({State.WAIVED, State.TRANSFERRED})
_MOST_SAID = 1_000


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit that owes a report, and its obligation."""

    name: str
    group: str  #: key; empty: none
    obligation: Obligation


@dataclass(frozen=True, kw_only=True)
class Named:
    """A unit that is named in the report, and why."""

    unit: str
    obligation: int
    days_late: int = 0  #: of what was sent late


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """How the units of a ranking group stand; each number is that of the ids behind it."""

    group: str
    name: str
    owing: tuple[int, ...]
    in_time: tuple[int, ...]
    late: tuple[int, ...]
    missing: tuple[int, ...]
    uncorrected: tuple[int, ...]  #: returned, and the correction is overdue; sent all the same


@dataclass(frozen=True, kw_only=True)
class FieldSum:
    """A number of the form, added up over the units that sent it."""

    field: str
    title: str
    unit: str
    total: Decimal
    obligations: tuple[int, ...]  #: whose numbers it is made of


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a unit proposes."""

    unit: str
    obligation: int
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class InspectionDeeds:
    """What was inspected and followed up in the data period, each number by the entries of the journal behind it."""

    held: Mapping[str, tuple[int, ...]]  #: by kind (planned, surprise, thematic), by the day on which it was held
    found: tuple[int, ...]  #: findings of conclusions of the period; by the entries that raised their first remedies
    open: tuple[int, ...]  #: findings that nobody has closed, whenever they were found; likewise
    remedied: tuple[int, ...]  #: findings closed in the period: confirmed, not claimed
    reinspected: tuple[int, ...]  #: outcomes of re-inspections
    handled: tuple[int, ...]  #: decisions of strict handling

    def entries(self) -> dict[str, tuple[int, ...]]:
        """Return the entries behind each number, by its name."""
        kinds = {f"inspected/{kind}": entries for kind, entries in self.held.items()}
        return kinds | {f"findings/{what}": getattr(self, what) for what in ("found", "open", "remedied", "reinspected", "handled")}


@dataclass(frozen=True, kw_only=True)
class Deeds:
    """What was done in the period, each number by the entries of the journal behind it."""

    urged: Mapping[str, tuple[int, ...]]  #: mail, phone, letter
    extended: tuple[int, ...]
    inspections: InspectionDeeds

    def entries(self) -> dict[str, tuple[int, ...]]:
        """Return the entries behind each number, by its name: `urged/phone`, `inspected/surprise`, `findings/remedied`."""
        ways = {f"urged/{by}": entries for by, entries in self.urged.items()}
        return {**ways, "extended": self.extended, **self.inspections.entries()}


@dataclass(frozen=True, kw_only=True)
class PeriodFacts:
    """Everything that the draft of a period's report says."""

    cycle: int
    year_title: str
    stage: str  #: key of the report that is drafted
    obligation: int | None  #: that owes it; None where nobody does yet
    period: ReportPeriod
    as_of: datetime
    as_of_on: date  #: local
    due_on: date | None
    groups: tuple[GroupFacts, ...]
    late: tuple[Named, ...]
    missing: tuple[Named, ...]
    uncorrected: tuple[Named, ...]
    deeds: Deeds
    sums: tuple[FieldSum, ...]
    proposals: tuple[Proposal, ...]
    measures: tuple[UnitMeasures, ...] = ()  #: of improvement, as they stand at the moment

    def numbers(self) -> dict[str, Decimal]:
        """Return every number of the report under its name: `late/so`, `urged/phone`, `sum/hs-tiep-nhan`."""
        of_groups = {
            f"{what}/{group.group}": Decimal(len(getattr(group, what.replace("-", "_"))))
            for group in self.groups
            for what in ("owing", "in-time", "late", "missing", "uncorrected")
        }
        of_deeds = {name: Decimal(len(entries)) for name, entries in self.deeds.entries().items()}
        return of_groups | of_deeds | {f"sum/{one.field}": one.total for one in self.sums}


def has_sent(one: Obligation) -> bool:
    """Return whether a submission of it stands."""
    return one.days_late is not None and (one.state in _SENT or one.rounds > 0)


def is_owed(one: Obligation) -> bool:
    """Return whether somebody owes it, or has done it."""
    return one.state not in _NOT_OWED


def group_facts(units: Sequence[Unit], *, now: datetime) -> tuple[GroupFacts, ...]:
    """Return how each group stands, in the order in which the units come; units of no group come last."""
    owed = [unit for unit in units if is_owed(unit.obligation)]
    keys = sorted(dict.fromkeys(unit.group for unit in owed), key=lambda key: not key)
    return tuple(_group(key, [unit.obligation for unit in owed if unit.group == key], now=now) for key in keys)


def _group(key: str, owed: Sequence[Obligation], *, now: datetime) -> GroupFacts:
    return GroupFacts(
        group=key,
        name=GROUP_NAMES[key][0] if key in GROUP_NAMES else key,
        owing=_ids(owed),
        in_time=_ids(one for one in owed if has_sent(one) and not one.days_late),
        late=_ids(one for one in owed if has_sent(one) and one.days_late),
        missing=_ids(one for one in owed if not has_sent(one)),
        uncorrected=_ids(one for one in owed if is_uncorrected(one, now=now)),
    )


def _ids(some: Iterable[Obligation]) -> tuple[int, ...]:
    return tuple(one.id for one in some)


def named(units: Sequence[Unit], ids: Iterable[int]) -> tuple[Named, ...]:
    """Return the units of these obligations, the latest first, then by name."""
    wanted = set(ids)
    found = [
        Named(unit=one.name, obligation=one.obligation.id, days_late=one.obligation.days_late or 0)
        for one in units
        if one.obligation.id in wanted
    ]
    return tuple(sorted(found, key=lambda one: (-one.days_late, one.unit)))


def field_sums(form: ReportForm, reports: Mapping[int, Answers]) -> tuple[FieldSum, ...]:
    """Return the numbers of the form that can be added up (counts, not shares), over the reports by obligation."""
    sums = []
    for field in form.fields:
        if field.kind is FieldKind.NUMBER and field.unit != "%":
            found = {ident: number for ident, answers in sorted(reports.items()) if (number := value_of(answers, field.key)) is not None}
            total = sum(found.values(), Decimal())
            sums.append(FieldSum(field=field.key, title=field.title, unit=field.unit, total=total, obligations=tuple(found)))
    return tuple(sums)


def proposals_in(
    form: ReportForm, reports: Mapping[int, Answers], *, names: Mapping[int, str], section: str = "kien-nghi"
) -> tuple[Proposal, ...]:
    """Return what the units wrote into the texts of a section, as they wrote it, at most a thousand characters each."""
    fields = [field for one in form.sections if one.key == section for field in one.fields if field.kind is FieldKind.TEXT]
    return tuple(
        Proposal(unit=names[ident], obligation=ident, title=field.title, text=text[:_MOST_SAID])
        for ident, answers in sorted(reports.items())
        for field in fields
        if isinstance(text := answers.get(field.key, ""), str) and text
    )
