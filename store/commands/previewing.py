"""What a change of a running year would do, and what of it cannot be meant: dates that are none, out of order, or over already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.lint import order_of_dates
from evaluation.projection import PARTS
from evaluation.terms import BY_PLAN
from store.commands.issuing import told_of_an_issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from evaluation.lints import Lint
    from evaluation.obligations import Obligation
    from evaluation.plans import Plan
    from evaluation.terms import Term
    from evaluation.workdays import Calendar
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One obligation whose dates the change moves."""

    obligation: int
    stage: str
    party: int
    due_before: date | None
    due_after: date | None
    mails: int  #: notices that go out because of it
    late: bool = False  #: its new due date has passed


@dataclass(frozen=True, kw_only=True)
class New:
    """One obligation that the change raises: of a new line, or of a party new to the roster."""

    stage: str
    party: int
    subject: str
    due: date | None
    late: bool = False  #: its due date, or its lock, has passed


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Everything that a change would do; applying it does exactly this."""

    moved: tuple[Moved, ...]
    new: tuple[New, ...] = ()
    issued: int = 0  #: notices that make the changed plan known, once the tick issues it
    warnings: tuple[Lint, ...] = ()  #: what is unwise about the dates, and was not before

    @property
    def raised(self) -> int:
        """How many obligations are new."""
        return len(self.new)

    @property
    def mails(self) -> int:
        """How many notices follow: of dates that moved, and of the plan issued anew."""
        return sum(one.mails for one in self.moved) + self.issued

    @property
    def late(self) -> int:
        """How many obligations get dates that have passed."""
        return sum(one.late for one in self.moved) + sum(one.late for one in self.new)


@dataclass(frozen=True, kw_only=True)
class Intended:
    """A year as it will be: the plan, the calendar and the dates that are known or set by hand."""

    plan: Plan
    calendar: Calendar
    known: Mapping[str, date]


def strange_dates(plan: Plan, names: Iterable[str], *, year: int) -> list[tuple[str, str]]:
    """Return what is wrong with names of dates (`report.due`, `report.due:2026-Q1`), in Vietnamese and English."""
    stages = {stage.key: stage for stage in plan.stages}
    found = []
    for name in names:
        key, _, rest = name.partition(".")
        part, colon, period = rest.partition(":")
        if key not in stages or part not in PARTS:
            parts, keys = " | ".join(PARTS), ", ".join(stages)
            vi = f"không có mốc “{name}”; viết CÔNG-ĐOẠN.({parts}), công đoạn: {keys}"
            found.append((vi, f"there is no date “{name}”; write STAGE.({parts}), stages: {keys}"))
            continue
        periods = [own.key for own in stages[key].periods_of(year) if own]
        if colon and period not in periods:
            listed = ", ".join(periods)
            vi = f"không có mốc “{name}”: " + (
                f"các kỳ của công đoạn này: {listed}" if periods else f"công đoạn này không chia kỳ, viết {key}.{part}"
            )
            en = f"there is no date “{name}”: " + (
                f"the stage has {listed}" if periods else f"the stage has no periods, write {key}.{part}"
            )
            found.append((vi, en))
    return found


def new_lints(before: Intended, after: Intended, *, year: Year) -> list[Lint]:
    """Return what the change makes wrong with the order of the dates; what was so before stays as it was."""
    said = {(one.code, one.where, one.message_en) for one in _lints(before, year)}
    return [one for one in _lints(after, year) if (one.code, one.where, one.message_en) not in said]


def _lints(intended: Intended, year: Year) -> tuple[Lint, ...]:
    return order_of_dates(intended.plan, roster=year.people.roster, year=year.evaluated, calendar=intended.calendar, known=intended.known)


def notices_of_issue(year: Year) -> int:
    """Return how many notices make a changed plan known, where a stage of the year issues plans."""
    issues = any(ref.kind is StageKind.PLAN_ISSUANCE for ref in year.stages.values())
    return len(told_of_an_issue(year)) if issues else 0


def moved_into_the_past(obligation: Obligation, term: Term, *, passed: Collection[tuple[str, str]], period: str, now: datetime) -> bool:
    """Return whether the plan's own due date moves to one that has passed; one that is counted from a release to come moves again."""
    if term.due_at is None or term.due_at > now or term.due_at == obligation.term.due_at or term.made_as not in BY_PLAN:
        return False
    return obligation.released or (obligation.stage, period) in passed
