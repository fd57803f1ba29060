"""Rehearsed people: how punctual each habit is, whoever it is drawn for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from evaluation.obligations import State
from evaluation.rehearsing import Habit, Standing, moves_today
from evaluation.transitions import Verb

OPENED, DUE = date(2026, 3, 2), date(2026, 3, 20)
A_MONTH = 31
PARTIES = 400


def standing(party: str) -> Standing:
    return Standing(
        stage="plan", party=party, subject="", state=State.OPEN, rounds=0, sign_off=False, opened_on=OPENED, due_on=DUE, extended=True
    )


def delivered_on(party: str, habit: Habit) -> date | None:
    for day in (OPENED + timedelta(days=number) for number in range(2 * A_MONTH)):
        if any(move.verb is Verb.SUBMIT for move in moves_today(standing(party), habit=habit, seed=1, today=day)):
            return day
    return None


@pytest.mark.parametrize(
    ("habit", "late", "never"),
    [(Habit.GOOD, False, False), (Habit.LATE, True, False), (Habit.MIXED, True, True), (Habit.POOR, True, True)],
)
def test_a_habit_says_whether_some_are_late_and_some_never_deliver(habit: Habit, late: bool, never: bool) -> None:  # noqa: FBT001
    found = Counter(
        "never" if on is None else "late" if on > DUE else "in time" for on in (delivered_on(f"xa-{n}", habit) for n in range(PARTIES))
    )
    assert (found["late"] > 0, found["never"] > 0) == (late, never)
    assert found["in time"] > 0
