"""Returning leaves for correction: one round of the unit's self-assessment, with its own term, whose remarks name the leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.actions import Remark
from evaluation.obligations import IN_HAND, State
from evaluation.scores import filling
from evaluation.statuses import STATUS_OF_STATE, Status
from store.commands import moves
from store.commands.scores.appraising import hold_appraisal, own_states
from store.commands.scores.held import SheetError, act_of, require_short
from store.score_changes import keep
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.session import Store, Transaction

#: States in which further leaves join a round, or whatever the unit still has to send.
_WITH_THE_UNIT = IN_HAND | {State.LAPSED}
#: How a self-assessment goes back, by the state that it is in; the first that there is.
_WAYS = {State.SUBMITTED: moves.return_for_correction, State.ACCEPTED: moves.return_parts}


def return_leaves(store: Store, transaction: Transaction, obligation: int, whys: Mapping[str, str]) -> dict[str, int]:
    """
    Return leaves to their unit for correction, each with what is to be mended, and return their versions.

    The unit's self-assessment goes back with them, in a numbered round with the plan's term for corrections; while it is back already,
    further leaves join that round. Where its receiver had accepted it, the acceptance stands and what is sent again needs no other.

    Raises:
        SheetError: nothing is named; no appraisal in hand; the unit owes no self-assessment any more.
        SheetFaultsError: no such leaf, a final score, or nothing says what is to be mended.

    """
    held = hold_appraisal(store, transaction, obligation)
    if not whys:
        vi, en = "chưa chọn mục nào để trả lại", "no leaf is named; say which are returned"
        raise SheetError(vi, en, field="leaves")
    sheet = held.sheet
    with refusing():
        for node, why in whys.items():
            sheet = filling.return_leaf(sheet, node, act=act_of(transaction, why=require_short(why, node=node)))
    versions = keep(transaction, held, sheet, action="return-leaf")
    states = own_states(transaction.connection, held.unit)
    if not any(state in _WITH_THE_UNIT for _, state in states):
        _begin_round(store, transaction, states, whys)
    return versions


def _begin_round(store: Store, transaction: Transaction, states: Sequence[tuple[int, State]], whys: Mapping[str, str]) -> None:
    """Give the unit its self-assessment back: what waits for its receiver, else what was accepted."""
    remark = Remark(reason=f"Trả lại {len(whys)} mục để bổ sung: {', '.join(whys)}", items=tuple(whys.items()))
    for wanted, give_back in _WAYS.items():
        for own, state in states:
            if state is wanted:
                give_back(store, transaction, own, remark=remark)
                return
    raise _over(states)


def _over(states: Sequence[tuple[int, State]]) -> SheetError:
    state = STATUS_OF_STATE[states[0][1]] if states else Status.NOT_STARTED
    vi = f"tự đánh giá của đơn vị đang “{state.vi}” nên không trả lại được nữa; cho điểm kèm ý kiến, đơn vị sẽ giải trình"
    en = f"the unit's self-assessment is “{state.en}” and cannot go back; score with a remark, the unit then explains"
    return SheetError(vi, en)
