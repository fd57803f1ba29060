"""The life of an obligation as design §1 draws it: every verb in every state, allowed or refused with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evaluation import clocks, endings, reviews, submissions
from evaluation.actions import AskUpkeep, Notify, Remark, Told, evolve
from evaluation.kinds import Audience, MessageKind
from evaluation.obligations import State
from evaluation.terms import TermReason
from evaluation.transitions import (
    ALLOWED,
    NEEDS_REASON,
    TransitionError,
    Verb,
    allowed_verbs,
    further_term,
    notices,
    require_allowed,
    require_reason,
)
from tests.evaluation.one_duty import day, in_state, make_dates, make_obligation, make_setting, make_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from _pytest.mark.structures import ParameterSet

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.transitions import Setting

S = State
LATER = day("10/03/2026")
MOVES: dict[Verb, Callable[[Obligation, Setting], tuple[Action, ...]]] = {
    Verb.PREPARE: lambda o, s: submissions.prepare(o, setting=s),
    Verb.SEND_BACK: lambda o, s: submissions.send_back(o, setting=s),
    Verb.SUBMIT: lambda o, s: submissions.submit(o, setting=s),
    Verb.WITHDRAW: lambda o, s: submissions.withdraw(o, setting=s),
    Verb.ACCEPT: lambda o, s: reviews.accept(o, setting=s),
    Verb.RETURN: lambda o, s: reviews.return_for_correction(o, setting=s),
    Verb.ASK_EXTENSION: lambda o, s: clocks.ask_extension(o, wanted_on=LATER, setting=s),
    Verb.EXTEND: lambda o, s: clocks.extend(o, due_on=LATER, setting=s),
    Verb.REFUSE_EXTENSION: lambda o, s: clocks.refuse_extension(o, setting=s),
    Verb.SUSPEND: lambda o, s: clocks.suspend(o, setting=s),
    Verb.RESUME_CLOCK: lambda o, s: clocks.resume_clock(o, setting=s),
    Verb.WAIVE: lambda o, s: endings.waive(o, setting=s),
    Verb.TRANSFER: lambda o, s: endings.transfer(o, successor=endings.Heir(party=9), setting=s),
    Verb.REOPEN: lambda o, s: clocks.reopen(o, due_on=LATER, setting=s),
    Verb.URGE: lambda o, s: endings.urge(o, by="mail", setting=s),
    Verb.MOVE_DUE: lambda o, s: clocks.move_dates(o, dates=make_dates(), reason=TermReason.PLAN, setting=s),
}


def same(*states: State) -> dict[State, State]:
    return {state: state for state in states}


def all_to(end: State) -> dict[State, State]:
    return dict.fromkeys((S.SCHEDULED, S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED), end)


#: The drawing of design §1, where the plan asks for no signature of the head: from which state each verb leads where.
LIFE: dict[Verb, dict[State, State]] = {
    Verb.PREPARE: {S.OPEN: S.PREPARED, S.RETURNED: S.PREPARED},
    Verb.SEND_BACK: {S.PREPARED: S.OPEN},
    Verb.SUBMIT: dict.fromkeys((S.OPEN, S.PREPARED, S.RETURNED, S.LAPSED), S.SUBMITTED),
    Verb.WITHDRAW: {S.SUBMITTED: S.OPEN},
    Verb.ACCEPT: {S.SUBMITTED: S.ACCEPTED},
    Verb.RETURN: {S.SUBMITTED: S.RETURNED},
    Verb.ASK_EXTENSION: same(S.OPEN, S.PREPARED, S.RETURNED),
    Verb.EXTEND: same(S.SCHEDULED, S.OPEN, S.PREPARED, S.RETURNED),
    Verb.REFUSE_EXTENSION: same(S.SCHEDULED, S.OPEN, S.PREPARED, S.RETURNED),
    Verb.SUSPEND: same(S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED),
    Verb.RESUME_CLOCK: {},
    Verb.WAIVE: all_to(S.WAIVED),
    Verb.TRANSFER: all_to(S.TRANSFERRED),
    Verb.REOPEN: {S.LAPSED: S.OPEN},
    Verb.URGE: same(S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED),
    Verb.MOVE_DUE: same(S.SCHEDULED, S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED),
}
#: What is left of it while the clock is suspended.
LIFE_SUSPENDED: dict[Verb, dict[State, State]] = {verb: {} for verb in Verb} | {
    Verb.ACCEPT: {S.SUBMITTED: S.ACCEPTED},
    Verb.RETURN: {S.SUBMITTED: S.RETURNED},
    Verb.RESUME_CLOCK: same(S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED),
    Verb.WAIVE: all_to(S.WAIVED),
    Verb.TRANSFER: all_to(S.TRANSFERRED),
}
MAY_BE_SUSPENDED = (S.OPEN, S.PREPARED, S.SUBMITTED, S.RETURNED, S.LAPSED)


def every_case(states: tuple[State, ...], life: dict[Verb, dict[State, State]]) -> list[ParameterSet]:
    return [
        pytest.param(state, verb, to, id=f"{state}: {verb} - {to or 'refused'}")
        for state in states
        for verb in Verb
        for to in [life[verb].get(state)]
    ]


def refusal(obligation: Obligation, verb: Verb, *, stage_asks_signature: bool = False) -> str:
    setting = make_setting("15/01/2026 10:00", stage=make_stage(sign_off=stage_asks_signature or verb in {Verb.PREPARE, Verb.SEND_BACK}))
    with pytest.raises(TransitionError) as refused:
        MOVES[verb](obligation, setting)
    assert (refused.value.verb, refused.value.state) == (verb, obligation.state)
    return str(refused.value)


@pytest.mark.parametrize(("state", "verb", "to"), every_case(tuple(State), LIFE))
def test_the_life_of_an_obligation(state: State, verb: Verb, to: State | None) -> None:
    obligation = in_state(state)
    if to is None:
        others = [str(other) for other in Verb if state in LIFE[other] and other not in {verb, Verb.MOVE_DUE}]
        text = refusal(obligation, verb)
        why = (
            "its clock is not suspended"
            if verb is Verb.RESUME_CLOCK and state in MAY_BE_SUSPENDED
            else f"an obligation that is {state} does not take it"
        )
        assert text == f"obligation 7 cannot {verb}: {why} (it is {state}; allowed: {', '.join(others) or 'nothing'})"
        return
    setting = make_setting("15/01/2026 10:00", stage=make_stage(sign_off=verb is Verb.PREPARE))
    assert evolve(obligation, MOVES[verb](obligation, setting)).state is to


@pytest.mark.parametrize(("state", "verb", "to"), every_case(MAY_BE_SUSPENDED, LIFE_SUSPENDED))
def test_the_life_of_an_obligation_whose_clock_is_suspended(state: State, verb: Verb, to: State | None) -> None:
    obligation = in_state(state, suspended=True)
    if to is None:
        others = ", ".join(str(other) for other in Verb if state in LIFE_SUSPENDED[other] and other is not verb)
        why = "its clock is suspended; resume it first" if state in ALLOWED[verb] else f"an obligation that is {state} does not take it"
        assert refusal(obligation, verb) == f"obligation 7 cannot {verb}: {why} (it is {state}, suspended; allowed: {others})"
        return
    after = evolve(obligation, MOVES[verb](obligation, make_setting("15/01/2026 10:00")))
    assert after.state is to
    assert after.suspended is (verb is Verb.RETURN)


@pytest.mark.parametrize("state", [S.OPEN, S.RETURNED])
def test_where_the_plan_asks_for_the_heads_signature_nothing_goes_past_him(state: State) -> None:
    text = refusal(in_state(state), Verb.SUBMIT, stage_asks_signature=True)
    assert "cannot submit: the head has not signed; prepare it first" in text
    assert "submit" not in text.partition("allowed: ")[2]


@pytest.mark.parametrize("state", [S.PREPARED, S.LAPSED])
def test_what_the_head_signed_or_the_lock_overtook_is_submitted_where_a_signature_is_asked_for(state: State) -> None:
    obligation = in_state(state)
    assert evolve(obligation, submissions.submit(obligation, setting=make_setting("15/01/2026 10:00"))).state is S.SUBMITTED


def test_allowed_verbs_are_those_that_nothing_refuses() -> None:
    assert allowed_verbs(in_state(S.SUBMITTED, suspended=True)) == (Verb.ACCEPT, Verb.RETURN, Verb.RESUME_CLOCK, Verb.WAIVE, Verb.TRANSFER)
    assert allowed_verbs(in_state(S.ACCEPTED)) == ()
    assert Verb.MOVE_DUE not in allowed_verbs(in_state(S.OPEN)), "dates are moved by replanning, which is no command of one obligation"
    for verb in allowed_verbs(in_state(S.OPEN)):
        require_allowed(in_state(S.OPEN), verb)


@pytest.mark.parametrize("verb", sorted(NEEDS_REASON))
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_what_takes_or_gives_something_says_why(verb: Verb, reason: str) -> None:
    with pytest.raises(TransitionError, match="it needs a reason, and none is given"):
        require_reason(in_state(S.OPEN), verb, remark=Remark(reason=reason, basis="1/QĐ"))
    require_reason(in_state(S.OPEN), verb, remark=Remark(reason="vì thế"))


def test_what_is_done_every_day_needs_no_reason() -> None:
    for verb in (Verb.PREPARE, Verb.SUBMIT, Verb.WITHDRAW, Verb.ACCEPT, Verb.RESUME_CLOCK):
        require_reason(in_state(S.OPEN), verb, remark=Remark())


def test_a_word_to_several_posts_reaches_each_person_once_and_asks_for_missing_contacts() -> None:
    answers = {Audience.OFFICER: Told(recipients=("c1", "c2")), Audience.HEAD: Told(recipients=("c2", "m3"), missing=("contact/3/head",))}
    setting = make_setting("15/01/2026 10:00", told=answers.__getitem__)
    assert notices(MessageKind.URGED, Audience.OFFICER, Audience.HEAD, setting=setting) == (
        Notify(kind=MessageKind.URGED, recipients=("c1", "c2", "m3")),
        AskUpkeep(subject="contact/3/head"),
    )


def test_a_further_term_says_who_granted_it_and_on_which_basis() -> None:
    setting = make_setting("15/01/2026 10:00", remark=Remark(reason="bão", basis="12/QĐ-UBND"), granted_by=5)
    term = further_term(make_obligation(), setting=setting, reason=TermReason.EXTENSION, dates=make_dates(due="27/01/2026"))
    assert (term.number, term.granted_by, term.basis, term.written_at) == (2, 5, "12/QĐ-UBND", setting.now)
    assert (term.plan_version, term.calendar_version) == (1, setting.rulebook.calendar.version)
