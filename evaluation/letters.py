"""
Letters: everything that one mail says, as plain facts; words, layout and bytes are made of it in `notifications`.

A letter goes to one recipient and carries one item per notice, the most urgent first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.actions import Remark
from evaluation.kinds import MessageKind, Role, manner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.accounts import AccountEvent, Purpose
    from evaluation.due_rules import Period
    from evaluation.letter_subjects import Running, TheirResult
    from evaluation.obligations import State
    from evaluation.papers import WaitingPapers
    from evaluation.plans import Document
    from evaluation.terms import TermReason, Turn

FAR = datetime.max.replace(tzinfo=UTC)
#: Told to those who watch, not to those in whose calendar a date should stand.
NOT_IN_CALENDAR = frozenset({MessageKind.ESCALATION_STANDING_BODY, MessageKind.ESCALATION_CHAIR, MessageKind.CONTACT_UNREACHABLE})


class Language(StrEnum):
    """In which a contact reads mail."""

    VI = "vi"
    EN = "en"


class Reader(StrEnum):
    """What the recipient has to do with an obligation."""

    OWES = "owes"  #: chủ trì: it is theirs
    COORDINATES = "coordinates"  #: phối hợp: told, never late
    RECEIVES = "receives"  #: nơi nhận
    OWED = "owed"  #: it was theirs before a hand-over
    OVERSEES = "oversees"  #: anyone else: superior, standing body, chair


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What an obligation is about."""

    period: Period | None = None
    about: str = ""  #: the name of the unit appraised, or the plan's own word
    finding: int = 0  #: number of the finding about that unit; 0: none
    criterion: str = ""  #: number of the criterion that is improved
    criterion_title: str = ""  #: empty: not known
    measure: int = 0  #: number of the measure about it; 0: none


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """What the term of an item says at the letter's `now`."""

    number: int
    reason: TermReason
    made_as: TermReason  #: why its dates were first set
    turn: Turn
    due_on: date | None = None  #: the last included local date
    due_at: datetime | None = None  #: UTC; the instant from which it is too late
    locks_at: datetime | None = None
    overdue: bool = False
    days_left: int | None = None  #: calendar days from today to the due date; negative once it has passed
    workdays_left: int | None = None  #: None also where the calendar does not reach so far
    off_day: bool = False  #: the due date itself is not worked
    projected: bool = False
    held_days: int | None = None  #: what is left while the clock stands
    held_working: bool = False  #: and whether it counts working days

    @property
    def days_late(self) -> int:
        """Calendar days since the due date; at least 1 once the due moment has passed, else 0."""
        return max(1, -(self.days_left or 0)) if self.overdue else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """The plan's line of an item."""

    title: str
    title_en: str
    deliverable: str = ""
    parts: tuple[tuple[str, str], ...] = ()  #: (key, title) of the deliverable's named parts
    words: str = ""  #: literal
    basis: Document | None = None
    receiver: str = ""
    accepts_late: bool = True
    asked: bool = False  #: its words are those of a request, not of the plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """What is asked of the standing body to mend; the words are made in `notifications`."""

    what: str  #: `contact`, `unknown-mail`, …: how the upkeep subject begins
    party: str = ""  #: name
    role: Role | None = None
    title: str = ""
    title_en: str = ""
    period: Period | None = None
    on: date | None = None
    rest: str = ""  #: the rest of a subject, as it stands


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestLine:
    """One obligation, or one repair, of the digest."""

    party: str
    title: str
    title_en: str
    subject: Subject
    due_on: date | None = None
    days_late: int = 0  #: of whose turn it is; 0 in time
    repair: Repair | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestList:
    """How many there are, and the first of them."""

    total: int = 0
    lines: tuple[DigestLine, ...] = ()

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupCount:
    """A ranking group of which something is wrong: how many units, and how many pieces of work."""

    group: str  #: key
    late_units: int = 0
    late: int = 0  #: overdue, corrections too
    uncorrected: int = 0
    findings: int = 0  #: remedies and re-inspections that are open


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What the coordinator is told once a working day, as of the letter's `now`."""

    late: DigestList = DigestList()
    uncorrected: DigestList = DigestList()  #: returned, and the correction is overdue
    awaiting_review: DigestList = DigestList()
    repairs: DigestList = DigestList()
    groups: tuple[GroupCount, ...] = ()  #: most units late first
    to_sign: tuple[WaitingPapers, ...] = ()  #: by purpose
    held: int = 0  #: mails that wait for a release
    unknown: int = 0  #: mails of which it is not known whether they arrived
    refused: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Who has answered a request, as of the letter's `now`; names of parties."""

    key: str
    title: str
    due_on: date | None = None
    due_at: datetime | None = None
    in_time: tuple[str, ...] = ()
    late: tuple[tuple[str, int], ...] = ()  #: and by how many days
    missing: tuple[str, ...] = ()
    released: tuple[str, ...] = ()  #: who need not answer any more


