"""Scoring oneself: a unit's score of a leaf by its method, and how it scored where there is no evidence; saved as it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.scores.filling import clear_explanation, clear_score, explain, score_self
from evaluation.statuses import STATUS_OF_STATE
from evaluation.submissions import takes_evidence
from store.commands.scores.held import SheetError, act_of, hold_sheet, require_seen, require_short
from store.score_changes import keep
from store.score_refusals import refusing
from store.score_rounds import require_given_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.scores.filling import Act
    from evaluation.scores.methods import Given
    from evaluation.scores.sheets import Sheet
    from store.score_changes import HeldSheet
    from store.session import Store, Transaction

SELF = frozenset({StageKind.SELF_ASSESSMENT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What a unit typed about one leaf; both empty clears the leaf."""

    node: str
    given: Given | None = None
    explanation: str = ""
    seen: int = 0  #: version of the leaf that was seen; 0: nobody had touched it


def save_leaf(store: Store, transaction: Transaction, obligation: int, typed: Typed) -> int:
    """
    Save what a unit says of a leaf and return the version that the leaf has now; what is said already makes none.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        SheetError: it has no sheet, or is not in the unit's hands.
        SheetFaultsError: no such leaf, nothing that the method can use, out of range, appraised already, not given back in this round, …
        StaleLeafError: somebody has saved it since version `seen`.

    """
    return save_leaves(store, transaction, obligation, [typed])[typed.node]


def save_leaves(store: Store, transaction: Transaction, obligation: int, typed: Sequence[Typed]) -> dict[str, int]:
    """Save what a unit says of several leaves, all or none, as `save_leaf` does; return the versions that these leaves have now."""
    held = hold_sheet(store, transaction, obligation, kinds=SELF)
    require_in_hand(held)
    sheet = held.sheet
    with refusing():
        for one in typed:
            require_seen(held.unit, one.node, one.seen)
            sheet = _said(sheet, one, act=act_of(transaction))
    changed = [one.node for one in typed if sheet.entry(one.node) != held.sheet.entry(one.node)]
    require_given_back(transaction.connection, held.unit, held.obligation, changed)
    versions = keep(transaction, held, sheet, action="score")
    return {one.node: versions.get(one.node, held.unit.version(one.node)) for one in typed}


def _said(sheet: Sheet, typed: Typed, *, act: Act) -> Sheet:
    entry = sheet.entry(typed.node)
    if typed.given is not None:
        sheet = score_self(sheet, typed.node, typed.given, act=act) if typed.given != entry.given or entry.returned else sheet
    elif entry.self_score is not None:
        sheet = clear_score(sheet, typed.node, act=act)
    text = require_short(typed.explanation, node=typed.node)
    before = entry.explanation.text if entry.explanation is not None else ""
    if text and (text != before or entry.explanation is None):
        return explain(sheet, typed.node, text, act=act)
    return clear_explanation(sheet, typed.node, act=act) if before and not text else sheet


def require_in_hand(held: HeldSheet) -> None:
    """Raise SheetError unless the obligation is in the hands of who owes it: what was handed in stands."""
    if not takes_evidence(held.obligation.state, line=held.ref.line):
        state = STATUS_OF_STATE[held.obligation.state]
        vi = f"nghĩa vụ đang ở trạng thái “{state.vi}”; phiếu chỉ sửa được khi việc còn trong tay người thực hiện"
        en = f"the obligation is {held.obligation.state} ({state.en}); the sheet changes only while the work is in hand"
        raise SheetError(vi, en)
