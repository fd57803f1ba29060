"""What goes over the wire when one reads what an office has: mail, people, the calendar, the plan."""

from __future__ import annotations

from datetime import date

from api.wire.schemas import Instant, Wire
from evaluation.kinds import MessageKind, PartyKind, Role
from evaluation.workdays import DayKind, YearStatus
from store.outbox.states import MessageState

# --- mail --------------------------------------------------------------------------------------------------------------


class MessageOut(Wire):
    """A message of the outbox; a confidential one's subject is empty."""

    id: int
    recipient: str
    address: str
    kind: MessageKind
    state: MessageState
    slot_at: Instant
    at: Instant
    sent_at: Instant | None
    header_id: str
    subject: str
    attempts: int


class OutboxOut(Wire):
    """Messages, the newest first, and how many there are of each state."""

    counts: dict[MessageState, int]
    items: list[MessageOut]
    next_before: int | None
    """`before` of the next page; null on the last one."""


class WhyRungOut(Wire):
    """The step of the ladder that fired."""

    key: str
    offset: int


class WhyTermOut(Wire):
    """The term that a notice speaks of."""

    number: int
    reason: str
    turn: str
    due_on: date | None
    due_at: Instant | None
    plan_version: int
    calendar_version: str
    projected: bool


class WhyLineOut(Wire):
    """The line of the plan."""

    key: str
    title: str
    title_en: str
    words: str
    """The literal words of the line."""


class WhyDocumentOut(Wire):
    """The document that the line rests on."""

    key: str
    kind: str
    number: str
    issuer: str
    dated: date | None
    title: str


class WhyEntryOut(Wire):
    """The entry of the journal."""

    number: int
    action: str
    actor: str
    at: Instant
    reason: str
    basis: str


class GroundOut(Wire):
    """Why one notice of a message was written."""

    notice: int
    kind: str
    recipient: str
    at: Instant
    cancelled: bool
    cycle: str
    obligation: str
    """`stage/party/subject`."""
    party: str
    stage: WhyLineOut | None
    ladder: str
    rung: WhyRungOut | None
    term: WhyTermOut | None
    document: WhyDocumentOut | None
    entry: WhyEntryOut | None


class WhyOut(Wire):
    """A message, and the grounds of its notices."""

    message: int
    header_id: str
    recipient: str
    subject: str
    state: str
    at: Instant
    notices: list[GroundOut]


# --- people ------------------------------------------------------------------------------------------------------------


class UnitOut(Wire):
    """A unit, body or person; `superior` as of today."""

    key: str
    kind: PartyKind
    name: str
    level: str
    group: str
    superior: str
    mailbox: str
    mailbox_unreachable: bool
    valid_from: date | None
    valid_to: date | None
    exempt: str
    successors: list[str]
    code: str


class ContactOut(Wire):
    """A person in office, with dates and a deputy."""

    key: str
    party: str
    party_name: str
    role: Role
    name: str
    address: str
    phone: str
    language: str
    fields: str
    valid_from: date | None
    valid_to: date | None
    deputy: str
    deputy_from: date | None
    deputy_to: date | None
    unreachable_since: Instant | None


class PeopleOut(Wire):
    """The units and contacts of an authority that one may see."""

    authority: str
    whole: bool
    """False: those of one's own unit alone."""
    units: list[UnitOut]
    contacts: list[ContactOut]


class UnitDetailOut(UnitOut):
    """A unit with its contacts."""

    contacts: list[ContactOut]


# --- the calendar, the plan --------------------------------------------------------------------------------------------


class DayOut(Wire):
    """A date that differs from its weekday."""

    on: date
    kind: DayKind
    name: str
    source: str
    decision: str
    entered_on: date | None


class CalendarOut(Wire):
    """The working calendar that an authority entered last."""

    authority: str
    version: str
    zone: str
    years: dict[int, YearStatus]
    days: list[DayOut]


class PlanOut(Wire):
    """The plan of a cycle in the version in force."""

    cycle: int
    version: int
    sha256: str
    signed: str
    """Number and date of the document that issued it."""
    moved: dict[str, date]
    """Dates set by hand since."""
    yaml: str
    """The file, word by word."""
