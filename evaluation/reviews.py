"""Reviews: what the receiver does with a submission: accept it, or return it for correction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.actions import Action, Move, Write, void_rest
from evaluation.clocks import suspension
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.terms import TermReason, counted_dates, hold
from evaluation.transitions import Setting, Verb, further_term, notices, require_allowed


def accept(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the end of the obligation: done."""
    require_allowed(obligation, Verb.ACCEPT)
    told = notices(MessageKind.ACCEPTED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.ACCEPTED), setting.remark, *told)


def return_for_correction(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return a round of correction with its own term; while the clock is suspended the correction waits for it."""
    require_allowed(obligation, Verb.RETURN)
    rule = setting.stage.correction
    dates = counted_dates(rule, calendar=setting.rulebook.calendar, now=setting.now)
    told = notices(MessageKind.RETURNED_FOR_CORRECTION, Audience.OFFICER, setting=setting)
    head = (*void_rest(obligation), Move(to=State.RETURNED), setting.remark)
    correction = further_term(obligation, setting=setting, reason=TermReason.CORRECTION, dates=dates, ladder=rule.ladder)
    if not obligation.suspended:
        return (*head, Write(term=correction), *told)
    held = replace(hold(correction, calendar=setting.rulebook.calendar, now=setting.now), days_left=rule.count)
    waiting = suspension(obligation, setting=setting)
    return (*head, Write(term=replace(waiting, held=held)), *told)
