"""Actions: what they make of an obligation; and whole lives at random, in which no moment decides anything twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import clocks, endings, reviews, submissions
from evaluation.actions import (
    AskUpkeep,
    HandOver,
    Mark,
    Move,
    Notify,
    Outcome,
    Release,
    Remark,
    Settle,
    Submitted,
    Urged,
    Write,
    evolve,
    next_number,
    void_rest,
)
from evaluation.decisions import Line, due_actions
from evaluation.kinds import MessageKind
from evaluation.obligations import FINAL, State, is_silent, next_at
from evaluation.terms import TermReason, Turn
from evaluation.transitions import Setting, TransitionError
from tests.evaluation.one_duty import CALENDAR, LADDERS, RULEBOOK, local, make_dates, make_obligation, make_stage, make_term, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.actions import Action
    from evaluation.obligations import Obligation


def test_a_row_settles_its_rung_in_the_current_term_alone() -> None:
    obligation = make_obligation(make_term(), make_term(number=2))
    assert evolve(obligation, [Settle(term=2, rung="T-7", outcome=Outcome.NOTICED)]).settled == {"T-7"}
    assert evolve(obligation, [Settle(term=1, rung="T-7", outcome=Outcome.VOID)]).settled == frozenset()
    both = [Settle(term=2, rung=key, outcome=Outcome.SKIPPED) for key in ("T-7", "T-1")]
    assert evolve(obligation, both).settled == {"T-7", "T-1"}


def test_a_further_term_begins_with_no_rung_settled() -> None:
    obligation = evolve(make_obligation(settled=frozenset({"T-7"})), [Write(term=make_term(number=2))])
    assert ([term.number for term in obligation.terms], obligation.settled) == ([1, 2], frozenset())
    assert next_number(obligation) == 3


def test_a_round_is_counted_where_one_begins_and_nowhere_else() -> None:
    assert evolve(make_obligation(state=State.SUBMITTED), [Move(to=State.RETURNED, round=1)]).rounds == 1
    assert evolve(make_obligation(state=State.PREPARED, rounds=2), [Move(to=State.RETURNED)]).rounds == 2


def test_what_is_over_is_not_suspended() -> None:
    standing = make_obligation(suspended=True)
    assert [evolve(standing, [Move(to=state)]).suspended for state in State] == [state not in FINAL for state in State]


def test_facts_are_kept() -> None:
    obligation = make_obligation(released=False)
    assert evolve(obligation, [Release()]).released
    assert evolve(obligation, [Mark(suspended=True)]).suspended
    assert not evolve(replace(obligation, suspended=True), [Mark(suspended=False)]).suspended
    assert evolve(obligation, [Submitted(days_late=3)]).days_late == 3


def test_actions_that_only_tell_leave_the_duty_as_it_is() -> None:
    obligation = make_obligation()
    only_tell: list[Action] = [
        Notify(kind=MessageKind.URGED, recipients=("c1",)),
        Remark(reason="bão"),
        HandOver(to=9),
        Urged(by="phone", note=""),
        AskUpkeep(subject="contact/3/officer"),
    ]
    assert evolve(obligation, only_tell) == obligation


def test_the_rest_of_a_ladder_is_what_has_no_row() -> None:
    obligation = make_obligation(settled=frozenset({"T-7", "T-1", "T+0", "T+3"}))
    assert void_rest(obligation) == tuple(Settle(term=1, rung=key, outcome=Outcome.VOID) for key in ("T+1", "L-1"))


# --- whole lives at random --------------------------------------------------------------------------------------------

STAGE = make_stage(sign_off=False)


def tick(obligation: Obligation, setting: Setting) -> tuple[Action, ...]:
    ladder = {rung.key: rung for rung in LADDERS.get(obligation.term.ladder, ())}
    return due_actions(obligation, line=Line(opening=MessageKind.STAGE_OPENED, ladder=ladder), told=told, now=setting.now)


DEEDS: dict[str, Callable[[Obligation, Setting], tuple[Action, ...]]] = {
    "prepare": lambda o, s: submissions.prepare(o, setting=replace(s, stage=make_stage())),
    "send back": lambda o, s: submissions.send_back(o, setting=s),
    "submit": lambda o, s: submissions.submit(o, setting=s),
    "withdraw": lambda o, s: submissions.withdraw(o, setting=s),
    "accept": lambda o, s: reviews.accept(o, setting=s),
    "return": lambda o, s: reviews.return_for_correction(o, setting=s),
    "extend": lambda o, s: clocks.extend(o, due_on=CALENDAR.local_date(s.now) + timedelta(days=9), setting=s),
    "suspend": lambda o, s: clocks.suspend(o, setting=s),
    "resume": lambda o, s: clocks.resume_clock(o, setting=s),
    "reopen": lambda o, s: clocks.reopen(o, due_on=CALENDAR.local_date(s.now) + timedelta(days=5), setting=s),
    "move": lambda o, s: clocks.move_dates(o, dates=make_dates(due="27/01/2026", locks="06/02/2026"), reason=TermReason.PLAN, setting=s),
    "phone": lambda o, s: endings.urge(o, by="phone", setting=s),
    "waive": lambda o, s: endings.waive(o, setting=s),
    "tick": tick,
}
#: Beginnings and middles of lives are tried more often than their ends.
STEPS = st.lists(st.tuples(st.sampled_from(["tick", *DEEDS, *DEEDS]), st.integers(0, 120)), max_size=25)


def check(before: Obligation, actions: tuple[Action, ...], *, by_tick: bool) -> None:
    """What holds of every move: one row a rung, a party's rung only in its turn, nothing noticed in silence."""
    ended = [(action.term, action.rung) for action in actions if isinstance(action, Settle)]
    assert len(ended) == len(set(ended))
    assert all(term == before.term.number and rung not in before.settled for term, rung in ended)
    if by_tick and is_silent(before):
        assert actions == ()
    noticed = [action for action in actions if isinstance(action, Settle) and action.outcome is Outcome.NOTICED]
    if before.state is State.SUBMITTED and noticed:
        assert before.term.turn is Turn.RECEIVER
    written = [action.term for action in actions if isinstance(action, Write)]
    if written or evolve(before, actions).state in FINAL:
        assert {rung for _, rung in ended} | before.settled == {moment.rung for moment in before.term.moments}


@settings(max_examples=300)
@given(steps=STEPS)
def test_the_same_moment_decides_nothing_twice_in_any_life(steps: list[tuple[str, int]]) -> None:
    obligation, now = make_obligation(state=State.SCHEDULED), local("02/01/2026 09:00")
    for deed, hours in steps:
        now += timedelta(hours=hours)
        setting = Setting(stage=STAGE, rulebook=RULEBOOK, told=told, now=now)
        try:
            actions = DEEDS[deed](obligation, setting)
        except TransitionError:
            continue
        check(obligation, actions, by_tick=deed == "tick")
        obligation = evolve(obligation, actions)
        ticked = tick(obligation, setting)
        check(obligation, ticked, by_tick=True)
        obligation = evolve(obligation, ticked)
        assert tick(obligation, setting) == ()
        assert (at := next_at(obligation)) is None or at > now
        assert [term.number for term in obligation.terms] == list(range(1, len(obligation.terms) + 1))
