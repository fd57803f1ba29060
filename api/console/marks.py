"""Marks: what a thing is, told three ways at once, by colour, by icon and by a word, so that nobody depends on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.obligations import Punctuality, State
from evaluation.statuses import PUNCTUALITY_NAMES, obligation_status
from evaluation.terms import Turn

if TYPE_CHECKING:
    from api.console.visiting import Visitor


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """How something is marked."""

    tone: str  #: of the style sheet: `mark-<tone>`
    icon: str
    words: str


#: How a state looks; its word is that of `evaluation.statuses`.
LOOKS: dict[State, tuple[str, str]] = {
    State.SCHEDULED: ("idle", "circle-dotted"),
    State.OPEN: ("ready", "circle-dashed"),
    State.PREPARED: ("wait", "signature"),
    State.SUBMITTED: ("wait", "send"),
    State.RETURNED: ("warn", "arrow-back-up"),
    State.ACCEPTED: ("done", "circle-check"),
    State.LAPSED: ("late", "lock"),
    State.WAIVED: ("idle", "ban"),
    State.TRANSFERRED: ("idle", "exchange"),
}


def state_mark(visitor: Visitor, *, kind: str, state: State, suspended: bool = False) -> Mark:
    """Return how an obligation's state is marked."""
    if suspended:
        return Mark(tone="idle", icon="clock-pause", words=visitor.say("Tạm dừng tính hạn"))
    tone, drawing = LOOKS[state]
    status = obligation_status(StageKind(kind), state)
    return Mark(tone=tone, icon=drawing, words=visitor.either(status.vi, status.en.capitalize()))


def time_mark(visitor: Visitor, *, overdue: bool, turn: Turn, soon: bool = False) -> Mark | None:
    """Return how lateness is marked: the party's, or its receiver's; None while there is time."""
    if overdue and turn is Turn.RECEIVER:
        return Mark(tone="warn", icon="hourglass", words=visitor.say("Quá hạn xem xét"))
    if overdue:
        return Mark(tone="late", icon="clock-exclamation", words=visitor.say("Quá hạn"))
    if soon:
        return Mark(tone="warn", icon="clock", words=visitor.either(*PUNCTUALITY_NAMES[Punctuality.DUE_SOON]).capitalize())
    return None
