"""
The demo's people: what they do on a working morning.

What a body owes is done, for everything else rests on it; of last year nothing is left undone; this year some units are late and some never
answer. Council, publication, survey and inspections have ways of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.rehearsing import Habit
from store.commands.council.rehearsed import name_council, people_council
from store.commands.criteria.showing import DEMO_INDEX
from store.commands.improvement.rehearsed import people_improve
from store.commands.inspections.rehearsed import people_inspect
from store.commands.rehearsing import people_act
from store.commands.results.showing import people_publish
from store.commands.survey.rehearsed import people_survey
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from store.session import Store
    from store.years import StageRef

DEMO_SEED = 2026
FOUNDING = "council-founding"  #: stage of the demo's plan; once it is done the council is named
#: Kinds whose people are not drawn by lot.
OWN_WAYS = frozenset({StageKind.COUNCIL_DECISION, StageKind.PUBLICATION})
#: Kinds that the result of a year rests on: in time.
RESTED_ON = frozenset({StageKind.PLAN_ISSUANCE, StageKind.SURVEY, StageKind.APPRAISAL, StageKind.EXPLANATION})

#: Kinds that are handed in as their own story has it.
TOLD = frozenset({StageKind.INSPECTION})


def habits_of(*, is_over: bool) -> Callable[[StageRef], Habit]:
    """Return how punctual whoever owes something in a stage is, in a year whose work is over or in one that is under way."""

    def habit(ref: StageRef) -> Habit:
        if ref.kind in OWN_WAYS:
            return Habit.NONE
        if ref.kind in RESTED_ON:
            return Habit.GOOD
        return Habit.MIXED if ref.line.owed_by.groups and not is_over else Habit.LATE

    return habit


def people_of_demo(store: Store, cycle: int, *, is_over: bool, now: datetime) -> bool:
    """Let people of one of the demo's years do what they do on a working morning; true if anyone did anything."""
    moved = people_act(store, cycle, habit=habits_of(is_over=is_over), seed=DEMO_SEED + cycle, now=now, told=TOLD)
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
    done = (
        people_inspect(store, year, now=now),
        people_survey(store, year, now=now),
        any(move.stage == FOUNDING for move in moved) and name_council(store, year, now=now),
        people_council(store, year, now=now),
        people_improve(store, year, criteria=DEMO_INDEX, now=now),
        people_publish(store, year, now=now),
    )
    return bool(moved) or any(done)
