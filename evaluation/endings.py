"""Endings, and what comes before them: an obligation waived, passed to a successor, or urged."""

from __future__ import annotations

from evaluation.actions import Action, HandOver, Move, Outcome, Settle, Urged, void_rest
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.transitions import Setting, TransitionError, Verb, notices, require_allowed


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
    ladder = {rung.key: rung for rung in setting.rulebook.plan.ladder(obligation.term.ladder)}
    waiting = (m for m in obligation.term.moments if m.rung not in obligation.settled and ladder[m.rung].also_by_urging)
    rung = next(waiting, None)
    counted = () if rung is None else (Settle(term=obligation.term.number, rung=rung.rung, outcome=Outcome.NOTICED),)
    return (Urged(by=by, note=setting.remark.reason), *counted)
