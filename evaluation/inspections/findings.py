"""
Findings: where one stands, and its way as one line: finding → remedy → re-inspection → closed.

Nothing of this is stored: a finding has remedies and re-inspections, which are obligations, and perhaps the decision that closed it. A
remedy claimed is not a remedy confirmed: only the decision of somebody entitled ends a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from evaluation.obligations import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class Claim(StrEnum):
    """How far a unit says that it remedied a finding."""

    DONE = "done"  #: đã khắc phục
    PARTLY = "partly"  #: khắc phục một phần
    NOT = "not"  #: chưa khắc phục


class Outcome(StrEnum):
    """What a re-inspection found."""

    CLOSED = "closed"  #: phúc tra đạt
    PARTLY = "partly"  #: khắc phục một phần
    NOT = "not"  #: chưa khắc phục


class FindingStatus(Enum):
    """What officers call it, with its English meaning."""

    NOT_REMEDIED = ("Chưa khắc phục", "not remedied")
    REPORTED = ("Đã báo cáo khắc phục", "remedy reported")
    PASSED = ("Phúc tra đạt", "re-inspected: passed")
    FAILED = ("Phúc tra chưa đạt", "re-inspected: not passed")

    @property
    def vi(self) -> str:
        """The name."""
        return self.value[0]

    @property
    def en(self) -> str:
        """Its meaning in English."""
        return self.value[1]


REPORTED_STATES = frozenset({State.SUBMITTED, State.ACCEPTED})
_GONE = frozenset({State.WAIVED, State.TRANSFERRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """A remedy that is owed, as far as its finding goes."""

    round: int
    state: State
    due_at: datetime | None = None  #: of the unit's own last term
    suspended: bool = False
    submitted_at: datetime | None = None  #: of its last submission
    days_late: int | None = None
    claim: Claim | None = None

    @property
    def reported_at(self) -> datetime | None:
        """When the report that stands was sent; None: there is none, or it was returned."""
        return self.submitted_at if self.state in REPORTED_STATES else None

    def is_uncorrected(self, now: datetime) -> bool:
        """Return whether its due moment has passed and no report stands."""
        late = self.due_at is not None and self.due_at <= now
        return late and not self.suspended and self.state not in REPORTED_STATES | _GONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Reinspection:
    """A re-inspection that is owed, or was made."""

    number: int
    round: int  #: of the remedy that it looks at
    state: State
    raised_at: datetime
    outcome: Outcome | None = None
    recorded_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        """Whether its outcome is still to come."""
        return self.outcome is None and self.state not in _GONE

    @property
    def looked_at(self) -> datetime:
        """Up to when it covers what the unit reported."""
        return self.recorded_at or self.raised_at


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding with everything that came of it, in order; and whether somebody entitled has closed it."""

    key: str
    remedies: tuple[Remedy, ...]
    reinspections: tuple[Reinspection, ...] = ()
    urged: frozenset[int] = frozenset()  #: rounds of which an urging letter was asked, by this rule or by a rung of the ladder
    proposal: State | None = None  #: of the proposal to handle it strictly; None: there is none
    decided: State | None = None  #: of the decision asked of the chair
    closed: bool = False

    @property
    def remedy(self) -> Remedy:
        """The remedy of the last round."""
        return self.remedies[-1]

    def looks(self, *, at_round: int) -> tuple[Reinspection, ...]:
        """Return the re-inspections of one round."""
        return tuple(one for one in self.reinspections if one.round == at_round)


def status(finding: Finding) -> FindingStatus:
    """
    Return where a finding stands.

    | the last outcome of this round | a report came since | is |
    |---|---|---|
    | closed | – | Phúc tra đạt |
    | partly, not | no | Phúc tra chưa đạt |
    | any but closed, or none | yes | Đã báo cáo khắc phục |
    | none, and an earlier round failed | no | Phúc tra chưa đạt |
    | none | no | Chưa khắc phục |
    """
    made = [one for one in finding.reinspections if one.outcome is not None]
    last = next((one for one in reversed(made) if one.round == finding.remedy.round), None)
    if last is not None and last.outcome is Outcome.CLOSED:
        return FindingStatus.PASSED
    reported = finding.remedy.reported_at
    if reported is not None and (last is None or reported > last.looked_at):
        return FindingStatus.REPORTED
    return FindingStatus.FAILED if made else FindingStatus.NOT_REMEDIED


def days_over(due_on: date | None, *, late: bool, today: date | None) -> int:
    """Return how many calendar days a remedy is late on a day: counted after its due date, not since the conclusions; 0: it is not late."""
    return max(1, (today - due_on).days) if late and due_on is not None and today is not None else 0


def failed_rounds(finding: Finding) -> frozenset[int]:
    """Return the rounds that a re-inspection found not fully remedied."""
    return frozenset(one.round for one in finding.reinspections if one.outcome in {Outcome.PARTLY, Outcome.NOT})


def uncorrected_rounds(finding: Finding, *, now: datetime) -> tuple[int, ...]:
    """Return the rounds left uncorrected: the term passed without a report, or the re-inspection found it not fully remedied."""
    overdue = {one.round for one in finding.remedies if one.is_uncorrected(now)}
    return tuple(sorted(failed_rounds(finding) | overdue))


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One chip of a finding's line."""

    kind: str  #: `finding`, `remedy`, `reinspection`, `closed`
    number: int = 1
    word: str = ""  #: claim or outcome; empty while there is none
    done: bool = False


def chain(finding: Finding) -> tuple[Link, ...]:
    """Return the line of a finding: itself, each remedy with the re-inspections of its round, and its end."""
    links = [Link(kind="finding", done=True)]
    for remedy in finding.remedies:
        word = remedy.claim or ""
        links.append(Link(kind="remedy", number=remedy.round, word=word, done=remedy.state in REPORTED_STATES))
        looks: Sequence[Reinspection] = finding.looks(at_round=remedy.round)
        links += [Link(kind="reinspection", number=one.number, word=one.outcome or "", done=one.outcome is not None) for one in looks]
    if not finding.looks(at_round=finding.remedy.round):
        links.append(Link(kind="reinspection", number=len(finding.reinspections) + 1))
    return (*links, Link(kind="closed", done=finding.closed))
