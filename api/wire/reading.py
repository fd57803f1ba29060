"""What goes over the wire when one reads: an obligation with its history, the status table, the journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from api.wire.schemas import CountsOut, Instant, ObligationOut, StageOut, Wire
from evaluation.rights import Action, Why
from evaluation.terms import TermReason, Turn

# --- an obligation -----------------------------------------------------------------------------------------------------


class RungOut(Wire):
    """A step of a term's ladder."""

    rung: str = Field(examples=["T-7"])
    at: Instant
    outcome: str | None
    """`noticed`, `skipped` or `void`; null: still to come."""
    settled_at: Instant | None
    told: list[str]
    """Keys of the contacts, and of the units whose official mailbox was told."""


class TermOut(Wire):
    """One turn of an obligation."""

    number: int
    reason: TermReason
    turn: Turn
    opens_at: Instant | None
    due_at: Instant | None
    due_on: date | None
    locks_at: Instant | None
    written_at: Instant
    granted_by: str
    """Key of the contact; empty: nobody in particular."""
    basis: str
    ladder: str
    plan_version: int
    calendar_version: str
    projected: bool
    rungs: list[RungOut]


class RemarkOut(Wire):
    """What is asked of one part of the deliverable."""

    item: str
    words: str


class RoundOut(Wire):
    """A return for correction."""

    round: int
    at: Instant
    reason: str
    basis: str
    items: list[RemarkOut]


class FileOut(Wire):
    """A piece of evidence, as far as a list tells of it."""

    id: int
    item: str
    """Key of the part of the deliverable; empty: the whole."""
    round: int
    name: str
    sha256: str
    size: int
    media_type: str
    contact: str
    at: Instant


class SubmissionOut(Wire):
    """What was submitted in words."""

    number: int
    text: str
    contact: str
    at: Instant
    received_on: date | None
    document: str


class WishOut(Wire):
    """A longer term that was asked for."""

    id: int
    wanted_on: date
    reason: str
    contact: str
    at: Instant
    decision: str
    """`open`, `granted`, `refused`, `void`."""
    decided_at: Instant | None
    granted_term: int | None


class MayOut(Wire):
    """Whether the one who asks may do something with it now."""

    action: Action
    allowed: bool
    """The policy lets them, and its state takes it."""
    permitted: bool
    """The policy lets them."""
    deputy_of: str
    """Key of the contact for whom they would act; empty: for themselves."""
    on_behalf_of: str
    """Key of the party for which they would act, marked in the journal; empty: for their own."""
    code: Why | None
    """Why the policy does not let them."""
    why: str
    """Why not, in the language asked for; empty where it is allowed."""


class ObligationDetailOut(ObligationOut):
    """An obligation with its history, and what may be done with it now."""

    moves: int
    """How many journaled moves it has made."""
    assignee: str
    """Key of the contact to whom the work was given; empty: the officer."""
    terms: list[TermOut]
    """Oldest first."""
    rounds_of_correction: list[RoundOut]
    """Oldest first; with what was asked of each part."""
    submissions: list[SubmissionOut]
    extension_requests: list[WishOut]
    evidence: list[FileOut] | None
    """What was not withdrawn; null where the one who asks may not have the files."""
    may: list[MayOut]
    """Everything that people do with it."""


class MyObligationOut(ObligationOut):
    """An obligation that is somebody's, and why."""

    because: list[str] = Field(examples=[["own", "assigned"]])
    """`own`: their unit owes it; `deputy`: they stand in for a post of the unit that does; `assigned`; `review`: it awaits their unit."""


class MyObligationsOut(Wire):
    """A page of one's obligations, by due date and number."""

    items: list[MyObligationOut]
    next_cursor: str | None


# --- status ------------------------------------------------------------------------------------------------------------


class UnitStateOut(Wire):
    """The status of a unit's evaluation, as officers call it."""

    vi: str
    en: str


class UnitStatusOut(Wire):
    """A unit's row of the table."""

    unit: str
    name: str
    group: str
    status: UnitStateOut | None
    """Null: the cycle has no self-assessment of it."""
    total: CountsOut
    stages: dict[str, CountsOut]
    """By key of the stage; only stages in which it owes something."""


class StatusOut(Wire):
    """A cycle as a table, units by stages, as of now."""

    cycle: int
    stages: list[StageOut]
    units: list[UnitStatusOut]


# --- the journal -------------------------------------------------------------------------------------------------------


class EntryOut(Wire):
    """An entry of the journal: who did what, when, why, on which basis."""

    authority: str
    number: int
    at: Instant
    """Business time."""
    recorded_at: Instant
    """The database's clock."""
    actor: str = Field(examples=["c12"])
    """`system`, or `c` and the number of a contact."""
    actor_key: str
    """The contact's key; empty for the system, and for one that is gone."""
    deputy_of: int | None
    """Number of the contact for whom they acted."""
    on_behalf_of: int | None
    """Number of the party for which they acted."""
    action: str
    cycle: int | None
    stage: str
    party: str
    subject: str
    obligation: int | None
    move: int | None
    reason: str
    basis: str
    payload: dict[str, Any]
    """Everything that was decided, by ids; docs/journal.md has the words."""


class JournalOut(Wire):
    """Entries in the order of their numbers."""

    items: list[EntryOut]
    next_since: int
    """`since` of the next call, whether there is more now or not."""
    more: bool
