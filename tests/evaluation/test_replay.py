"""Replay: the journal's entries alone build the obligations again; what they could not have said is a fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.actions import Mark, Move, Notify, Outcome, Release, Settle, Write
from evaluation.encoding import encode_actions
from evaluation.kinds import MessageKind
from evaluation.obligations import Obligation, State
from evaluation.replay import Entry, Rebuilt
from evaluation.reviews import return_for_correction
from evaluation.submissions import prepare, submit
from tests.evaluation.one_duty import make_obligation, make_setting, make_term

if TYPE_CHECKING:
    from evaluation.actions import Action

STAGE = "1"


def raised(number: int = 1, *, released: bool = True) -> Entry:
    payload: dict[str, Any] = {"party": 3, "subject": "", "released": released, "actions": encode_actions([Write(term=make_term())])}
    return Entry(number=number, cycle=1, stage=1, obligation=7, move=0, payload=payload)


def moved(number: int, *actions: Action, move: int | None = None) -> Entry:
    payload = {"actions": encode_actions(actions)}
    return Entry(number=number, cycle=1, stage=1, obligation=7, move=number - 1 if move is None else move, payload=payload)


def rebuilt(*entries: Entry) -> Rebuilt:
    book = Rebuilt()
    for entry in entries:
        book.take(entry)
    return book


def noticed(rung: str, *, term: int = 1) -> Settle:
    return Settle(term=term, rung=rung, outcome=Outcome.NOTICED, told=("c1",))


def test_a_raised_duty_is_what_its_entry_says() -> None:
    book = rebuilt(raised(released=False))
    assert book.obligations == {7: Obligation(id=7, stage=STAGE, party=3, subject="", released=False, terms=(make_term(),))}
    assert (book.faults, book.moved_by) == ([], {7: 1})


def test_a_life_is_built_again_move_by_move() -> None:
    setting = make_setting("14/01/2026 09:00")
    lived = make_obligation(stage=STAGE)
    entries = [raised(), moved(2, Move(to=State.OPEN))]
    for decide in (prepare, submit, return_for_correction):
        actions = decide(lived, setting=setting)
        entries.append(moved(len(entries) + 1, *actions))
        lived = rebuilt(*entries).obligations[7]
    book = rebuilt(*entries)
    assert (lived.state, lived.rounds, lived.days_late, lived.moves) == (State.RETURNED, 1, 0, 4)
    assert [term.number for term in lived.terms] == [1, 2, 3]
    assert book.faults == []
    assert book.rungs[7, 1, "T-7"] is Outcome.VOID
    assert book.rungs[7, 2, "R-1"] is Outcome.VOID
    assert book.moved_by == {7: 5}


def test_the_state_of_a_cycle_is_what_was_said_last() -> None:
    def cycle_entry(number: int, **payload: str) -> Entry:
        return Entry(number=number, cycle=1, stage=None, obligation=None, move=None, payload=payload)

    book = rebuilt(cycle_entry(1, state="launched"), cycle_entry(2, state="paused"), cycle_entry(3, reason="bão"))
    assert book.cycles == {1: "paused"}
    stray = Entry(number=4, cycle=None, stage=None, obligation=None, move=None, payload={"state": "closed"})
    assert rebuilt(stray).cycles == {}


def test_a_notice_is_no_rung() -> None:
    book = rebuilt(raised(), moved(2, Notify(kind=MessageKind.URGED, recipients=("c1",))))
    assert (book.rungs, book.faults) == ({}, [])


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        pytest.param([moved(2)], "entry 2: obligation 7 moves before it was raised", id="nobody raised it"),
        pytest.param([raised(), moved(2, move=2)], "entry 2: obligation 7 makes move 2 after move 0", id="a move is missing"),
        pytest.param([raised(), moved(2), moved(3, move=1)], "entry 3: obligation 7 makes move 1 after move 1", id="a move comes twice"),
        pytest.param(
            [raised(), moved(2, Move(to=State.OPEN), noticed("T-7")), moved(3, noticed("T-7"))],
            "entry 3: rung T-7 of obligation 7 ends twice",
            id="a rung ends twice",
        ),
        pytest.param(
            [raised(), moved(2, Mark(suspended=True)), moved(3, noticed("T-7"))],
            "entry 3: obligation 7: rung T-7 was noticed while it was silent",
            id="noticed while suspended",
        ),
        pytest.param(
            [raised(), moved(2, Move(to=State.ACCEPTED)), moved(3, noticed("T-7"))],
            "entry 3: obligation 7: rung T-7 was noticed while it was silent",
            id="noticed after acceptance",
        ),
        pytest.param(
            [raised(released=False), moved(2, noticed("T-7"))],
            "entry 2: obligation 7: rung T-7 was noticed while it was silent",
            id="noticed while its stage waits",
        ),
        pytest.param(
            [raised(), moved(2, Move(to=State.SUBMITTED)), moved(3, noticed("T-7"))],
            "entry 3: obligation 7: rung T-7 of the party was noticed while it was submitted",
            id="the party's rung while it is submitted",
        ),
        pytest.param([raised(), raised(2)], "entry 2: obligation 7 is raised twice", id="raised twice"),
    ],
)
def test_what_could_not_have_happened_is_a_fault(entries: list[Entry], fault: str) -> None:
    assert rebuilt(*entries).faults == [fault]


@pytest.mark.parametrize("outcome", [Outcome.VOID, Outcome.SKIPPED])
def test_a_rung_may_end_unnoticed_in_silence(outcome: Outcome) -> None:
    ended = replace(noticed("T-7"), outcome=outcome, told=())
    assert rebuilt(raised(released=False), moved(2, ended, Release())).faults == []


def test_the_receivers_rung_may_be_noticed_while_it_is_submitted() -> None:
    actions = submit(make_obligation(state=State.PREPARED), setting=make_setting("14/01/2026 09:00"))
    assert rebuilt(raised(), moved(2, *actions), moved(3, noticed("R-1", term=2))).faults == []


def test_one_rung_of_two_terms_ends_twice_rightly() -> None:
    again = Write(term=make_term(number=2))
    book = rebuilt(raised(), moved(2, Move(to=State.OPEN), noticed("T-7")), moved(3, again), moved(4, noticed("T-7", term=2)))
    assert book.faults == []
    assert set(book.rungs) == {(7, 1, "T-7"), (7, 2, "T-7")}
