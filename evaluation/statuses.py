"""
Statuses: what officers call the state of an obligation, of a unit's evaluation, and of time.

The names are those in use among the officers of the evaluation; docs/states.md shows the tables. A status is derived from obligations
each time it is asked for and stored nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.obligations import Punctuality, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Status(Enum):
    """A name with its English meaning."""

    NOT_STARTED = ("Chưa thực hiện", "not started")
    SELF_SCORING = ("Đang tự chấm", "self-scoring")
    IN_HAND = ("Đang thực hiện", "in hand")
    AWAITING_HEAD = ("Chờ lãnh đạo duyệt", "awaiting the head")
    SUBMITTED = ("Đã gửi", "submitted")
    RETURNED = ("Trả lại để bổ sung", "returned")
    IN_APPRAISAL = ("Đang thẩm định", "in appraisal")
    AWAITING_EXPLANATION = ("Chờ giải trình", "awaiting explanation")
    EXPLAINED = ("Đã giải trình", "explained")
    APPRAISED = ("Đã thẩm định", "appraised")
    APPROVED = ("Đã phê duyệt", "approved")
    PUBLISHED = ("Đã công bố", "published")
    DONE = ("Hoàn thành", "done")
    LAPSED = ("Đã khóa, chưa nộp", "locked, not submitted")
    TRANSFERRED = ("Đã chuyển giao", "handed over")
    NOT_APPLICABLE = ("Không áp dụng", "not applicable")

    @property
    def vi(self) -> str:
        """The name."""
        return self.value[0]

    @property
    def en(self) -> str:
        """Its meaning in English."""
        return self.value[1]


#: What an obligation of any kind is called by its state.
STATUS_OF_STATE: dict[State, Status] = {
    State.SCHEDULED: Status.NOT_STARTED,
    State.OPEN: Status.IN_HAND,
    State.PREPARED: Status.AWAITING_HEAD,
    State.SUBMITTED: Status.SUBMITTED,
    State.RETURNED: Status.RETURNED,
    State.ACCEPTED: Status.DONE,
    State.LAPSED: Status.LAPSED,
    State.WAIVED: Status.NOT_APPLICABLE,
    State.TRANSFERRED: Status.TRANSFERRED,
}
#: Where a kind of stage has a word of its own.
STATUS_OF_KIND: dict[tuple[StageKind, State], Status] = {
    (StageKind.SELF_ASSESSMENT, State.OPEN): Status.SELF_SCORING,
    (StageKind.APPRAISAL, State.OPEN): Status.IN_APPRAISAL,
    (StageKind.APPRAISAL, State.ACCEPTED): Status.APPRAISED,
    (StageKind.EXPLANATION, State.OPEN): Status.AWAITING_EXPLANATION,
    (StageKind.EXPLANATION, State.SUBMITTED): Status.EXPLAINED,
    (StageKind.EXPLANATION, State.ACCEPTED): Status.EXPLAINED,
    (StageKind.COUNCIL_DECISION, State.ACCEPTED): Status.APPROVED,
    (StageKind.PUBLICATION, State.ACCEPTED): Status.PUBLISHED,
}
#: What time says of an obligation, in Vietnamese and English.
PUNCTUALITY_NAMES: dict[Punctuality, tuple[str, str]] = {
    Punctuality.NO_DUE: ("Chưa có hạn", "no due date"),
    Punctuality.IN_TIME: ("Còn hạn", "in time"),
    Punctuality.DUE_SOON: ("Sắp đến hạn", "due soon"),
    Punctuality.OVERDUE: ("Quá hạn", "overdue"),
    Punctuality.DONE_IN_TIME: ("Hoàn thành đúng hạn", "done in time"),
    Punctuality.DONE_LATE: ("Hoàn thành trễ hạn", "done late"),
    Punctuality.NOT_OWED: ("Không áp dụng", "not owed"),
}


def obligation_status(kind: StageKind, state: State) -> Status:
    """Return what an obligation of a kind of stage is called in a state."""
    return STATUS_OF_KIND.get((kind, state), STATUS_OF_STATE[state])


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line of the table of unit statuses: how far the obligations of a kind must have got for a status to hold."""

    kind: StageKind
    states: frozenset[State]
    every: bool = False  #: every obligation of the kind; else one is enough
    status: Status

    def holds(self, states: Collection[State]) -> bool:
        """Return whether it holds of the states of the kind's obligations; never of none."""
        matching = [state in self.states for state in states]
        return bool(matching) and (all(matching) if self.every else any(matching))


_NOT_OWED = frozenset({State.WAIVED, State.TRANSFERRED})
_DONE = frozenset({State.ACCEPTED})
_WORKED_ON = frozenset({State.OPEN, State.PREPARED, State.RETURNED})

#: The first line that holds names the unit's status: the furthest step first.
UNIT_STATUSES: tuple[Rule, ...] = (
    Rule(kind=StageKind.SELF_ASSESSMENT, states=_NOT_OWED, every=True, status=Status.NOT_APPLICABLE),
    Rule(kind=StageKind.PUBLICATION, states=_DONE, every=True, status=Status.PUBLISHED),
    Rule(kind=StageKind.COUNCIL_DECISION, states=_DONE, every=True, status=Status.APPROVED),
    Rule(kind=StageKind.EXPLANATION, states=_WORKED_ON, status=Status.AWAITING_EXPLANATION),
    Rule(kind=StageKind.APPRAISAL, states=_DONE, every=True, status=Status.APPRAISED),
    Rule(kind=StageKind.EXPLANATION, states=_DONE | {State.SUBMITTED}, status=Status.EXPLAINED),
    Rule(kind=StageKind.APPRAISAL, states=_WORKED_ON | _DONE | {State.SUBMITTED}, status=Status.IN_APPRAISAL),
    Rule(kind=StageKind.SELF_ASSESSMENT, states=frozenset({State.RETURNED}), status=Status.RETURNED),
    Rule(kind=StageKind.SELF_ASSESSMENT, states=frozenset({State.PREPARED}), status=Status.AWAITING_HEAD),
    Rule(kind=StageKind.SELF_ASSESSMENT, states=frozenset({State.OPEN}), status=Status.SELF_SCORING),
    Rule(kind=StageKind.SELF_ASSESSMENT, states=frozenset({State.LAPSED}), status=Status.LAPSED),
    Rule(kind=StageKind.SELF_ASSESSMENT, states=_DONE | {State.SUBMITTED}, status=Status.SUBMITTED),
)


def unit_status(steps: Iterable[tuple[StageKind, State]]) -> Status:
    """
    Return the status of a unit's evaluation from the obligations that concern it.

    These are its own, those about it (an appraisal), and those of the whole year (the decision, the publication). What is no longer
    owed counts for nothing, unless it is the self-assessment itself.
    """
    states: dict[StageKind, list[State]] = {}
    for kind, state in steps:
        states.setdefault(kind, []).append(state)
    for kind, found in states.items():
        owed = [state for state in found if state not in _NOT_OWED]
        states[kind] = owed or (found if kind is StageKind.SELF_ASSESSMENT else [])
    return next((rule.status for rule in UNIT_STATUSES if rule.holds(states.get(rule.kind, ()))), Status.NOT_STARTED)