@dataclass(frozen=True, kw_only=True, slots=True)
class OneTime:
    """The one-time link of a confidential mail; its token is put in when the mail is made, and stands nowhere else."""

    purpose: Purpose
    nonce: str
    expires_at: datetime
    token: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountChange:
    """What was changed of an account, of which its owner is told; never a secret."""

    what: AccountEvent
    at: datetime
    address: str = ""  #: network address; empty: on the server itself, by whoever runs it


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One notice with the facts it rests on."""

    notice: int
    kind: MessageKind
    running: Running | None = None
    duty: Duty | None = None
    obligation: int | None = None
    party_id: int | None = None
    party: str = ""  #: name of who owes
    group: str = ""  #: key of its ranking group
    predecessor: str = ""  #: name of who owed before a hand-over
    reader: Reader = Reader.OVERSEES
    subject: Subject = Subject()
    state: State | None = None
    rounds: int = 0  #: how often it was returned
    days_late: int | None = None  #: of its last submission
    timing: Timing | None = None
    due_before: date | None = None  #: the date that this move replaced
    wanted_on: date | None = None  #: until when a longer term is asked for; the day of an inspection
    remark: Remark = field(default_factory=Remark)
    moved_on: date | None = None  #: local date of the move that caused it
    slot_on: date | None = None  #: local date of the slot that it was meant for
    received_on: date | None = None  #: of a paper answer
    document: str = ""  #: its number and date
    repair: Repair | None = None
    digest: Digest | None = None
    answers: Answers | None = None
    result: TheirResult | None = None
    one_time: OneTime | None = None
    account_change: AccountChange | None = None

    @property
    def due_at(self) -> datetime | None:
        """The instant from which it is too late, if any."""
        return None if self.timing is None else self.timing.due_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Helpdesk:
    """Whom to ask: the standing body, and its telephone where one is known."""

    name: str = ""
    phone: str = ""
    mailbox: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail's facts, as of `now`."""

    authority_id: int
    authority: str  #: key
    authority_name: str
    sandbox: bool
    zone: tzinfo
    now: datetime
    recipient: str  #: `c<contact>`, `m<party>` or `a<account>`
    address: str  #: empty where the recipient has none
    name: str
    language: Language
    items: tuple[Item, ...]
    helpdesk: Helpdesk = Helpdesk()
    standing_line: str = ""  #: under the authority's name
    logo: bytes = b""  #: a PNG, beside the authority's name; empty: none
    #: Due dates that stand in the reader's calendar and hold no longer; the number of each is higher than any that was sent.
    revoked: tuple[Item, ...] = ()

    @property
    def kind(self) -> MessageKind:
        """The kind of its most urgent item."""
        return self.items[0].kind

    @property
    def only(self) -> Item | None:
        """Its item, if there is one only."""
        return self.items[0] if len(self.items) == 1 else None

    @property
    def to_mailbox(self) -> bool:
        """Whether it goes to an official mailbox because nobody answers for the post."""
        return self.recipient.startswith("m")


def by_urgency(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items as a mail lists them: most urgent kind first, then by due date, party and notice."""
    return tuple(sorted(items, key=lambda item: (-manner(item.kind).urgency, item.due_at or FAR, item.party, item.notice)))
