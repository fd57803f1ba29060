"""
Decisions of the tick: what is due of one obligation at `now`.

The console's "what happens next" asks the same function with a later `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.actions import Action, AskPaper, AskUpkeep, Move, Notify, Outcome, Settle, Told
from evaluation.audiences import merged
from evaluation.kinds import Audience
from evaluation.ladders import due_moments
from evaluation.obligations import IN_HAND, Obligation, State, is_silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from evaluation.kinds import MessageKind
    from evaluation.plans import Rung

WHO_HEARS_OF_AN_OPENING = (Audience.OFFICER, Audience.COORDINATING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What the decision needs to know of the plan's line: its ladder, and what its opening is told as."""

    opening: MessageKind | None  #: None: the opening is not told
    ladder: Mapping[str, Rung]  #: of the current term, by key


def due_actions(obligation: Obligation, *, line: Line, told: Callable[[Audience], Told], now: datetime) -> tuple[Action, ...]:
    """Return everything that is due of the obligation now: opening, rungs, lapse, in this order; nothing if it is silent."""
    if is_silent(obligation):
        return ()
    actions: list[Action] = []
    state = obligation.state
    if state is State.SCHEDULED:
        if obligation.term.opens_at is None or obligation.term.opens_at > now:
            return ()
        actions += opening(line, told=told)
        state = State.OPEN
    actions += rungs(obligation, line=line, told=told, now=now)
    if state in IN_HAND and obligation.term.locks_at is not None and obligation.term.locks_at <= now:
        actions.append(Move(to=State.LAPSED))
    return tuple(actions)


def opening(line: Line, *, told: Callable[[Audience], Told]) -> list[Action]:
    """Return the opening: the state, and the word to who owes and who co-ordinates."""
    if line.opening is None:
        return [Move(to=State.OPEN)]
    heard = merged(told(audience) for audience in WHO_HEARS_OF_AN_OPENING)
    return [Move(to=State.OPEN), Notify(kind=line.opening, recipients=heard.recipients), *_repairs(heard)]


def rungs(obligation: Obligation, *, line: Line, told: Callable[[Audience], Told], now: datetime) -> list[Action]:
    """
    Return the rows of the rungs whose moment has come, and the notices that go with them.

    Of the rungs due for one recipient the latest is noticed; a rung that tells nobody is skipped, and so is one
    whose moment lies before its term was written or opened. A rung that leaves paper asks for it when it is noticed.
    """
    term = obligation.term
    came = due_moments(term.moments, settled=obligation.settled, now=now)
    if not came:
        return []
    first = term.written_at if term.opens_at is None else max(term.written_at, term.opens_at)
    taken: set[str] = set()
    actions: list[Action] = []
    for moment in reversed(came):
        rung = line.ladder[moment.rung]
        heard = Told(recipients=()) if moment.at < first else merged(told(audience) for audience in rung.audience)
        fresh = tuple(recipient for recipient in heard.recipients if recipient not in taken)
        passed = tuple(recipient for recipient in heard.recipients if recipient in taken)
        outcome = Outcome.NOTICED if fresh else Outcome.SKIPPED
        actions.append(Settle(term=term.number, rung=rung.key, outcome=outcome, told=fresh, passed_over=passed))
        if fresh:
            actions.append(Notify(kind=rung.message, recipients=fresh, rung=rung.key, term=term.number))
            taken.update(fresh)
            actions += [AskPaper(purpose=rung.paper)] if rung.paper is not None else []
        actions += _repairs(heard)
    return actions


def _repairs(heard: Told) -> list[Action]:
    return [AskUpkeep(subject=subject) for subject in heard.missing]
