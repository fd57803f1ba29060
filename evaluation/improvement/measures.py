"""Measures: what a party does about a criterion, how far it is, derived from the last progress and from its obligation."""

from __future__ import annotations

from enum import StrEnum

from evaluation.obligations import FINAL, State

DONE = 100  #: per cent


class Progress(StrEnum):
    """How far a measure is."""

    NOT_BEGUN = "not-begun"
    UNDER_WAY = "under-way"
    DONE = "done"  #: said to be done, or handed in
    ACCEPTED = "accepted"  #: whoever receives it has confirmed it
    DROPPED = "dropped"  #: waived


def may_be_improved(state: State) -> bool:
    """Return whether measures may be planned, or their progress told: what was handed in stands, and what is over is over."""
    return state not in FINAL and state is not State.SUBMITTED


def progress_of(percent: int, *, state: State) -> Progress:
    """Return how far a measure is. A claim confirms nothing: only its obligation's acceptance does."""
    if state is State.ACCEPTED:
        return Progress.ACCEPTED
    if state is State.WAIVED:
        return Progress.DROPPED
    if state is State.SUBMITTED or percent >= DONE:
        return Progress.DONE
    return Progress.UNDER_WAY if percent else Progress.NOT_BEGUN


def shared_progress(percents: list[tuple[int, State]]) -> int:
    """Return how far several measures are together, in whole per cent rounded down; what is waived counts for nothing."""
    counted = [DONE if state is State.ACCEPTED else percent for percent, state in percents if state is not State.WAIVED]
    return sum(counted) // len(counted) if counted else 0
