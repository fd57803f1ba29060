"""Endings, and what comes before them: an obligation waived, passed to a successor, or urged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.actions import Action, HandOver, Move, Notify, Outcome, Settle, Urged, void_rest
from evaluation.kinds import Audience, MessageKind
from evaluation.ladders import open_moments
from evaluation.obligations import FINAL, Obligation, State
from evaluation.transitions import Setting, TransitionError, Verb, notices, require_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evaluation.actions import Told
    from evaluation.plans import Rung


def waive(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the obligation no longer owed."""
    require_allowed(obligation, Verb.WAIVE)
    told = notices(MessageKind.WAIVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.WAIVED), setting.remark, *told)


@dataclass(frozen=True, kw_only=True)
class Heir:
    """Who is to take an obligation over."""

    party: int
    declared: bool = True  #: the roster names it as a successor, or whoever hands over says that it need not
    own: Obligation | None = None  #: what it owes of the same already


#: What to do instead of handing over to somebody who is done with the same already.
_INSTEAD = {
    State.ACCEPTED: "waive this one if that answer covers both, else suspend it and ask who answers for it",
    State.WAIVED: "waive this one too, or hand it to somebody who still owes the same",
    State.TRANSFERRED: "hand it to whom that one was handed to",
}


def transfer(
    obligation: Obligation, *, successor: Heir, setting: Setting, before: Callable[[Audience], Told] | None = None
) -> tuple[Action, ...]:
    """
    Return the obligation passed to the successor of its party; `setting.told` speaks of the successor.

    `before` speaks of the party itself: its officer hears that it is owed no longer, if it still has one. Of a unit that has ended nobody
    answers, and nobody is asked to repair that. Nothing is handed to somebody who is done with the same: it would be owed by nobody.
    """
    require_allowed(obligation, Verb.TRANSFER)
    _require_heir(obligation, successor)
    told = notices(MessageKind.HANDED_OVER, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (
        *void_rest(obligation),
        Move(to=State.TRANSFERRED),
        HandOver(to=successor.party),
        setting.remark,
        *told,
        *_word_to(before, besides=told),
    )


def _require_heir(obligation: Obligation, heir: Heir) -> None:
    if heir.party == obligation.party:
        raise TransitionError(Verb.TRANSFER, obligation=obligation, why="the successor is the party itself")
    if not heir.declared:
        why = "the roster does not name that unit as a successor; name it (`dondoc units successors`), or hand over with --undeclared"
        raise TransitionError(Verb.TRANSFER, obligation=obligation, why=why)
    if heir.own is not None and heir.own.state in FINAL:
        why = f"the successor's own obligation {heir.own.id} is {heir.own.state} already: {_INSTEAD[heir.own.state]}"
        raise TransitionError(Verb.TRANSFER, obligation=obligation, why=why)


def _word_to(before: Callable[[Audience], Told] | None, *, besides: Sequence[Action]) -> tuple[Action, ...]:
    """Return the word to the officer of who owed it so far, each recipient once."""
    heard = None if before is None else before(Audience.OFFICER)
    if heard is None or heard.missing:
        return ()
    known = {recipient for action in besides if isinstance(action, Notify) for recipient in action.recipients}
    fresh = tuple(recipient for recipient in heard.recipients if recipient not in known)
    return (Notify(kind=MessageKind.HANDED_OVER, recipients=fresh),) if fresh else ()


def urge(obligation: Obligation, *, by: str, setting: Setting) -> tuple[Action, ...]:
    """
    Return an urging of whoever's turn it is.

    By mail it is a notice; by phone or letter it is a note, and counts as the next rung if the plan says so.
    """
    require_allowed(obligation, Verb.URGE)
    if by == "mail":
        whom = (Audience.RECEIVER,) if obligation.state is State.SUBMITTED else (Audience.OFFICER, Audience.HEAD)
        return (setting.remark, *notices(MessageKind.URGED, *whom, setting=setting))
    return (Urged(by=by, note=setting.remark.reason), *_counted(obligation, ladder=setting.rulebook.plan.ladder(obligation.term.ladder)))


def urge_by_paper(obligation: Obligation, *, paper: str, setting: Setting) -> tuple[Action, ...]:
    """
    Return an urging by a signed official letter, named by its number and date: it counts as an urging by letter does.

    Whoever owes also gets a mail that names the letter.
    """
    require_allowed(obligation, Verb.URGE)
    told = notices(MessageKind.URGED, Audience.OFFICER, Audience.HEAD, setting=setting)
    counted = _counted(obligation, ladder=setting.rulebook.plan.ladder(obligation.term.ladder))
    return (Urged(by="letter", note=""), replace(setting.remark, basis=paper), *counted, *told)


def _counted(obligation: Obligation, *, ladder: Sequence[Rung]) -> tuple[Action, ...]:
    """Return the row of the term's next rung, if the plan lets an urging count as it."""
    waiting = next(iter(open_moments(obligation.term.moments, settled=obligation.settled)), None)
    counts = waiting is not None and any(rung.key == waiting.rung and rung.also_by_urging for rung in ladder)
    return (Settle(term=obligation.term.number, rung=waiting.rung, outcome=Outcome.NOTICED),) if waiting and counts else ()
