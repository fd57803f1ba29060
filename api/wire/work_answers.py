"""What goes over the wire about work, back: obligations as moves left them, rows of bulk calls, evidence, problems that carry more."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from api.wire.branding import HeadOut
from api.wire.etags import etag_of
from api.wire.office import CalendarOut, UnitDetailOut
from api.wire.schemas import Instant, ObligationOut, ProblemOut, Wire
from evaluation.cycles import CycleState, CycleVerb
from evaluation.obligations import State
from evaluation.transitions import Verb
from store.outbox.states import MessageVerb

if TYPE_CHECKING:
    from store.queries.cycles import CycleVersion
    from store.queries.obligations import ObligationLine


class WorkOut(ObligationOut):
    """An obligation as a move left it."""

    etag: str = Field(examples=['"4"'])
    """For `If-Match` of the next change."""

    @classmethod
    def of_line(cls, line: ObligationLine) -> WorkOut:
        """Return what is sent of an obligation."""
        return cls.model_validate({**vars(ObligationOut.of(line)), "etag": etag_of(line.moves)})


class ToldOut(Wire):
    """Who is told."""

    contact: str
    """Key; empty: the unit's official mailbox."""
    party: str
    party_name: str


class RowOutcome(StrEnum):
    """What became of one row."""

    DONE = "done"
    POSSIBLE = "possible"  #: it would be done
    REFUSED = "refused"


class RowOut(Wire):
    """What became, or would become, of one obligation."""

    obligation: int
    outcome: RowOutcome
    old_due_on: date | None
    told: list[ToldOut]
    problem: ProblemOut | None
    """Why nothing was done."""


class RowsOut(Wire):
    """What became of each, in the order asked."""

    done: int
    refused: int
    items: list[RowOut]


class EvidenceOut(Wire):
    """A file that is evidence."""

    id: int
    obligation: int
    item: str
    """Key of the part of the deliverable; empty: the whole."""
    round: int
    """Of correction; 0 before the first return."""
    name: str
    sha256: str
    size: int
    media_type: str
    contact: str
    """Key of who attached it."""
    at: Instant
    withdrawn_at: Instant | None


class EvidenceListOut(Wire):
    """The evidence of an obligation, by part, in the order it came in."""

    items: list[EvidenceOut]


class MissingOut(Wire):
    """A part of a deliverable for which there is no evidence."""

    obligation: int
    stage: str
    party: str
    party_name: str
    subject: str
    state: State
    item: str
    title: str


class MissingListOut(Wire):
    """What is missing of what one may see."""

    items: list[MissingOut]


class LaunchedOut(Wire):
    """What a launch made, or would make."""

    cycle: int | None
    """Null: it was a preview."""
    stages: int
    obligations: int
    mail_held: bool
    """Its mail waits until a coordinator has seen it and lets it go."""


class CycleMovedOut(Wire):
    """Where a cycle stands now."""

    id: int
    state: CycleState
    plan_version: int
    etag: str = Field(examples=['"2"'])
    """For `If-Match` of the next change."""

    @classmethod
    def of(cls, version: CycleVersion) -> CycleMovedOut:
        """Return what is sent of a cycle as it stands."""
        return cls.model_validate({**vars(version), "etag": etag_of(version.moves)})


class MailOut(Wire):
    """How many waiting messages were stopped or let go."""

    messages: int


# --- problems that carry more ------------------------------------------------------------------------------------------


class NotPossibleOut(ProblemOut):
    """What cannot be done as things stand, and what can."""

    allowed: list[Verb | CycleVerb | MessageVerb] | None = None


class ChangedOut(ProblemOut):
    """Somebody else was faster: the state as it is now."""

    obligation: WorkOut | None = None
    cycle: CycleMovedOut | None = None
    unit: UnitDetailOut | None = None
    calendar: CalendarOut | None = None
    head: HeadOut | None = None
