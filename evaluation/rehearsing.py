"""
Rehearsed people: what the units and the receivers of a rehearsal do, drawn from a seed and replayable as a list of moves.

Nobody is known to behave like this: the shares below only make a year look alive. They are figures of this module, no prediction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from evaluation.obligations import State
from evaluation.transitions import Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class Habit(StrEnum):
    """How punctual everybody is."""

    NONE = "none"  #: nobody acts
    GOOD = "good"  #: everybody delivers in time, everything is accepted
    MIXED = "mixed"  #: most in time, some late, some never; some are returned
    LATE = "late"  #: as mixed, but whoever is late delivers in the end
    POOR = "poor"  #: half late or never, many returned


@dataclass(frozen=True, kw_only=True)
class Shares:
    """How many of a hundred obligations go which way."""

    in_time: int
    late: int  #: the rest never
    returned: int  #: of those submitted
    extended: int = 0  #: of those that are late, granted a longer term before


SHARES: dict[Habit, Shares] = {
    Habit.NONE: Shares(in_time=0, late=0, returned=0),
    Habit.GOOD: Shares(in_time=100, late=0, returned=0),
    Habit.MIXED: Shares(in_time=68, late=24, returned=15, extended=20),
    Habit.LATE: Shares(in_time=76, late=24, returned=15, extended=20),
    Habit.POOR: Shares(in_time=40, late=40, returned=35, extended=20),
}


@dataclass(frozen=True, kw_only=True)
class RehearsedMove:
    """One move of one person on one day, by natural keys, so that it can be replayed elsewhere."""

    on: date
    verb: Verb
    stage: str
    party: str
    subject: str = ""
    due_on: date | None = None  #: of an extension


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An obligation as far as rehearsed people look at it."""

    stage: str
    party: str
    subject: str
    state: State
    rounds: int
    sign_off: bool
    opened_on: date
    due_on: date | None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What fell to one round of one obligation, whatever day it is looked at."""

    luck: int  #: per cent, as the next two
    returned: int
    extended: int
    early: int  #: days, as the next two
    behind: int
    review: int


#: So many days before the due date a longer term is asked for.
AT_LAST = timedelta(days=2)


@lru_cache(maxsize=1 << 16)
def _draw(whose: str) -> _Drawn:
    draw = Random(whose)  # noqa: S311  a rehearsal, no secret
    luck, returned, extended = draw.randrange(100), draw.randrange(100), draw.randrange(100)
    return _Drawn(luck, returned, extended, early=draw.randint(0, 9), behind=draw.randint(1, 14), review=draw.randint(1, 4))


def moves_today(standing: Standing, *, habit: Habit, seed: int, today: date) -> Iterator[RehearsedMove]:
    """Yield what is done about an obligation today; the same for the same seed, whatever else happens."""
    drawn, shares = _draw(f"{seed}/{standing.stage}/{standing.party}/{standing.subject}/{standing.rounds}"), SHARES[habit]
    if standing.state is State.SUBMITTED:
        if today >= standing.opened_on + timedelta(days=drawn.review):
            returned = drawn.returned < shares.returned and standing.rounds == 0
            yield _move(standing, Verb.RETURN if returned else Verb.ACCEPT, today)
        return
    due_on = standing.due_on or standing.opened_on + timedelta(days=10)
    late = shares.in_time <= drawn.luck < shares.in_time + shares.late
    if drawn.luck >= shares.in_time + shares.late:
        return
    if late and drawn.extended < shares.extended and _may_ask(standing, today):
        yield RehearsedMove(
            on=today,
            verb=Verb.EXTEND,
            stage=standing.stage,
            party=standing.party,
            subject=standing.subject,
            due_on=today + timedelta(days=7),
        )
        return
    if today >= due_on + timedelta(days=drawn.behind if late else -drawn.early):
        yield from _delivery(standing, today)


def _may_ask(standing: Standing, today: date) -> bool:
    """Return whether a longer term is asked for today: at the last moment, which before a weekend is the Friday."""
    at_last = standing.due_on is not None and today <= standing.due_on <= today + AT_LAST
    return at_last and not standing.extended and standing.state is State.OPEN


def _delivery(standing: Standing, today: date) -> Iterator[RehearsedMove]:
    if standing.sign_off and standing.state in {State.OPEN, State.RETURNED}:
        yield _move(standing, Verb.PREPARE, today)
    yield _move(standing, Verb.SUBMIT, today)


def _move(standing: Standing, verb: Verb, today: date) -> RehearsedMove:
    return RehearsedMove(on=today, verb=verb, stage=standing.stage, party=standing.party, subject=standing.subject)
