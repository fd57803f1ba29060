"""Reviews: acceptance ends a duty; a return is a numbered round with a term of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.actions import Mark, Move, Remark, evolve
from evaluation.clocks import extend, resume_clock, suspend
from evaluation.due_rules import DayUnit
from evaluation.kinds import MessageKind
from evaluation.obligations import State, is_uncorrected
from evaluation.plans import Item, TurnRule
from evaluation.reviews import accept, return_for_correction, return_parts
from evaluation.submissions import prepare, submit
from evaluation.terms import TermReason, Turn
from evaluation.transitions import TransitionError
from tests.evaluation.one_duty import (
    after,
    day,
    end,
    in_state,
    local,
    make_setting,
    make_stage,
    marks,
    notified,
    returned,
    rung_days,
    submitted,
    void,
    written,
)


def test_acceptance_ends_the_duty_and_the_receivers_ladder() -> None:
    actions = accept(submitted(), setting=make_setting("15/01/2026 09:00", remark=Remark(basis="3/TB")))
    assert void(actions) == ["R-1", "R+1"]
    assert Move(to=State.ACCEPTED) in actions
    assert Remark(basis="3/TB") in actions
    assert notified(actions) == [(MessageKind.ACCEPTED, ("officer",))]


def test_what_is_accepted_while_its_clock_stands_has_no_clock_any_more() -> None:
    accepted = after(in_state(State.SUBMITTED, suspended=True), accept, setting=make_setting("16/01/2026 09:00"))
    assert (accepted.state, accepted.suspended) == (State.ACCEPTED, False)


def test_a_correction_never_ends_before_the_term_it_corrects() -> None:
    """Due on 20/01, handed in on the 7th, returned on the 8th with one working day: the 20th stands, and in the next round too."""
    stage = make_stage(correction=TurnRule(count=1, unit=DayUnit.WORKING, ladder="correction"))
    early = after(submitted("07/01/2026 09:00", stage=stage), return_for_correction, setting=make_setting("08/01/2026 09:00", stage=stage))
    assert (early.term.reason, early.term.due_on, early.term.due_at) == (TermReason.CORRECTION, day("20/01/2026"), end("20/01/2026"))
    assert early.term.opens_at == local("08/01/2026 09:00")
    again = returned("13/01/2026 09:00", stage=stage, before=submitted("12/01/2026 09:00", stage=stage, before=early))
    assert (again.rounds, again.term.due_on) == (2, day("20/01/2026"))
    late = returned("20/01/2026 09:00", stage=stage, before=submitted("19/01/2026 09:00", stage=stage, before=again))
    assert late.term.due_on == day("21/01/2026")


def test_a_return_has_its_own_correction_term() -> None:
    items = (("bao-cao", "thiếu số liệu"),)
    actions = return_for_correction(submitted(), setting=make_setting("15/01/2026 09:00", remark=Remark(items=items)))
    term = written(actions)
    assert void(actions) == ["R-1", "R+1"]
    assert (term.reason, term.turn, term.number) == (TermReason.CORRECTION, Turn.PARTY, 3)
    assert (term.opens_at, term.due_on, term.due_at, term.locks_at) == (
        local("15/01/2026 09:00"),
        day("22/01/2026"),
        end("22/01/2026"),
        None,
    )
    assert rung_days(term) == [("C-1", "21/01/2026"), ("C+1", "23/01/2026")]
    assert Remark(items=items) in actions
    assert notified(actions) == [(MessageKind.RETURNED_FOR_CORRECTION, ("officer",))]


def test_returns_are_numbered_rounds() -> None:
    first = returned()
    second = returned("19/01/2026 09:00", before=submitted("16/01/2026 09:00", before=first))
    assert [first.rounds, second.rounds] == [1, 2]
    assert Move(to=State.RETURNED, round=2) in return_for_correction(
        submitted("16/01/2026 09:00", before=first), setting=make_setting("19/01/2026 09:00")
    )


def test_parts_of_what_was_accepted_go_back_in_a_round_and_its_acceptance_stands() -> None:
    accepted = after(submitted(), accept, setting=make_setting("15/01/2026 09:00"))
    items = (("bao-cao", "thiếu số liệu"),)
    actions = return_parts(accepted, setting=make_setting("16/01/2026 09:00", remark=Remark(items=items)))
    back = evolve(accepted, actions)
    assert (back.state, back.rounds, back.term.reason, back.term.due_on) == (State.RETURNED, 1, TermReason.SUPPLEMENT, day("23/01/2026"))
    assert rung_days(back.term) == [("C-1", "22/01/2026"), ("C+1", "26/01/2026")]
    assert notified(actions) == [(MessageKind.RETURNED_FOR_CORRECTION, ("officer",))]
    longer = after(back, extend, setting=make_setting("19/01/2026 09:00"), due_on=day("26/01/2026"))
    signed = after(longer, prepare, setting=make_setting("20/01/2026 09:00"))
    sent = submit(signed, setting=make_setting("20/01/2026 10:00"))
    done = evolve(signed, sent)
    assert (done.state, done.days_late, done.term.turn, done.term.due_on, done.term.moments) == (State.ACCEPTED, 0, Turn.RECEIVER, None, ())
    assert (void(sent), notified(sent)) == (["C-1", "C+1"], [])
    again = after(done, return_parts, setting=make_setting("21/01/2026 09:00"))
    assert (again.rounds, again.term.reason) == (2, TermReason.SUPPLEMENT)
    assert submitted("22/01/2026 09:00", before=returned()).state is State.SUBMITTED, "a correction of what nobody has accepted is reviewed"


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACCEPTED])
def test_parts_go_back_of_what_was_accepted_alone(state: State) -> None:
    with pytest.raises(TransitionError, match="of what was accepted alone"):
        return_parts(in_state(state), setting=make_setting("15/01/2026 09:00"))


def test_a_return_without_period_has_no_due() -> None:
    term = returned(stage=make_stage(correction=TurnRule())).term
    assert (term.reason, term.due_on, term.moments) == (TermReason.CORRECTION, None, ())


def test_a_return_that_is_not_answered_is_uncorrected() -> None:
    assert not is_uncorrected(returned(), now=local("22/01/2026 23:59"))
    assert is_uncorrected(returned(), now=local("23/01/2026"))


def test_a_correction_asked_for_while_the_clock_stands_waits_for_it() -> None:
    standing = after(submitted(), suspend, setting=make_setting("14/01/2026 15:00"))
    actions = return_for_correction(standing, setting=make_setting("15/01/2026 09:00"))
    term = written(actions)
    assert (term.reason, term.turn, term.due_on, term.moments) == (TermReason.SUSPENSION, Turn.PARTY, None, ())
    assert marks(actions) == []
    waiting = evolve(standing, actions)
    assert (waiting.state, waiting.suspended, waiting.rounds) == (State.RETURNED, True, 1)
    resumed = after(waiting, resume_clock, setting=make_setting("02/02/2026 09:00"))
    assert (resumed.term.turn, resumed.term.due_on) == (Turn.PARTY, day("09/02/2026"))  # five working days, none of them used up
    assert rung_days(resumed.term) == [("C-1", "06/02/2026"), ("C+1", "10/02/2026")]


@pytest.mark.parametrize(
    ("rule", "due_on"),
    [
        pytest.param(TurnRule(count=5, unit=DayUnit.CALENDAR, ladder="correction"), "09/02/2026", id="calendar days roll off the weekend"),
        pytest.param(
            TurnRule(count=3, unit=DayUnit.CALENDAR), "05/02/2026", id="three days, though from the return they would have rolled to four"
        ),
        pytest.param(TurnRule(unit=DayUnit.WORKING), None, id="a correction without period waits without due"),
    ],
)
def test_a_waiting_correction_is_counted_in_the_plans_own_unit(rule: TurnRule, due_on: str | None) -> None:
    stage = make_stage(correction=rule)
    standing = in_state(State.SUBMITTED, suspended=True)
    waiting = after(standing, return_for_correction, setting=make_setting("15/01/2026 09:00", stage=stage))
    assert waiting.term.unit is rule.unit
    resumed = after(waiting, resume_clock, setting=make_setting("02/02/2026 09:00", stage=stage))
    assert resumed.term.due_on == (None if due_on is None else day(due_on))
    assert Mark(suspended=False) in resume_clock(waiting, setting=make_setting("02/02/2026 09:00", stage=stage))


def test_a_remark_is_made_on_parts_that_the_deliverable_has() -> None:
    stage = make_stage(items=(Item(key="bao-cao", title="Báo cáo"), Item(key="phu-luc", title="Phụ lục")))
    answer = submitted()
    fine = make_setting("15/01/2026 10:00", stage=stage, remark=Remark(reason="thiếu", items=(("phu-luc", "thiếu bảng 2"),)))
    assert Move(to=State.RETURNED, round=1) in return_for_correction(answer, setting=fine)
    wrong = make_setting("15/01/2026 10:00", stage=stage, remark=Remark(reason="thiếu", items=(("phu-lục", "thiếu bảng 2"),)))
    with pytest.raises(TransitionError, match="no part “phu-lục”; its parts: bao-cao, phu-luc"):
        return_for_correction(answer, setting=wrong)
    assert return_for_correction(answer, setting=replace(wrong, fields=("phu-lục",)))
