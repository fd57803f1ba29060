"""Clocks: longer terms, stopped and resumed ones, terms opened again, and dates that a changed plan or calendar moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evaluation.actions import Action, Mark, Move, Wish, Write, void_rest
from evaluation.due_rules import end_of
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.terms import Dates, TermReason, Turn, days_extended, hold, moved_dates, resumed_dates, turn_terms
from evaluation.transitions import Setting, TransitionError, Verb, further_term, notices, require_allowed

if TYPE_CHECKING:
    from datetime import date, time

    from evaluation.plans import Stage
    from evaluation.terms import Held, Term


def extend(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a longer term, within the plan's bounds; the old rungs fall silent, the original stays visible."""
    _require_longer(obligation, Verb.EXTEND, due_on=due_on, setting=setting)
    term = obligation.term
    dates = _moved(obligation, due_on=due_on, verb=Verb.EXTEND, setting=setting)
    longer = further_term(obligation, setting=setting, reason=TermReason.EXTENSION, dates=dates, ladder=term.ladder)
    told = notices(MessageKind.EXTENSION_GRANTED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=longer), *told)


def ask_extension(obligation: Obligation, *, wanted_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return the wish of who owes for a longer term, within the plan's bounds: nothing moves, the standing body is told."""
    _require_longer(obligation, Verb.ASK_EXTENSION, due_on=wanted_on, setting=setting)
    if obligation.term.due_on is None:
        raise TransitionError(Verb.ASK_EXTENSION, obligation=obligation, why="it has no due date that could be later")
    _moved(obligation, due_on=wanted_on, verb=Verb.ASK_EXTENSION, setting=setting)
    told = notices(MessageKind.EXTENSION_ASKED, Audience.STANDING_BODY, setting=setting)
    return (setting.remark, Wish(due_on=wanted_on.isoformat()), *told)


def due_hour(stage: Stage, *, rounds: int) -> time | None:
    """Return the time of day at which the plan's line ends a due date; None is 24:00, and so does every correction end."""
    return None if stage.due is None or rounds else stage.due.at


def _moved(obligation: Obligation, *, due_on: date, verb: Verb, setting: Setting) -> Dates:
    """Return the dates with a due date that a person gave, which keeps the plan's time of day; refuse one that has passed."""
    hour = due_hour(setting.stage, rounds=obligation.rounds)
    dates = moved_dates(obligation.term, due_on=due_on, calendar=setting.rulebook.calendar, at=hour)
    if dates.due_at is not None and dates.due_at <= setting.now:
        at = "" if hour is None else f" {hour:%H:%M}"
        raise TransitionError(verb, obligation=obligation, why=f"{due_on}{at} has passed")
    return dates


def _require_longer(obligation: Obligation, verb: Verb, *, due_on: date, setting: Setting) -> None:
    """
    Raise TransitionError unless the due date may be moved there: later, and within the plan's bounds.

    The bounds hold for all extensions of one turn together: until submitted and returned anew.
    """
    require_allowed(obligation, verb)
    term = obligation.term
    hour = due_hour(setting.stage, rounds=obligation.rounds)
    ends = end_of(due_on, at=hour, calendar=setting.rulebook.calendar)
    if term.due_on is not None and term.due_at is not None and (due_on < term.due_on or ends <= term.due_at):
        raise TransitionError(verb, obligation=obligation, why=f"{due_on} is not after the present due date {term.due_on}")
    bounds = setting.stage.extension
    if not bounds.allowed:
        raise TransitionError(verb, obligation=obligation, why="the plan allows no extension here")
    turn = turn_terms(obligation.terms)
    times = sum(term.reason is TermReason.EXTENSION for term in turn)
    if bounds.at_most_times is not None and times >= bounds.at_most_times:
        raise TransitionError(verb, obligation=obligation, why=f"the plan allows {bounds.at_most_times} extension(s) of one turn")
    if bounds.at_most_days is None or term.due_on is None:
        return
    own = term.due_on - timedelta(days=days_extended(turn))
    if due_on > own + timedelta(days=bounds.at_most_days):
        why = f"the plan allows {bounds.at_most_days} days past {own}, its due date without extensions"
        raise TransitionError(verb, obligation=obligation, why=why)


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
    hour = due_hour(setting.stage, rounds=obligation.rounds) if held.turn is Turn.PARTY else None
    dates = resumed_dates(held, calendar=setting.rulebook.calendar, now=setting.now, at=hour)
    term = further_term(obligation, setting=setting, reason=TermReason.RESUMPTION, dates=dates, ladder=held.ladder, turn=held.turn)
    told = notices(MessageKind.RESUMED, Audience.OFFICER, setting=setting)
    return (setting.remark, Mark(suspended=False), Write(term=term), *told)


def reopen(obligation: Obligation, *, due_on: date, setting: Setting) -> tuple[Action, ...]:
    """Return a lapsed obligation opened again, with a new due and the lock at the old distance from it."""
    require_allowed(obligation, Verb.REOPEN)
    dates = replace(_moved(obligation, due_on=due_on, verb=Verb.REOPEN, setting=setting), opens_at=setting.now)
    if dates.locks_at is not None and dates.locks_at <= setting.now:
        dates = replace(dates, locks_at=None)
    term = further_term(obligation, setting=setting, reason=TermReason.RE_OPENING, dates=dates, ladder=obligation.term.ladder)
    told = notices(MessageKind.RE_OPENED, Audience.OFFICER, Audience.HEAD, setting=setting)
    return (*void_rest(obligation), Move(to=State.OPEN), setting.remark, Write(term=term), *told)


def move_dates(
    obligation: Obligation, *, dates: Dates, reason: TermReason, setting: Setting, made_as: TermReason | None = None
) -> tuple[Action, ...]:
    """
    Return the dates as a changed plan, roster or calendar has them, or the day of an inspection; the rungs are computed anew.

    `made_as`: why the dates are set so; None: as the old ones were. Who owes is told where the due date moved.
    """
    require_allowed(obligation, Verb.MOVE_DUE)
    old = obligation.term
    term = further_term(obligation, setting=setting, reason=reason, dates=dates, ladder=old.ladder, turn=old.turn)
    term = replace(term, projected_anew=made_as or old.made_as)
    told = () if old.due_on == dates.due_on else notices(MessageKind.DATES_MOVED, Audience.OFFICER, setting=setting)
    return (*void_rest(obligation), setting.remark, Write(term=term), *told)
