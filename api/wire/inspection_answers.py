"""What the API answers about inspections and findings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from api.wire.work import LocalHour

if TYPE_CHECKING:
    from evaluation.inspections.coverage import Coverage
    from store.queries.inspection_lines import DrawLine, FindingLine, InspectionLine


class DrawOut(BaseModel):
    """A draw, with everything that repeats it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: int
    seed: str
    wanted: int
    pool: list[str]
    """Keys of the units that were drawn from, sorted."""
    result: list[str]
    """Keys of the units drawn: the smallest SHA-256 of seed, new line, key."""


class PlannedOut(BaseModel):
    """The inspections that were put into the plan."""

    inspections: list[int]


class MemberOut(BaseModel):
    """Somebody of a team."""

    contact: str
    name: str
    is_lead: bool
    valid_from: date | None
    valid_to: date | None


class InspectionOut(BaseModel):
    """An inspection; its number is that of the team's obligation."""

    id: int
    cycle: int
    stage: str
    unit: str
    unit_name: str
    group: str
    team: str
    kind: str
    chosen: str
    theme: str
    day: date | None
    held_on: date | None
    began: LocalHour | None
    ended: LocalHour | None
    minutes: str
    minutes_text: str
    concluded_on: date | None
    conclusions: str
    conclusions_text: str
    state: str
    due_on: date | None
    hidden: bool
    findings: int
    open_findings: int
    moves: int
    members: list[MemberOut]

    @classmethod
    def of(cls, line: InspectionLine) -> InspectionOut:
        """Return a line as it is answered."""
        return cls.model_validate(asdict(line))


class LinkOut(BaseModel):
    """One chip of a finding's line."""

    kind: str
    number: int
    word: str
    done: bool


class StepOut(BaseModel):
    """Something that followed of a finding."""

    kind: str
    number: int
    round: int
    obligation: int
    party: str
    state: str
    due_on: date | None
    late: bool
    said: str
    said_at: datetime | None
    note: str
    document: str


class FindingOut(BaseModel):
    """A finding with its way."""

    id: int
    cycle: int
    key: str
    inspection: int
    unit: str
    unit_name: str
    text: str
    basis: str
    criterion: str
    at: datetime
    age: int
    due_on: date | None
    late: bool
    status: str
    status_en: str
    closed_at: datetime | None
    closed_why: str
    closed_basis: str
    links: list[LinkOut]
    steps: list[StepOut]

    @classmethod
    def of(cls, line: FindingLine) -> FindingOut:
        """Return a line as it is answered."""
        return cls.model_validate({**asdict(line), "status": line.status.vi, "status_en": line.status.en})


class InspectionsOut(BaseModel):
    """Inspections, by unit."""

    items: list[InspectionOut]


class FindingsOut(BaseModel):
    """Findings, by number."""

    items: list[FindingOut]


class InspectionDetailOut(InspectionOut):
    """An inspection with its findings."""

    finding_lines: list[FindingOut]


class CoveredOut(BaseModel):
    """How far a group is reached."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    group: str
    """Empty: all."""
    units: int
    planned: int
    inspected: int
    wanted: int | None
    """Of the plan's share; null: the plan says none."""


class CoverageOut(BaseModel):
    """What the inspections of a stage reach."""

    stage: str
    whole: CoveredOut
    groups: list[CoveredOut]
    neglected: list[str]

    @classmethod
    def of(cls, stage: str, one: Coverage) -> CoverageOut:
        """Return it as it is answered."""
        groups = [CoveredOut.model_validate(asdict(group)) for group in one.groups]
        whole = CoveredOut.model_validate(asdict(one.whole))
        return cls(stage=stage, whole=whole, groups=groups, neglected=[unit.unit for unit in one.neglected])


class ReachedOut(BaseModel):
    """What the inspections of a cycle reach, and how its units were drawn."""

    stages: list[CoverageOut]
    draws: list[DrawOut]

    @classmethod
    def of(cls, reached: dict[str, Coverage], draws: list[DrawLine]) -> ReachedOut:
        """Return it as it is answered."""
        return cls(
            stages=[CoverageOut.of(stage, one) for stage, one in reached.items()],
            draws=[
                DrawOut.model_validate({key: value for key, value in asdict(one).items() if key in DrawOut.model_fields}) for one in draws
            ],
        )
