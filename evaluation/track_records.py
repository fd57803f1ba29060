"""Track records: how often a party was late with what it owed of late; counted, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.obligations import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

#: How many of the last duties a record counts.
LAST = 12
_DELIVERED = frozenset({State.SUBMITTED, State.ACCEPTED})
_NOT_COUNTED = frozenset({State.WAIVED, State.TRANSFERRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Something that was owed, as far as lateness goes."""

    id: int
    state: State
    suspended: bool
    due_on: date | None  #: of the party's own last term
    due_at: datetime | None
    days_late: int | None  #: as its submissions count by the plan; None: never submitted


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A duty that a record counts, with by how many days it was late; 0 in time."""

    id: int
    due_on: date
    days: int
    is_open: bool  #: still owed: the days grow


@dataclass(frozen=True, kw_only=True)
class TrackRecord:
    """The last duties, the latest first."""

    counted: tuple[Counted, ...]

    @property
    def late(self) -> int:
        """How many of them were late."""
        return sum(one.days > 0 for one in self.counted)


def track_record(duties: Iterable[Duty], *, now: datetime, today: date, last: int = LAST) -> TrackRecord:
    """
    Return how the last duties of a party went: those delivered, and those whose due moment has passed.

    What was waived or handed over, what has no date and what stands suspended counts neither way. `today` is the local date of `now`.
    """
    told = [found for one in duties if (found := _counted(one, now=now, today=today)) is not None]
    told.sort(key=lambda one: (one.due_on, one.id), reverse=True)
    return TrackRecord(counted=tuple(told[:last]))


def _counted(one: Duty, *, now: datetime, today: date) -> Counted | None:
    if one.due_on is None or one.due_at is None or one.suspended or one.state in _NOT_COUNTED:
        return None
    if one.state in _DELIVERED:
        return None if one.days_late is None else Counted(id=one.id, due_on=one.due_on, days=one.days_late, is_open=False)
    if one.due_at > now:
        return None
    return Counted(id=one.id, due_on=one.due_on, days=max((today - one.due_on).days, 1), is_open=True)
