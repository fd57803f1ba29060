"""Cycles: the life of a launched plan, every verb in every state."""

from __future__ import annotations

import pytest

from evaluation.cycles import CycleMoveError, CycleState, CycleVerb, moved_cycle

S, V = CycleState, CycleVerb
#: draft → launched ⇄ paused → closed | cancelled (design §1)
LIFE: dict[CycleState, dict[CycleVerb, CycleState]] = {
    S.DRAFT: {V.LAUNCH: S.LAUNCHED, V.CANCEL: S.CANCELLED},
    S.LAUNCHED: {V.PAUSE: S.PAUSED, V.CLOSE: S.CLOSED, V.CANCEL: S.CANCELLED},
    S.PAUSED: {V.RESUME: S.LAUNCHED, V.CLOSE: S.CLOSED, V.CANCEL: S.CANCELLED},
    S.CLOSED: {},
    S.CANCELLED: {},
}
CASES = [
    pytest.param(state, verb, LIFE[state].get(verb), id=f"{state}: {verb} - {LIFE[state].get(verb, 'refused')}")
    for state in CycleState
    for verb in CycleVerb
]


@pytest.mark.parametrize(("state", "verb", "to"), CASES)
def test_the_life_of_a_cycle(state: CycleState, verb: CycleVerb, to: CycleState | None) -> None:
    if to is not None:
        assert moved_cycle(state, verb=verb) is to
        return
    with pytest.raises(CycleMoveError) as refused:
        moved_cycle(state, verb=verb)
    allowed = ", ".join(LIFE[state]) or "nothing"
    assert str(refused.value) == f"a cycle that is {state} cannot {verb}; allowed: {allowed}"
    assert (refused.value.state, refused.value.verb, refused.value.allowed) == (state, verb, tuple(LIFE[state]))
