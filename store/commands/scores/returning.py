"""Returning leaves for correction: one round of the unit's self-assessment, with its own term, whose remarks name the leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.actions import Remark
from evaluation.obligations import IN_HAND, State
from evaluation.scores import filling
from evaluation.statuses import STATUS_OF_STATE
from store.commands import moves
from store.commands.scores.appraising import hold_appraisal, own_states
from store.commands.scores.held import SheetError, act_of, require_short
from store.score_changes import keep
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.session import Store, Transaction


def return_leaves(store: Store, transaction: Transaction, obligation: int, whys: Mapping[str, str]) -> dict[str, int]:
    """
    Return leaves to their unit for correction, each with what is to be mended, and return their versions.

    The unit's self-assessment goes back with them, in a numbered round with the plan's term for corrections; while it is back already,
    further leaves join that round.

    Raises:
        SheetError: nothing is named; no appraisal in hand; the self-assessment is not with its receiver (any more).
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
    for own, state in own_states(transaction.connection, held.unit):
        if state is State.SUBMITTED:
            remark = Remark(reason=_summary(whys), items=tuple(whys.items()))
            moves.return_for_correction(store, transaction, own, remark=remark)
            return versions
        if state in IN_HAND or state is State.LAPSED:
            return versions
    raise _over(own_states(transaction.connection, held.unit))


def _summary(whys: Mapping[str, str]) -> str:
    return f"Trả lại {len(whys)} mục để bổ sung: {', '.join(whys)}"


def _over(states: list[tuple[int, State]]) -> SheetError:
    state = STATUS_OF_STATE[states[0][1]].vi if states else "không có"
    vi = f"tự đánh giá của đơn vị đang “{state}” nên không trả lại được nữa; cho điểm kèm ý kiến, đơn vị sẽ giải trình"
    return SheetError(vi, "the self-assessment is taken in for good; score with a remark instead, the unit then explains")
