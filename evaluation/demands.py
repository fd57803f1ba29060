"""
Demands: how long the word of each kind of message stays true, and which words a move makes untrue before they have left.

A mail leaves at its slot, hours or days after the move that caused it. A word that asks for something holds while that is still to be
done; a word that reports a fact stays true. Every kind has its line in `LASTS`; docs/messages.md says it for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from evaluation.actions import Move, Write
from evaluation.kinds import MessageKind
from evaluation.obligations import FINAL, IN_HAND, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.actions import Action
    from evaluation.obligations import Obligation


@dataclass(frozen=True, kw_only=True, slots=True)
class Lasts:
    """While what holds a word is true; a word of nothing given here stays true for good."""

    states: frozenset[State] = frozenset(State)  #: in these alone
    term: bool = False  #: until a further term begins, or the obligation ends
    suspended: bool = False  #: while the clock stands

    def holds(self, state: State, suspended: bool) -> bool:  # noqa: FBT001  as an obligation stands
        """Return whether the word holds of an obligation that stands so, whatever its term."""
        return state in self.states and (suspended or not self.suspended)


_EVER = Lasts()
_ITS_TERM = Lasts(term=True)
_TO_BE_DONE = Lasts(states=IN_HAND | {State.LAPSED})
LASTS: dict[MessageKind, Lasts] = {
    MessageKind.STAGE_OPENED: _TO_BE_DONE,
    MessageKind.URGENT_REQUEST: _TO_BE_DONE,
    MessageKind.AWAITING_HEAD: Lasts(states=frozenset({State.PREPARED})),
    MessageKind.SENT_BACK_BY_HEAD: Lasts(states=frozenset({State.OPEN, State.RETURNED, State.LAPSED})),
    MessageKind.RECEIVED: Lasts(states=frozenset({State.SUBMITTED})),
    MessageKind.RETURNED_FOR_CORRECTION: Lasts(states=frozenset({State.RETURNED, State.PREPARED, State.LAPSED})),
    MessageKind.CONTACT_UNREACHABLE: _TO_BE_DONE,
    MessageKind.SUSPENDED: Lasts(suspended=True),
    MessageKind.INSPECTION_NOTICE: Lasts(states=IN_HAND | {State.SCHEDULED, State.LAPSED}),
    MessageKind.VOTE_ASKED: _TO_BE_DONE,
    # They name a due date, or whose turn it is: a further term has dates of its own, and the move that wrote it says so.
    MessageKind.REMINDER_BEFORE_DUE: _ITS_TERM,
    MessageKind.DUE_TODAY: _ITS_TERM,
    MessageKind.OVERDUE: _ITS_TERM,
    MessageKind.ESCALATION_STANDING_BODY: _ITS_TERM,
    MessageKind.ESCALATION_CHAIR: _ITS_TERM,
    MessageKind.CORRECTION_REMINDER: _ITS_TERM,
    MessageKind.CORRECTION_OVERDUE: _ITS_TERM,
    MessageKind.REVIEW_DUE: _ITS_TERM,
    MessageKind.REVIEW_OVERDUE: _ITS_TERM,
    MessageKind.URGED: _ITS_TERM,
    MessageKind.EXTENSION_ASKED: _ITS_TERM,
    MessageKind.EXTENSION_REFUSED: _ITS_TERM,
    MessageKind.RESUMED: _ITS_TERM,
    MessageKind.RE_OPENED: _ITS_TERM,
    MessageKind.DATES_MOVED: _ITS_TERM,
    # Facts: whatever comes later, this was decided.
    MessageKind.ACCEPTED: _EVER,
    MessageKind.EXTENSION_GRANTED: _EVER,
    MessageKind.WAIVED: _EVER,
    MessageKind.HANDED_OVER: _EVER,
    MessageKind.PLAN_ISSUED: _EVER,
    MessageKind.RESULTS_PUBLISHED: _EVER,
    MessageKind.CYCLE_PAUSED: _EVER,
    MessageKind.CYCLE_RESUMED: _EVER,
    MessageKind.CYCLE_CANCELLED: _EVER,
    MessageKind.COORDINATOR_DIGEST: _EVER,
    MessageKind.REQUEST_SUMMARY: _EVER,
    # Of accounts, not of obligations.
    MessageKind.SIGN_IN_LINK: _EVER,
    MessageKind.PASSWORD_RESET: _EVER,
    MessageKind.INVITATION: _EVER,
    MessageKind.ACCOUNT_CHANGED: _EVER,
    MessageKind.TEST_MAIL: _EVER,
}
_OF_A_TERM = frozenset(kind for kind, lasts in LASTS.items() if lasts.term)
_OF_A_STATE = {kind: lasts for kind, lasts in LASTS.items() if lasts not in {_EVER, _ITS_TERM}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Untrue:
    """What a move makes untrue of what was told before."""

    rungs: bool  #: everything that a rung caused, of whatever kind
    kinds: frozenset[MessageKind]  #: these, where an earlier move caused them

    def __bool__(self) -> bool:
        """Return whether it is anything at all."""
        return self.rungs or bool(self.kinds)


def made_untrue(before: Obligation, after: Obligation, *, actions: Iterable[Action]) -> Untrue:
    """
    Return what the actions, which lead from the one to the other, make untrue of earlier words about the obligation.

    A further term, or the end, ends the words of the term before; what asks for something ends with the state in which it was asked.
    """
    over = any(isinstance(action, Write) or (isinstance(action, Move) and action.to in FINAL) for action in actions)
    return _untrue(over, (before.state, before.suspended), (after.state, after.suspended))


@cache
def _untrue(over: bool, before: tuple[State, bool], after: tuple[State, bool]) -> Untrue:  # noqa: FBT001  a key of the cache
    kinds = (kind for kind, lasts in _OF_A_STATE.items() if lasts.holds(*before) and not lasts.holds(*after))
    return Untrue(rungs=over, kinds=frozenset(kinds) | (_OF_A_TERM if over else frozenset()))
