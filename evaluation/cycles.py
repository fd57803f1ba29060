"""Cycles: the life of a launched plan."""

from __future__ import annotations

from enum import StrEnum


class CycleState(StrEnum):
    """Where a cycle stands; only a launched one fires rungs and lets mail out."""

    DRAFT = "draft"
    LAUNCHED = "launched"
    PAUSED = "paused"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class CycleVerb(StrEnum):
    """What the coordinator can do with a cycle."""

    LAUNCH = "launch"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    CANCEL = "cancel"


#: From where each verb leads where.
CYCLE_MOVES: dict[CycleVerb, tuple[frozenset[CycleState], CycleState]] = {
    CycleVerb.LAUNCH: (frozenset({CycleState.DRAFT}), CycleState.LAUNCHED),
    CycleVerb.PAUSE: (frozenset({CycleState.LAUNCHED}), CycleState.PAUSED),
    CycleVerb.RESUME: (frozenset({CycleState.PAUSED}), CycleState.LAUNCHED),
    CycleVerb.CLOSE: (frozenset({CycleState.LAUNCHED, CycleState.PAUSED}), CycleState.CLOSED),
    CycleVerb.CANCEL: (frozenset({CycleState.DRAFT, CycleState.LAUNCHED, CycleState.PAUSED}), CycleState.CANCELLED),
}


class CycleMoveError(Exception):
    """A cycle cannot make that move: why not, and what is allowed."""

    def __init__(self, verb: CycleVerb, *, state: CycleState) -> None:
        """Keep the verb, the state and what would be allowed."""
        self.verb, self.state = verb, state
        self.allowed = tuple(other for other, (states, _) in CYCLE_MOVES.items() if state in states)
        super().__init__(f"a cycle that is {state} cannot {verb}; allowed: {', '.join(self.allowed) or 'nothing'}")


def moved_cycle(state: CycleState, *, verb: CycleVerb) -> CycleState:
    """Return the state that the verb leads to; CycleMoveError if it may not."""
    states, to = CYCLE_MOVES[verb]
    if state not in states:
        raise CycleMoveError(verb, state=state)
    return to
