"""Why a move is not allowed, in Vietnamese: the rules say it in English, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.rights_table import Action
from evaluation.rights_words import ACTIONS
from evaluation.statuses import STATUS_OF_STATE
from evaluation.transition_words import reason_words

if TYPE_CHECKING:
    from evaluation.transitions import TransitionError


def why_not(error: TransitionError) -> tuple[str, str]:
    """Return why a move is not allowed and what is, in Vietnamese and in English."""
    verb, state = _named(error.verb), STATUS_OF_STATE[error.state]
    allowed = ["; ".join(_named(one)[place] for one in error.allowed) for place in (0, 1)]
    vi = f"Không {verb[0]} được: {reason_words(error.why)}. Trạng thái: {state.vi}. Được phép: {allowed[0] or 'không gì cả'}."
    en = f"Cannot {verb[1]}: {error.why}. It is {error.state} ({state.en}). Allowed: {allowed[1] or 'nothing'}."
    return vi, en


def _named(verb: str) -> tuple[str, str]:
    return ACTIONS[Action(verb)] if verb in set(Action) else (verb, verb)
