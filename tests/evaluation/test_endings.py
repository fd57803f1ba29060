"""Endings: what is waived or passed to a successor; and urging, which ends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation.actions import AskUpkeep, HandOver, Move, Outcome, Remark, Settle, Told, Urged, evolve
from evaluation.endings import Heir, transfer, urge, waive
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import FINAL, State
from evaluation.terms import Rulebook
from evaluation.transitions import TransitionError
from tests.evaluation.one_duty import (
    CALENDAR,
    LADDERS,
    in_state,
    make_obligation,
    make_plan,
    make_setting,
    make_term,
    notified,
    rung,
    submitted,
    void,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = ["T-7", "T-1", "T+0", "T+1", "T+3", "L-1"]
WHY = Remark(reason="đơn vị giải thể", basis="5/NQ-HĐND")


def test_what_is_waived_is_owed_no_longer() -> None:
    actions = waive(make_obligation(settled=frozenset({"T-7"})), setting=make_setting("14/01/2026 09:00", remark=WHY))
    assert void(actions) == ALL[1:]
    assert Move(to=State.WAIVED) in actions
    assert WHY in actions
    assert notified(actions) == [(MessageKind.WAIVED, ("officer",))]


def test_what_an_ended_unit_owes_passes_to_its_successor() -> None:
    actions = transfer(
        make_obligation(settled=frozenset({"T-7"})), successor=Heir(party=9), setting=make_setting("14/01/2026 09:00", remark=WHY)
    )
    assert void(actions) == ALL[1:]
    assert Move(to=State.TRANSFERRED) in actions
    assert HandOver(to=9) in actions
    assert WHY in actions
    assert notified(actions) == [(MessageKind.HANDED_OVER, ("officer", "head"))]


def former(*recipients: str, missing: tuple[str, ...] = ()) -> Callable[[Audience], Told]:
    """The people of who owed it before: its officers, and what of them is missing."""
    return lambda audience: Told(recipients=recipients if audience is Audience.OFFICER else ("nobody",), missing=missing)


@pytest.mark.parametrize(
    ("before", "heard"),
    [
        pytest.param(former("c8"), [("c8",)], id="its officer"),
        pytest.param(former("c8", "officer"), [("c8",)], id="who answers for both hears it once"),
        pytest.param(former("head"), [], id="who has heard it as the successor"),
        pytest.param(former("c2", missing=("contact/3/officer",)), [], id="of a unit that has ended nobody answers"),
        pytest.param(None, [], id="not asked for"),
    ],
)
def test_who_owed_it_before_hears_that_it_is_owed_no_longer(
    before: Callable[[Audience], Told] | None, heard: list[tuple[str, ...]]
) -> None:
    actions = transfer(make_obligation(), successor=Heir(party=9), setting=make_setting("14/01/2026 09:00", remark=WHY), before=before)
    kind = MessageKind.HANDED_OVER
    assert notified(actions) == [(kind, ("officer", "head")), *((kind, recipients) for recipients in heard)]
    assert not any(isinstance(action, AskUpkeep) for action in actions)


def test_nobody_succeeds_himself() -> None:
    with pytest.raises(TransitionError, match="the successor is the party itself"):
        transfer(make_obligation(party=3), successor=Heir(party=3), setting=make_setting("14/01/2026 09:00"))


def test_nobody_inherits_whom_the_roster_does_not_name() -> None:
    with pytest.raises(TransitionError, match=r"does not name that unit as a successor.*--undeclared"):
        transfer(make_obligation(), successor=Heir(party=9, declared=False), setting=make_setting("14/01/2026 09:00"))


@pytest.mark.parametrize(
    ("state", "what"),
    [
        pytest.param(State.ACCEPTED, "waive this one if that answer covers both", id="accepted"),
        pytest.param(State.WAIVED, "waive this one too", id="waived"),
        pytest.param(State.TRANSFERRED, "hand it to whom that one was handed to", id="handed on"),
    ],
)
def test_nothing_is_handed_to_who_is_done_with_the_same(state: State, what: str) -> None:
    heir = Heir(party=9, own=in_state(state))
    with pytest.raises(TransitionError, match=f"own obligation 7 is {state} already: {what}"):
        transfer(make_obligation(), successor=heir, setting=make_setting("14/01/2026 09:00"))


@pytest.mark.parametrize("state", [state for state in State if state not in FINAL])
def test_what_is_still_owed_takes_it_over(state: State) -> None:
    heir = Heir(party=9, own=in_state(state))
    assert HandOver(to=9) in transfer(make_obligation(), successor=heir, setting=make_setting("14/01/2026 09:00"))


@pytest.mark.parametrize(
    "end", [waive, lambda o, setting: transfer(o, successor=Heir(party=9), setting=setting)], ids=["waived", "transferred"]
)
def test_what_ends_while_its_clock_stands_has_no_clock_any_more(end: object) -> None:
    assert callable(end)
    standing = in_state(State.OPEN, suspended=True)
    assert not evolve(standing, end(standing, setting=make_setting("16/01/2026 09:00"))).suspended


@pytest.mark.parametrize(
    ("state", "whom"),
    [
        pytest.param(State.OPEN, ("officer", "head"), id="who owes"),
        pytest.param(State.LAPSED, ("officer", "head"), id="who owes, after the lock too"),
        pytest.param(State.SUBMITTED, ("receiver",), id="the receiver, whose turn it is"),
    ],
)
def test_urging_by_mail_reaches_whoevers_turn_it_is(state: State, whom: tuple[str, ...]) -> None:
    obligation = in_state(state)
    actions = urge(obligation, by="mail", setting=make_setting("16/01/2026 09:00", remark=WHY))
    assert actions[0] == WHY
    assert notified(actions) == [(MessageKind.URGED, whom)]
    assert evolve(obligation, actions) == obligation


@pytest.mark.parametrize("by", ["phone", "letter"])
@pytest.mark.parametrize(
    ("settled", "counted"),
    [
        pytest.param([], None, id="before T-7, which the plan does not let it count as"),
        pytest.param(["T-7", "T-1", "T+0"], None, id="before T+1 likewise: T+3 is not the next"),
        pytest.param(["T-7", "T-1", "T+0", "T+1"], "T+3", id="before T+3, which says also_by_urging"),
        pytest.param(["T-7", "T-1", "T+0", "T+1", "T+3"], None, id="once T+3 has its row, no second one"),
        pytest.param(ALL, None, id="after the last rung"),
    ],
)
def test_urging_outside_the_mail_is_a_note_and_counts_as_the_next_rung_only_if_the_plan_says_so(
    by: str, settled: list[str], counted: str | None
) -> None:
    obligation = make_obligation(settled=frozenset(settled))
    actions = urge(obligation, by=by, setting=make_setting("22/01/2026 09:00", remark=WHY))
    expected = [] if counted is None else [Settle(term=1, rung=counted, outcome=Outcome.NOTICED)]
    assert list(actions) == [Urged(by=by, note="đơn vị giải thể"), *expected]


def test_a_rung_without_the_plans_word_is_not_counted_by_urging() -> None:
    ladders = {**LADDERS, "standard": (rung("T+3", 3, also_by_urging=False),)}
    rulebook = Rulebook(plan=make_plan(ladders=ladders), plan_version=1, calendar=CALENDAR)
    setting = make_setting("22/01/2026 09:00", rulebook=rulebook, remark=WHY)
    alone = make_obligation(settled=frozenset({"T-7", "T-1", "T+0", "T+1"}))
    assert urge(alone, by="phone", setting=setting) == (Urged(by="phone", note="đơn vị giải thể"),)


def test_urging_the_receiver_by_phone_leaves_the_partys_rungs_alone() -> None:
    obligation = submitted(before=make_obligation(make_term()))
    assert urge(obligation, by="phone", setting=make_setting("16/01/2026 09:00")) == (Urged(by="phone", note=""),)
