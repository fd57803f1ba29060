"""What goes over the wire: instants in ISO 8601 with their offset, UTC, and beside each the local date that people say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from api.probing import PrefectState
from evaluation.cycles import CycleState
from evaluation.kinds import StageKind
from evaluation.obligations import Punctuality, State
from evaluation.terms import TermReason, Turn
from store.outbox.states import MessageState

if TYPE_CHECKING:
    from store.queries.health import Holder, LastTick, OldestDue, OldestUnsent, Whose
    from store.queries.obligations import ObligationLine
    from store.queries.status import CycleStatus

_TICK_OF_A_CLOCK = timedelta(microseconds=1)


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


Instant = Annotated[
    datetime,
    PlainSerializer(_in_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-19T17:00:00+00:00"]}),
]


class Wire(BaseModel):
    """Anything sent; it may be filled from a record of the same names."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


class CountsOut(Wire):
    """What is counted of a stage, or of a whole cycle, as of now."""

    obligations: int
    counts: dict[State, int]
    """By state; only states that occur."""
    late: int
    """The party's turn, and overdue."""
    uncorrected: int
    """Of these, returned for correction."""
    review_overdue: int
    """The receiver's turn, and overdue."""
    next_due: date | None
    """The next due date that has not passed, included."""


class StageOut(Wire):
    """A line of a cycle's plan."""

    key: str = Field(validation_alias="stage")
    kind: StageKind
    title: str
    title_en: str
    waits: bool
    """For another stage."""
    total: CountsOut


class CycleOut(Wire):
    """A plan launched for an authority and an evaluated year."""

    id: int = Field(validation_alias="cycle")
    authority: str
    authority_name: str
    sandbox: bool
    """Nothing in it is real."""
    plan: str
    year: int
    """The evaluated one."""
    state: CycleState
    title: str
    title_en: str
    plan_version: int
    mail_held: bool
    launched_at: Instant | None
    launched_on: date | None
    zone: str
    whole: bool
    """All of it may be read, and its status table; false: what is counted is what may be read."""
    total: CountsOut

    @classmethod
    def of(cls, status: CycleStatus, *, whole: bool) -> Self:
        """Return what is sent of a cycle."""
        launched_on = _local(status.launched_at, zone=status.zone)
        return cls.model_validate({**vars(status), "launched_on": launched_on, "whole": whole})


class CycleDetailOut(CycleOut):
    """A cycle with its stages in the plan's order."""

    stages: list[StageOut]


class CyclesOut(Wire):
    """Every cycle that is served."""

    items: list[CycleOut]


class ObligationOut(Wire):
    """What one party owes about one subject, as of now."""

    id: int
    authority: str
    cycle: int
    plan: str
    year: int
    stage: str
    kind: StageKind
    title: str
    title_en: str
    party: str
    party_name: str
    subject: str
    """A period such as `2026-Q1`, the unit appraised, …; empty where there is nothing to tell apart."""
    state: State
    status: str
    """What officers call the state."""
    status_en: str
    suspended: bool
    turn: Turn
    """Whose turn it is."""
    term: int
    reason: TermReason
    """Why the current term was written."""
    opens_at: Instant | None
    opens_on: date | None
    due_at: Instant | None
    """The instant from which it is too late."""
    due_on: date | None
    """The last date on which it is in time, for whoever's turn it is: during a review the receiver's."""
    own_due_at: Instant | None
    """The same of the party's own last term."""
    own_due_on: date | None
    locks_at: Instant | None
    locks_on: date | None
    """The last date on which it can be submitted."""
    punctuality: Punctuality
    late: bool
    """The party's turn, and overdue."""
    uncorrected: bool
    rounds: int
    """How often it was returned for correction."""
    days_late: int | None
    """As its submissions count by the plan's `on_time_by` (the worst, unless it says otherwise); 0 in time; null if never submitted."""
    projected: bool
    """Its dates rest on days off that are not decided yet."""
    zone: str

    @classmethod
    def of(cls, line: ObligationLine, **further: object) -> Self:
        """Return what is sent of an obligation; what a wider model has besides is given."""
        more = {
            **further,
            "status": line.status.vi,
            "status_en": line.status.en,
            "opens_on": _local(line.opens_at, zone=line.zone),
            "locks_on": None if line.locks_at is None else _local(line.locks_at - _TICK_OF_A_CLOCK, zone=line.zone),
        }
        return cls.model_validate({**vars(line), **more})


class ObligationsOut(Wire):
    """A page of obligations, by due date and number."""

    items: list[ObligationOut]
    next_cursor: str | None
    """`cursor` of the next page; null on the last one."""


class ReasonOut(Wire):
    """Why dondoc is not healthy."""

    code: str
    text: str


class LastTickOut(Wire):
    """The last tick that had something to do."""

    authority: str | None
    at: Instant
    """Business time."""
    on: date
    age_seconds: int
    """Since it was recorded."""

    @classmethod
    def of(cls, tick: LastTick) -> LastTickOut:
        """Return what is sent of it."""
        return cls.model_validate({**vars(tick), "authority": _named(tick.whose)})


class OldestDueOut(Wire):
    """The due item that has waited longest for the tick."""

    authority: str | None
    cycle: int | None
    stage: str | None
    due_at: Instant
    due_on: date
    age_seconds: int

    @classmethod
    def of(cls, due: OldestDue) -> OldestDueOut:
        """Return what is sent of it; of a real authority no more than its age."""
        named = {"cycle": due.cycle, "stage": due.stage} if due.whose.sandbox else {"cycle": None, "stage": None}
        return cls.model_validate({**vars(due), **named, "authority": _named(due.whose)})


class OldestUnsentOut(Wire):
    """The mail that should have left longest ago; held mail is not counted."""

    slot_at: Instant
    age_seconds: int
    gathered: bool
    """False: still notices, no message yet."""

    @classmethod
    def of(cls, unsent: OldestUnsent) -> OldestUnsentOut:
        """Return what is sent of it."""
        return cls.model_validate(unsent)


class LeaseOut(Wire):
    """Which engine acts for an authority."""

    authority: str | None
    holder: str
    epoch: int
    renewed_at: Instant
    age_seconds: int

    @classmethod
    def of(cls, lease: Holder) -> LeaseOut:
        """Return what is sent of it."""
        return cls.model_validate({**vars(lease), "authority": _named(lease.whose)})


class HealthOut(Wire):
    """Whether the engine does its work. Facts of the database are null where it does not answer."""

    healthy: bool
    reasons: list[ReasonOut]
    version: str
    now: Instant
    last_tick: LastTickOut | None
    oldest_due: OldestDueOut | None
    oldest_unsent_mail: OldestUnsentOut | None
    outbox: dict[MessageState, int] | None
    leases: list[LeaseOut] | None
    prefect: PrefectState


class FaultOut(Wire):
    """One thing that is wrong with a request."""

    where: str
    text: str


class ProblemOut(Wire):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FaultOut] | None = None


def _local(at: datetime | None, *, zone: str) -> date | None:
    return None if at is None else at.astimezone(ZoneInfo(zone)).date()


def _named(whose: Whose) -> str | None:
    """Return the key of a sandbox; a real authority is not named until there are accounts."""
    return whose.authority if whose.sandbox else None
