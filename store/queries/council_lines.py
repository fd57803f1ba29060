"""What people read of a council: its members, sessions, matters with their votes, recommendations; as records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from evaluation.scores.rules import CouncilRules


@dataclass(frozen=True, kw_only=True)
class MemberLine:
    """A member of the council, for as long as one decision named them."""

    contact: str  #: key
    name: str
    post: str
    unit: str  #: key of the unit that they belong to; empty: of none
    unit_name: str
    decision: str
    conflicts: tuple[str, ...] = ()  #: keys of units about which they declared a conflict of interest
    mine: bool = False  #: it is who looks
    named_at: datetime
    ended_at: datetime | None = None  #: others were named; None: in office
    declared: Mapping[str, datetime] = field(default_factory=dict)  #: when, by unit

    def is_barred(self, unit: str, *, by: datetime | None = None) -> bool:
        """Return whether they do not vote on a unit, for what was known at an instant; None: by now."""
        at = self.declared.get(unit)
        return bool(unit) and (unit == self.unit or (at is not None and (by is None or at <= by)))


@dataclass(frozen=True, kw_only=True)
class VoteLine:
    """A vote."""

    contact: str
    name: str
    choice: str  #: empty: the votes are secret, and it is not one's own
    how: str


@dataclass(frozen=True, kw_only=True)
class RecommendationLine:
    """What the council recommends."""

    number: int
    text: str
    to: str  #: name of the party
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class MatterLine:
    """A matter of a session."""

    session: int
    number: int
    words: str
    unit: str  #: key; empty: all
    unit_name: str
    scores: dict[str, str]
    why: str
    outcome: str
    by_chair: bool
    votes: tuple[VoteLine, ...]
    counts: Mapping[str, int] | None  #: votes by choice; None: they are secret and not counted yet
    recommendations: tuple[RecommendationLine, ...]
    entitled: tuple[str, ...] = ()  #: contacts who may vote on it, of those who sit in its session; once it is counted: who might
    barred: tuple[str, ...] = ()  #: names of the others
    hidden: bool = False  #: it has scores of the viewer's own unit that this unit is not shown yet
    base: int = 0  #: of how many the majority is asked: those entitled, or those who voted, as the rules have it

    def count(self, choice: str) -> int | None:
        """Return how many voted so; None: nobody may know yet."""
        return None if self.counts is None else self.counts.get(choice, 0)


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """A session."""

    number: int
    held_on: date
    present: tuple[str, ...]  #: keys of contacts
    members: tuple[MemberLine, ...]  #: the council as it stood when the session met
    minutes: str
    minutes_text: str
    votes_by: date | None
    closed: bool
    takes_votes: bool  #: of members by themselves, today
    matters: tuple[MatterLine, ...]


@dataclass(frozen=True, kw_only=True)
class CouncilView:
    """The council of a cycle; its number is that of its obligation."""

    id: int
    cycle: int
    party: str
    state: str
    moves: int
    rules: CouncilRules
    members: tuple[MemberLine, ...]  #: in office
    sessions: tuple[SessionLine, ...]

    @property
    def me(self) -> MemberLine | None:
        """The member who looks; None: no member does."""
        return next((one for one in self.members if one.mine), None)
