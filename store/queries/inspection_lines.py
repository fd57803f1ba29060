"""Lines of inspections, findings and draws, as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from evaluation.inspections.findings import FindingStatus, Link
    from evaluation.obligations import State


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    """Somebody of a team."""

    contact: str  #: key
    name: str
    is_lead: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class InspectionLine:
    """An inspection in a list; its number is that of the team's obligation."""

    id: int
    cycle: int
    stage: str
    unit: str  #: key
    unit_name: str
    group: str
    team: str  #: name of the party that inspects
    kind: str
    chosen: str
    theme: str
    day: date | None
    held_on: date | None
    began: time | None
    ended: time | None
    minutes: str
    minutes_text: str
    concluded_on: date | None
    conclusions: str
    conclusions_text: str
    state: State
    due_on: date | None
    hidden: bool  #: from its unit, until its day
    findings: int
    open_findings: int
    moves: int
    members: tuple[MemberLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """Something that followed of a finding."""

    kind: str
    number: int
    round: int
    obligation: int
    party: str  #: name of who owes it
    state: State
    due_on: date | None
    late: bool
    said: str
    said_at: datetime | None
    note: str
    document: str


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """A finding with its way."""

    id: int
    cycle: int
    key: str
    inspection: int
    unit: str  #: key of who has to remedy it now
    unit_name: str
    text: str
    basis: str
    criterion: str
    at: datetime
    age: int  #: calendar days it has been open, or was
    due_on: date | None  #: of the last remedy
    late: bool
    days_late: int  #: calendar days after that due date; 0: not late
    status: FindingStatus
    closed_at: datetime | None
    closed_why: str
    closed_basis: str
    links: tuple[Link, ...]
    steps: tuple[StepLine, ...]
    moves: int  #: of the last remedy: its version


@dataclass(frozen=True, kw_only=True)
class FindingBehind:
    """The finding that a remedy or a re-inspection is about."""

    inspection: int
    number: str  #: of its unit in the year
    text: str
    kind: str  #: what the obligation is to it: `remedy`, `reinspection`
    said: str  #: how far it is remedied, or the outcome; empty: not said yet


@dataclass(frozen=True, kw_only=True)
class DrawLine:
    """A draw, with everything that repeats it."""

    id: int
    stage: str
    seed: str
    wanted: int
    pool: tuple[str, ...]
    result: tuple[str, ...]
    at: datetime
