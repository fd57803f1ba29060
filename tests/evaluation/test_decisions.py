"""Decisions of the tick: opening, rungs, lapse; the latest rung per recipient, nothing twice, nothing for silent ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.actions import AskUpkeep, Move, Notify, Outcome, Settle, Told, evolve
from evaluation.decisions import Line, due_actions
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import Obligation, State
from evaluation.terms import Rulebook, TermReason, new_term
from tests.evaluation.one_duty import (
    CALENDAR,
    LADDERS,
    in_state,
    local,
    make_dates,
    make_obligation,
    make_plan,
    make_term,
    returned,
    rung,
    submitted,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.actions import Action
    from evaluation.plans import Rung

REMINDER, OVERDUE = MessageKind.REMINDER_BEFORE_DUE, MessageKind.OVERDUE


def decide(obligation: Obligation, now: str, *, announced: bool = True, told: Callable[[Audience], Told] = told) -> tuple[Action, ...]:
    ladder = {rung.key: rung for rung in LADDERS.get(obligation.term.ladder, ())}
    line = Line(opening=MessageKind.STAGE_OPENED if announced else None, ladder=ladder)
    return due_actions(obligation, line=line, told=told, now=local(now))


def rows(actions: tuple[Action, ...]) -> list[tuple[str, Outcome, tuple[str, ...], tuple[str, ...]]]:
    return [(a.rung, a.outcome, a.told, a.passed_over) for a in actions if isinstance(a, Settle)]


def noticed(key: str, *told: str, passed_over: tuple[str, ...] = ()) -> tuple[str, Outcome, tuple[str, ...], tuple[str, ...]]:
    return (key, Outcome.NOTICED, told, passed_over)


def skipped(key: str, *passed_over: str) -> tuple[str, Outcome, tuple[str, ...], tuple[str, ...]]:
    return (key, Outcome.SKIPPED, (), passed_over)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_duty_opens_at_its_moment_and_tells_who_owes_and_who_co_ordinates() -> None:
    assert decide(in_state(State.SCHEDULED), "05/01/2026 00:00") == (
        Move(to=State.OPEN),
        Notify(kind=MessageKind.STAGE_OPENED, recipients=("officer", "coordinating")),
    )


@pytest.mark.parametrize("opens_at", [pytest.param(local("05/01/2026 00:00"), id="not yet"), pytest.param(None, id="not known yet")])
def test_a_duty_does_not_open_before_its_moment(opens_at: object) -> None:
    waiting = make_obligation(make_term(dates=make_dates(opens_at=opens_at)), state=State.SCHEDULED)
    assert decide(waiting, "04/01/2026 23:59") == ()


def test_an_opening_that_the_plan_does_not_announce_is_not_told() -> None:
    assert decide(in_state(State.SCHEDULED), "05/01/2026 00:00", announced=False) == (Move(to=State.OPEN),)


def test_whoever_is_missing_at_an_opening_is_a_repair() -> None:
    def nobody(audience: Audience) -> Told:
        return Told(recipients=("m3",), missing=(f"contact/3/{audience}",))

    assert decide(in_state(State.SCHEDULED), "05/01/2026 00:00", told=nobody)[2:] == (
        AskUpkeep(subject="contact/3/officer"),
        AskUpkeep(subject="contact/3/coordinating"),
    )


# --- rungs ------------------------------------------------------------------------------------------------------------


def test_a_rung_that_has_come_is_noticed_with_its_own_cause() -> None:
    assert decide(make_obligation(), "13/01/2026 07:30") == (
        Settle(term=1, rung="T-7", outcome=Outcome.NOTICED, told=("officer",)),
        Notify(kind=REMINDER, recipients=("officer",), rung="T-7", term=1),
    )


def test_nothing_is_due_between_rungs() -> None:
    assert decide(make_obligation(settled=frozenset({"T-7"})), "19/01/2026 07:29") == ()


@pytest.mark.parametrize(
    ("settled", "now", "expected"),
    [
        pytest.param(
            [],
            "19/01/2026 07:30",
            [noticed("T-1", "officer", "head"), skipped("T-7", "officer")],
            id="the latest is noticed, the earlier skipped, its recipient passed over",
        ),
        pytest.param(
            ["T-7"],
            "20/01/2026 09:00",
            [noticed("T+0", "officer"), noticed("T-1", "head", passed_over=("officer",))],
            id="of the earlier, who gets no later one is told, who does is passed over",
        ),
        pytest.param(
            [],
            "26/01/2026 09:00",
            [
                noticed("T+3", "standing_body"),
                noticed("T+1", "officer", "head"),
                skipped("T+0", "officer"),
                skipped("T-1", "officer", "head"),
                skipped("T-7", "officer"),
            ],
            id="made up after an outage: one notice for each recipient",
        ),
    ],
)
def test_of_the_rungs_due_for_one_recipient_the_latest_is_noticed(settled: list[str], now: str, expected: list[Any]) -> None:
    obligation = make_obligation(settled=frozenset(settled))
    actions = decide(obligation, now)
    assert rows(actions) == expected
    sent = [recipient for action in actions if isinstance(action, Notify) for recipient in action.recipients]
    assert len(sent) == len(set(sent))
    assert decide(evolve(obligation, actions), now) == ()


@pytest.mark.parametrize(
    ("written", "opens", "expected"),
    [
        pytest.param(
            "14/01/2026 09:00", "05/01/2026", [noticed("T-1", "officer", "head"), skipped("T-7")], id="before its term was written"
        ),
        pytest.param("02/01/2026 09:00", "14/01/2026", [noticed("T-1", "officer", "head"), skipped("T-7")], id="before the duty opened"),
        pytest.param(
            "19/01/2026 07:30", "05/01/2026", [noticed("T-1", "officer", "head"), skipped("T-7")], id="on the very moment it is noticed"
        ),
        pytest.param("19/01/2026 07:31", "05/01/2026", [skipped("T-1"), skipped("T-7")], id="a minute too late for both"),
    ],
)
def test_a_rung_whose_moment_lies_before_its_term_is_skipped(written: str, opens: str, expected: list[Any]) -> None:
    term = replace(make_term(dates=make_dates(opens_at=local(opens))), written_at=local(written))
    assert rows(decide(make_obligation(term), "19/01/2026 09:00")) == expected


def test_a_term_that_does_not_know_its_opening_counts_from_when_it_was_written() -> None:
    term = replace(make_term(dates=make_dates(opens_at=None)), written_at=local("14/01/2026 09:00"))
    assert rows(decide(make_obligation(term), "19/01/2026 09:00")) == [noticed("T-1", "officer", "head"), skipped("T-7")]


def test_a_rung_that_reaches_nobody_is_skipped() -> None:
    def nobody(_: Audience) -> Told:
        return Told(recipients=())

    assert rows(decide(make_obligation(), "13/01/2026 07:30", told=nobody)) == [skipped("T-7")]


def test_a_rung_that_finds_a_post_empty_tells_who_is_next_and_asks_for_the_repair() -> None:
    def mailbox(_: Audience) -> Told:
        return Told(recipients=("m3",), missing=("contact/3/officer",))

    assert decide(make_obligation(), "13/01/2026 07:30", told=mailbox) == (
        Settle(term=1, rung="T-7", outcome=Outcome.NOTICED, told=("m3",)),
        Notify(kind=REMINDER, recipients=("m3",), rung="T-7", term=1),
        AskUpkeep(subject="contact/3/officer"),
    )


def test_two_rungs_of_one_moment_give_one_recipient_one_notice() -> None:
    ladder: tuple[Rung, ...] = (rung("A", 0), rung("B", 0, Audience.OFFICER, Audience.HEAD, message=OVERDUE))
    rulebook = Rulebook(plan=make_plan(ladders={"both": ladder}), plan_version=1, calendar=CALENDAR)
    term = new_term(rulebook, number=1, reason=TermReason.INITIAL, dates=make_dates(), now=local("02/01/2026 09:00"), ladder="both")
    line = Line(opening=None, ladder={one.key: one for one in ladder})
    actions = due_actions(make_obligation(term), line=line, told=told, now=local("20/01/2026 09:00"))
    assert rows(actions) == [noticed("B", "officer", "head"), skipped("A", "officer")]


# --- lapse ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.OPEN, State.PREPARED, State.RETURNED])
def test_what_is_in_hand_lapses_at_the_lock(state: State) -> None:
    settled = frozenset(rung.key for rung in LADDERS["standard"])
    obligation = make_obligation(state=state, settled=settled)
    assert decide(obligation, "30/01/2026 23:59") == ()
    assert decide(obligation, "31/01/2026 00:00") == (Move(to=State.LAPSED),)


def test_a_submitted_duty_does_not_lapse() -> None:
    locked = replace(submitted().term, locks_at=local("31/01/2026"))
    obligation = make_obligation(make_term(), locked, state=State.SUBMITTED, settled=frozenset({"R-1", "R+1"}))
    assert decide(obligation, "02/03/2026 09:00") == ()


def test_a_lapse_does_not_silence_the_ladder() -> None:
    lapsed = replace(in_state(State.LAPSED), settled=frozenset({"T-7", "T-1", "T+0"}))
    assert rows(decide(lapsed, "23/01/2026 07:30")) == [noticed("T+3", "standing_body"), noticed("T+1", "officer", "head")]


def test_an_opening_its_rungs_and_its_lapse_come_in_one_tick_in_this_order() -> None:
    obligation = in_state(State.SCHEDULED)
    actions = decide(obligation, "02/03/2026 09:00")
    assert actions[0] == Move(to=State.OPEN)
    assert actions[-1] == Move(to=State.LAPSED)
    assert rows(actions) == [
        noticed("L-1", "officer"),
        noticed("T+3", "standing_body"),
        noticed("T+1", "head", passed_over=("officer",)),
        skipped("T+0", "officer"),
        skipped("T-1", "officer", "head"),
        skipped("T-7", "officer"),
    ]
    assert evolve(obligation, actions).state is State.LAPSED
    assert decide(evolve(obligation, actions), "02/03/2026 09:00") == ()


# --- silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "silent",
    [
        pytest.param(make_obligation(state=State.ACCEPTED), id="accepted"),
        pytest.param(make_obligation(state=State.WAIVED), id="waived"),
        pytest.param(make_obligation(state=State.TRANSFERRED), id="transferred"),
        pytest.param(make_obligation(suspended=True), id="suspended"),
        pytest.param(make_obligation(released=False), id="its stage waits"),
        pytest.param(make_obligation(state=State.SCHEDULED, released=False), id="its stage waits, not even open"),
    ],
)
def test_nothing_is_due_of_a_silent_duty(silent: Obligation) -> None:
    assert decide(silent, "02/03/2026 09:00") == ()


def test_after_submission_only_the_receiver_is_reminded() -> None:
    assert rows(decide(submitted(), "20/01/2026 07:30")) == [noticed("R+1", "receiver"), skipped("R-1", "receiver")]


def test_after_a_return_the_corrections_own_ladder_speaks() -> None:
    assert rows(decide(returned(), "23/01/2026 07:30")) == [noticed("C+1", "officer", "head"), skipped("C-1", "officer")]
