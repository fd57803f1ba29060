"""
Transitions: which moves people may make on an obligation, and what every move needs.

The moves themselves are in `submissions`, `reviews`, `clocks` and `endings`: each function there returns the actions of one
move, or raises `TransitionError` that says why not and what is allowed. The life of an obligation is drawn in docs/states.md;
`ALLOWED` is that drawing as data.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.actions import Action, AskUpkeep, Notify, Remark, Told, next_number
from evaluation.audiences import merged
from evaluation.obligations import FINAL, Obligation, State
from evaluation.terms import Dates, TermReason, Turn, new_term

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evaluation.kinds import Audience, MessageKind
    from evaluation.plans import Stage
    from evaluation.terms import Rulebook, Term


class Verb(StrEnum):
    """What a person can do with an obligation; each is a command."""

    PREPARE = "prepare"
    SEND_BACK = "send-back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    ASK_EXTENSION = "ask-extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse-extension"
    SUSPEND = "suspend"
    RESUME_CLOCK = "resume-clock"
    WAIVE = "waive"
    TRANSFER = "transfer"
    REOPEN = "reopen"
    URGE = "urge"
    MOVE_DUE = "move-due"


_LIVE = frozenset(State) - FINAL
#: In which states each verb is allowed; the conditions beside the state are in the functions.
ALLOWED: dict[Verb, frozenset[State]] = {
    Verb.PREPARE: frozenset({State.OPEN, State.RETURNED}),
    Verb.SEND_BACK: frozenset({State.PREPARED}),
    Verb.SUBMIT: frozenset({State.OPEN, State.PREPARED, State.RETURNED, State.LAPSED}),
    Verb.WITHDRAW: frozenset({State.SUBMITTED}),
    Verb.ACCEPT: frozenset({State.SUBMITTED}),
    Verb.RETURN: frozenset({State.SUBMITTED}),
    Verb.ASK_EXTENSION: frozenset({State.OPEN, State.PREPARED, State.RETURNED}),
    Verb.EXTEND: frozenset({State.SCHEDULED, State.OPEN, State.PREPARED, State.RETURNED}),
    Verb.REFUSE_EXTENSION: frozenset({State.SCHEDULED, State.OPEN, State.PREPARED, State.RETURNED}),
    Verb.SUSPEND: _LIVE - {State.SCHEDULED},
    Verb.RESUME_CLOCK: _LIVE - {State.SCHEDULED},
    Verb.WAIVE: _LIVE,
    Verb.TRANSFER: _LIVE,
    Verb.REOPEN: frozenset({State.LAPSED}),
    Verb.URGE: _LIVE - {State.SCHEDULED},
    Verb.MOVE_DUE: _LIVE,
}

#: What takes something from somebody, or gives it: whoever does it says why.
NEEDS_REASON = frozenset(
    {
        Verb.SEND_BACK,
        Verb.RETURN,
        Verb.ASK_EXTENSION,
        Verb.EXTEND,
        Verb.REFUSE_EXTENSION,
        Verb.SUSPEND,
        Verb.WAIVE,
        Verb.TRANSFER,
        Verb.REOPEN,
    }
)
#: What a changed plan or calendar does to an obligation; no command of one obligation does it.
BY_REPLANNING = frozenset({Verb.MOVE_DUE})

#: What may be done while the clock is suspended; nothing else may.
WHILE_SUSPENDED = frozenset({Verb.RETURN, Verb.ACCEPT, Verb.WAIVE, Verb.TRANSFER, Verb.RESUME_CLOCK})


class TransitionError(Exception):
    """A move that is not allowed: why not, and what is."""

    def __init__(self, verb: Verb, *, obligation: Obligation, why: str) -> None:
        """Keep the verb, the state and what would be allowed."""
        self.verb, self.state, self.why = verb, obligation.state, why
        self.allowed = tuple(other for other in allowed_verbs(obligation) if other is not verb)
        allowed = ", ".join(self.allowed) or "nothing"
        state = f"{obligation.state}, suspended" if obligation.suspended else str(obligation.state)
        super().__init__(f"obligation {obligation.id} cannot {verb}: {why} (it is {state}; allowed: {allowed})")


def allowed_verbs(obligation: Obligation) -> tuple[Verb, ...]:
    """Return the commands that the state and the clock allow; the plan's line may refuse one of them still."""
    return tuple(
        verb for verb in Verb if verb not in BY_REPLANNING and obligation.state in ALLOWED[verb] and _clock_allows(obligation, verb)
    )


def _clock_allows(obligation: Obligation, verb: Verb) -> bool:
    if verb is Verb.RESUME_CLOCK:
        return obligation.suspended
    return verb in WHILE_SUSPENDED or not obligation.suspended


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a transition needs beside the obligation: its line, the versions, whom audiences mean, and the moment."""

    stage: Stage
    rulebook: Rulebook
    told: Callable[[Audience], Told]
    now: datetime
    remark: Remark = field(default_factory=Remark)
    granted_by: int | None = None
    fields: tuple[str, ...] = ()  #: keys of the fields of its form, which a return may name like parts


def require_allowed(obligation: Obligation, verb: Verb) -> None:
    """Raise TransitionError unless the state and the clock allow the verb."""
    if obligation.state not in ALLOWED[verb]:
        raise TransitionError(verb, obligation=obligation, why=f"an obligation that is {obligation.state} does not take it")
    if not _clock_allows(obligation, verb):
        why = "its clock is suspended; resume it first" if obligation.suspended else "its clock is not suspended"
        raise TransitionError(verb, obligation=obligation, why=why)


def require_reason(obligation: Obligation, verb: Verb, *, remark: Remark) -> None:
    """Raise TransitionError where the verb needs a reason and none, or a blank one, is given."""
    if verb in NEEDS_REASON and not remark.reason.strip():
        raise TransitionError(verb, obligation=obligation, why="it needs a reason, and none is given")


def notices(kind: MessageKind, *audiences: Audience, setting: Setting) -> tuple[Action, ...]:
    """Return the word to some audiences, each recipient once, and a repair for each post that is missing."""
    heard = merged(setting.told(audience) for audience in audiences)
    return (Notify(kind=kind, recipients=heard.recipients), *(AskUpkeep(subject=subject) for subject in heard.missing))


def further_term(  # noqa: PLR0913 -- a term is all of these
    obligation: Obligation, *, setting: Setting, reason: TermReason, dates: Dates, ladder: str = "", turn: Turn = Turn.PARTY
) -> Term:
    """Return the obligation's next term, with who granted it and on which basis."""
    term = new_term(setting.rulebook, number=next_number(obligation), reason=reason, dates=dates, now=setting.now, turn=turn, ladder=ladder)
    return replace(term, granted_by=setting.granted_by, basis=setting.remark.basis)


def state_in_hand(obligation: Obligation) -> State:
    """Return the state of an obligation that is the party's to work on: after a return it stays `returned`."""
    return State.RETURNED if obligation.rounds else State.OPEN
