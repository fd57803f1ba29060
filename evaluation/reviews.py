"""Reviews: what becomes of a submission: accepted, returned for correction, or returned in parts after it was accepted."""

from __future__ import annotations

from dataclasses import replace

from evaluation.actions import Action, AskPaper, Move, Write, void_rest
from evaluation.clocks import suspension
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.papers import Purpose
from evaluation.terms import TermReason, counted_dates, hold, not_before
from evaluation.transitions import Setting, TransitionError, Verb, further_term, notices, require_allowed


def accept(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the end of the obligation: done."""
    require_allowed(obligation, Verb.ACCEPT)
    told = notices(MessageKind.ACCEPTED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), Move(to=State.ACCEPTED), setting.remark, *told)


def return_for_correction(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return a round of correction with its own term; while the clock is suspended the correction waits for it."""
    require_allowed(obligation, Verb.RETURN)
    _require_items(obligation, setting=setting)
    return _round(obligation, reason=TermReason.CORRECTION, setting=setting)


def return_parts(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """
    Return a round of correction of parts of what was accepted: the acceptance stands, and what is sent again needs no other.

    Only who goes on working with what was accepted asks for it (an appraisal, of single leaves); nobody returns the whole once more.
    """
    if obligation.state is not State.ACCEPTED:
        why = "parts are returned so of what was accepted alone; return it as a whole"
        raise TransitionError(Verb.RETURN, obligation=obligation, why=why)
    return _round(obligation, reason=TermReason.SUPPLEMENT, setting=setting)


def _round(obligation: Obligation, *, reason: TermReason, setting: Setting) -> tuple[Action, ...]:
    rule = setting.stage.correction
    counted = counted_dates(rule, calendar=setting.rulebook.calendar, now=setting.now)
    dates = not_before(counted, obligation.terms)
    term = further_term(obligation, setting=setting, reason=reason, dates=dates, ladder=rule.ladder)
    if obligation.suspended:
        held = replace(hold(term, calendar=setting.rulebook.calendar, now=setting.now), days_left=rule.count)
        term = suspension(obligation, held=held, setting=setting)
    told = notices(MessageKind.RETURNED_FOR_CORRECTION, Audience.OFFICER, setting=setting)
    move = Move(to=State.RETURNED, round=obligation.rounds + 1)
    return (*void_rest(obligation), move, setting.remark, Write(term=term), *told, *_uncorrected(move.round, setting=setting))


def _uncorrected(rounds: int, *, setting: Setting) -> tuple[Action, ...]:
    """Return what follows where an obligation was returned as often as the plan bears: it escalates as lateness does, by a letter."""
    bears = setting.stage.uncorrected_after
    return (AskPaper(purpose=Purpose.URGING),) if bears is not None and rounds >= bears else ()


def _require_items(obligation: Obligation, *, setting: Setting) -> None:
    """Refuse a remark on a part or a field that the deliverable does not have; where there are none, whoever reviews names them."""
    known = [*(item.key for item in setting.stage.items), *setting.fields]
    strange = [key for key, _ in setting.remark.items if known and key not in known]
    if strange:
        why = f"the deliverable has no part “{', '.join(strange)}”; its parts: {', '.join(known)}"
        raise TransitionError(Verb.RETURN, obligation=obligation, why=why)
