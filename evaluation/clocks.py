"""Clocks: longer terms, stopped and resumed ones, terms opened again, and dates that a changed plan or calendar moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evaluation.actions import Action, Mark, Move, Write, void_rest
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.terms import Dates, TermReason, Turn, hold, moved_dates, resumed_dates
from evaluation.transitions import Setting, TransitionError, Verb, further_term, notices, require_allowed

if TYPE_CHECKING:
    from datetime import date

    from evaluation.terms import Held, Term


def extend(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a longer term, within the plan's bounds; the old rungs fall silent, the original stays visible."""
    require_allowed(obligation, Verb.EXTEND)
    term = obligation.term
    if term.due_on is not None and due_on <= term.due_on:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"{due_on} is not after the present due date {term.due_on}")
    if due_on < setting.rulebook.calendar.local_date(setting.now):
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"{due_on} has passed")
    _check_bounds(obligation, due_on=due_on, setting=setting)
    dates = moved_dates(term, due_on=due_on, calendar=setting.rulebook.calendar)
    longer = further_term(obligation, setting=setting, reason=TermReason.EXTENSION, dates=dates, ladder=term.ladder)
    told = notices(MessageKind.EXTENSION_GRANTED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=longer), *told)


def _check_bounds(obligation: Obligation, *, due_on: date, setting: Setting) -> None:
    bounds = setting.stage.extension
    if not bounds.allowed:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why="the plan allows no extension here")
    times = sum(term.reason is TermReason.EXTENSION for term in obligation.terms)
    if bounds.at_most_times is not None and times >= bounds.at_most_times:
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=f"the plan allows {bounds.at_most_times} extension(s)")
    first = _first_due(obligation)
    if bounds.at_most_days is not None and first is not None and due_on > first + timedelta(days=bounds.at_most_days):
        why = f"the plan allows {bounds.at_most_days} days past the first due date {first}"
        raise TransitionError(Verb.EXTEND, obligation=obligation, why=why)


def _first_due(obligation: Obligation) -> date | None:
    """Return the due date of the party's turn before it was extended: of a correction its own, of a moved plan the moved one."""
    own = (term for term in reversed(obligation.terms) if term.turn is Turn.PARTY and term.made_as is not TermReason.EXTENSION)
    return next((term.due_on for term in own if term.due_on is not None), None)


def refuse_extension(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the refusal of an extension: nothing moves, who owes is told why."""
    require_allowed(obligation, Verb.REFUSE_EXTENSION)
    return (setting.remark, *notices(MessageKind.EXTENSION_REFUSED, Audience.OFFICER, setting=setting))


def suspend(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the clock stopped, with what was left of the term kept."""
    require_allowed(obligation, Verb.SUSPEND)
    held = hold(obligation.term, calendar=setting.rulebook.calendar, now=setting.now)
    term = suspension(obligation, held=held, setting=setting)
    told = notices(MessageKind.SUSPENDED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), setting.remark, Mark(suspended=True), Write(term=term), *told)


def suspension(obligation: Obligation, *, held: Held, setting: Setting) -> Term:
    """Return a term without due and with an empty ladder, which keeps what is to go on afterwards and whose turn that is."""
    dates = Dates(opens_at=obligation.term.opens_at, unit=held.unit)
    term = further_term(obligation, setting=setting, reason=TermReason.SUSPENSION, dates=dates, turn=held.turn)
    return replace(term, held=held)


def resume_clock(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    """Return the clock going on with what was left, counted from the day after."""
    require_allowed(obligation, Verb.RESUME_CLOCK)
    held = obligation.term.held
    if held is None:  # what is suspended has a term of suspension
        raise TransitionError(Verb.RESUME_CLOCK, obligation=obligation, why="its term holds nothing that could go on")
    dates = resumed_dates(held, calendar=setting.rulebook.calendar, now=setting.now)
    term = further_term(obligation, setting=setting, reason=TermReason.RESUMPTION, dates=dates, ladder=held.ladder, turn=held.turn)
    told = notices(MessageKind.RESUMED, Audience.OFFICER, setting=setting)
    return (setting.remark, Mark(suspended=False), Write(term=term), *told)


def reopen(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a lapsed obligation opened again, with a new due and the lock at the old distance from it."""
    require_allowed(obligation, Verb.REOPEN)
    if due_on < setting.rulebook.calendar.local_date(setting.now):
        raise TransitionError(Verb.REOPEN, obligation=obligation, why=f"{due_on} has passed")
    dates = replace(moved_dates(obligation.term, due_on=due_on, calendar=setting.rulebook.calendar), opens_at=setting.now)
    if dates.locks_at is not None and dates.locks_at <= setting.now:
        dates = replace(dates, locks_at=None)
    term = further_term(obligation, setting=setting, reason=TermReason.RE_OPENING, dates=dates, ladder=obligation.term.ladder)
    told = notices(MessageKind.RE_OPENED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), Move(to=State.OPEN), setting.remark, Write(term=term), *told)


def move_dates(obligation: Obligation, *, dates: Dates, reason: TermReason, setting: Setting) -> tuple[Action, ...]:
    """
    Return the dates as a changed plan, roster or calendar has them; the rungs are computed anew.

    Who owes is told where the due date moved.
    """
    require_allowed(obligation, Verb.MOVE_DUE)
    old = obligation.term
    term = further_term(obligation, setting=setting, reason=reason, dates=dates, ladder=old.ladder, turn=old.turn)
    term = replace(term, projected_anew=old.made_as)
    told = () if old.due_on == dates.due_on else notices(MessageKind.DATES_MOVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=term), *told)
