"""Demands: which earlier words a move makes untrue, and which stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evaluation.actions import Mark, Move, Notify, Remark, Write, evolve
from evaluation.clocks import extend, move_dates, refuse_extension, resume_clock, suspend
from evaluation.demands import LASTS, made_untrue
from evaluation.endings import urge, waive
from evaluation.kinds import MessageKind
from evaluation.obligations import FINAL, State
from evaluation.reviews import accept, return_for_correction
from evaluation.submissions import prepare, send_back, submit
from evaluation.terms import TermReason
from tests.evaluation.one_duty import day, in_state, make_dates, make_setting, make_term

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.transitions import Setting

SETTING = make_setting("19/01/2026 10:00", remark=Remark(reason="thử"))
FACTS = {kind for kind, lasts in LASTS.items() if not lasts.term and not lasts.suspended and lasts.states == frozenset(State)}


def untrue(state: State, to: State, *, further: bool = False) -> set[MessageKind]:
    before = in_state(state)
    actions: list[Action] = [Move(to=to)]
    if further:
        actions.append(Write(term=replace(make_term(), number=before.term.number + 1)))
    return set(made_untrue(before, evolve(before, actions), actions=actions).kinds)


def test_every_kind_has_its_line() -> None:
    assert set(LASTS) == set(MessageKind)


def test_facts_stay_whatever_happens() -> None:
    assert {MessageKind.ACCEPTED, MessageKind.WAIVED, MessageKind.HANDED_OVER, MessageKind.EXTENSION_GRANTED} <= FACTS
    for state in set(State) - FINAL:
        for to in set(State) - {state}:
            assert not untrue(state, to, further=True) & FACTS


@pytest.mark.parametrize(
    ("kind", "state", "ends", "stays"),
    [
        (MessageKind.AWAITING_HEAD, State.PREPARED, {State.OPEN, State.SUBMITTED, State.WAIVED, State.LAPSED}, set[State]()),
        (MessageKind.SENT_BACK_BY_HEAD, State.OPEN, {State.PREPARED, State.SUBMITTED, State.TRANSFERRED}, {State.LAPSED}),
        (MessageKind.RECEIVED, State.SUBMITTED, {State.ACCEPTED, State.RETURNED, State.OPEN}, set[State]()),
        (MessageKind.RETURNED_FOR_CORRECTION, State.RETURNED, {State.SUBMITTED, State.WAIVED}, {State.PREPARED, State.LAPSED}),
        (MessageKind.STAGE_OPENED, State.OPEN, {State.SUBMITTED, State.WAIVED}, {State.PREPARED, State.LAPSED}),
        (MessageKind.CONTACT_UNREACHABLE, State.OPEN, {State.ACCEPTED}, set[State]()),
    ],
)
def test_what_is_asked_ends_with_the_state_it_was_asked_in(kind: MessageKind, state: State, ends: set[State], stays: set[State]) -> None:
    assert {to for to in ends | stays if kind in untrue(state, to)} == ends


@pytest.mark.parametrize("kind", [MessageKind.URGED, MessageKind.RESUMED, MessageKind.DATES_MOVED, MessageKind.EXTENSION_REFUSED])
def test_a_date_ends_with_its_term(kind: MessageKind) -> None:
    assert kind not in untrue(State.OPEN, State.PREPARED)
    assert kind in untrue(State.PREPARED, State.SUBMITTED, further=True)
    assert kind in untrue(State.OPEN, State.WAIVED)


def test_a_clock_that_stands_is_told_while_it_stands() -> None:
    standing = in_state(State.OPEN, suspended=True)
    for actions in ([Mark(suspended=False)], [Move(to=State.WAIVED)]):
        assert MessageKind.SUSPENDED in made_untrue(standing, evolve(standing, actions), actions=actions).kinds
    returned: list[Action] = [Move(to=State.RETURNED)]
    assert MessageKind.SUSPENDED not in made_untrue(standing, evolve(standing, returned), actions=returned).kinds


def _move_dates(obligation: Obligation, *, setting: Setting) -> tuple[Action, ...]:
    return move_dates(obligation, dates=make_dates(due="29/01/2026"), reason=TermReason.PLAN, setting=setting)


@pytest.mark.parametrize(
    ("state", "suspended", "decide"),
    [
        pytest.param(State.OPEN, False, prepare, id="prepare"),
        pytest.param(State.PREPARED, False, send_back, id="send back"),
        pytest.param(State.PREPARED, False, submit, id="submit"),
        pytest.param(State.SUBMITTED, False, accept, id="accept"),
        pytest.param(State.SUBMITTED, False, return_for_correction, id="return"),
        pytest.param(State.SUBMITTED, True, return_for_correction, id="return while the clock stands"),
        pytest.param(State.OPEN, False, lambda o, *, setting: extend(o, due_on=day("23/01/2026"), setting=setting), id="extend"),
        pytest.param(State.OPEN, False, refuse_extension, id="refuse an extension"),
        pytest.param(State.OPEN, False, suspend, id="suspend"),
        pytest.param(State.OPEN, True, resume_clock, id="resume"),
        pytest.param(State.OPEN, False, waive, id="waive"),
        pytest.param(State.OPEN, False, lambda o, *, setting: urge(o, by="mail", setting=setting), id="urge"),
        pytest.param(State.OPEN, False, _move_dates, id="dates moved"),
    ],
)
def test_what_a_move_tells_is_true_after_it(state: State, decide: Callable[..., tuple[Action, ...]], *, suspended: bool) -> None:
    before = in_state(state, suspended=suspended)
    actions = decide(before, setting=SETTING)
    told = {action.kind for action in actions if isinstance(action, Notify)}
    assert told
    after = evolve(before, actions)
    assert all(LASTS[kind].holds(after.state, after.suspended) for kind in told)
