"""Endings, and what comes before them: an obligation waived, passed to a successor, or urged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.actions import Action, HandOver, Move, Outcome, Settle, Urged, void_rest
from evaluation.kinds import Audience, MessageKind
from evaluation.ladders import open_moments
from evaluation.obligations import Obligation, State
from evaluation.transitions import Setting, TransitionError, Verb, notices, require_allowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.plans import Rung


def waive(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the obligation no longer owed."""
    require_allowed(obligation, Verb.WAIVE)
    told = notices(MessageKind.WAIVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.WAIVED), setting.remark, *told)


def transfer(obligation: Obligation, *, successor: int, setting: Setting) -> tuple[Action, ...]:
    """Return the obligation passed to the successor of its party; `setting.told` speaks of the successor."""
    require_allowed(obligation, Verb.TRANSFER)
    if successor == obligation.party:
        raise TransitionError(Verb.TRANSFER, obligation=obligation, why="the successor is the party itself")
    told = notices(MessageKind.HANDED_OVER, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), Move(to=State.TRANSFERRED), HandOver(to=successor), setting.remark, *told)


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


def _counted(obligation: Obligation, *, ladder: Sequence[Rung]) -> tuple[Action, ...]:
    """Return the row of the term's next rung, if the plan lets an urging count as it."""
    waiting = next(iter(open_moments(obligation.term.moments, settled=obligation.settled)), None)
    counts = waiting is not None and any(rung.key == waiting.rung and rung.also_by_urging for rung in ladder)
    return (Settle(term=obligation.term.number, rung=waiting.rung, outcome=Outcome.NOTICED),) if waiting and counts else ()
