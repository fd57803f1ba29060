"""
Explaining: a window for each unit that has reduced leaves, its text leaf by leaf, and a ruling on each with a reason.

The window is an obligation that is owed on request, raised when the appraisal of the unit has been handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.obligations import FINAL, State
from evaluation.scores import filling
from evaluation.scores.faults import At, refusal
from evaluation.scores.handing_in import reduced_leaves
from evaluation.statuses import STATUS_OF_STATE
from store.commands.requested import Asked, raise_on_request
from store.commands.scores.held import SheetError, act_of, hold_sheet, require_seen, require_short
from store.commands.scores.scoring import require_in_hand
from store.locks import hold_stage
from store.schema import OBLIGATION, SCORE_CHANGE, STAGE
from store.score_changes import keep
from store.score_refusals import refusing

if TYPE_CHECKING:
    from evaluation.scores.sheets import Sheet
    from store.score_changes import HeldSheet
    from store.session import Store, Transaction
    from store.years import StageRef, Year

EXPLANATION = frozenset({StageKind.EXPLANATION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What a unit says of a reduced leaf; an empty text takes its answer back: what it had signed before stands again."""

    node: str
    text: str
    seen: int = 0  #: version of the leaf that was seen


@dataclass(frozen=True, kw_only=True, slots=True)
class RulingGiven:
    """What is decided on an explanation."""

    node: str
    accepted: bool
    points: Decimal | None = None  #: of an accepted one: the appraised score that follows; None: the unit's own
    why: str = ""
    seen: int = 0  #: version of the leaf that was seen


def ask_explanation(store: Store, transaction: Transaction, obligation: int) -> int | None:
    """
    Ask the unit of an appraisal that was handed in to explain its reduced leaves, and return the obligation; None where nothing is asked.

    Nothing is asked where no leaf is reduced and unexplained, where a window stands open, or where the plan has none.

    Raises:
        SheetError: it is no appraisal of a sheet.

    """
    held = hold_sheet(store, transaction, obligation, kinds=frozenset({StageKind.APPRAISAL}))
    stage = explanation_stage(held.year)
    if stage is None or held.obligation.state not in {State.SUBMITTED, State.ACCEPTED} or not unanswered(held.sheet):
        return None
    hold_stage(transaction.connection, stage.id)
    query = select(OBLIGATION.c.subject, OBLIGATION.c.state).where(OBLIGATION.c.stage_id == stage.id)
    there = transaction.connection.execute(query.where(OBLIGATION.c.party_id == held.unit.party)).all()
    if any(State(row.state) not in FINAL for row in there):
        return None
    subject = "" if not there else str(len(there) + 1)
    (raised,) = raise_on_request(transaction, held.year, Asked(stage=stage.key, parties=(held.unit.party,), subject=subject))
    return raised


def explanation_stage(year: Year) -> StageRef | None:
    """Return the stage in which units explain; None where the plan has none on request."""
    return next((ref for ref in year.stages.values() if ref.kind is StageKind.EXPLANATION and ref.line.on_request), None)


def unanswered(sheet: Sheet) -> tuple[str, ...]:
    """Return the reduced leaves to which the unit has not answered."""
    entries = (sheet.entry(node) for node in reduced_leaves(sheet))
    return tuple(one.node for one in entries if one.explanation is None or not one.explanation.answers)


def explain_leaf(store: Store, transaction: Transaction, obligation: int, explained: Explained) -> int:
    """
    Say why the appraised score of a leaf is not right, and return the leaf's version.

    Raises:
        SheetError: no explanation in hand; too long.
        SheetFaultsError: no such leaf, not reduced, settled, or ruled on already.
        StaleLeafError: somebody has changed the leaf since version `seen`.

    """
    held = hold_sheet(store, transaction, obligation, kinds=EXPLANATION)
    require_in_hand(held)
    node, seen = explained.node, explained.seen
    said = require_short(explained.text, node=node)
    with refusing():
        entry, at = held.sheet.entry(node), At(unit=held.sheet.scope.unit, node=node, about="explanation")
        require_seen(held.unit, node, seen)
        filling.open_leaf(held.sheet, node)
        if not entry.is_reduced:
            raise refusal("not-reduced", at)
        act, answered = act_of(transaction), entry.explanation is not None and entry.explanation.answers
        if not said and not answered:
            return seen  # how it scored was signed with the self-assessment, and stands
        if said:
            after = filling.explain(held.sheet, node, said, act=act)
        else:
            after = filling.clear_explanation(held.sheet, node, before=_signed(transaction, held, node), act=act)
    return keep(transaction, held, after, action="explain").get(node, seen)


def _signed(transaction: Transaction, held: HeldSheet, node: str) -> str:
    """Return what a unit had said of a leaf before it was asked to explain: how it scored; empty: nothing."""
    query = (
        select(SCORE_CHANGE.c.new)
        .join(OBLIGATION, OBLIGATION.c.id == SCORE_CHANGE.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(SCORE_CHANGE.c.cycle_id == held.year.cycle, SCORE_CHANGE.c.party_id == held.unit.party, SCORE_CHANGE.c.node == node)
        .where(SCORE_CHANGE.c.what == "explanation", STAGE.c.kind != StageKind.EXPLANATION.value)
    )
    return transaction.connection.execute(query.order_by(SCORE_CHANGE.c.id.desc()).limit(1)).scalar() or ""


def rule_on_explanation(store: Store, transaction: Transaction, obligation: int, ruling: RulingGiven) -> int:
    """
    Accept the explanation of a leaf, with the appraised score that follows, or refuse it with a reason; return the leaf's version.

    Raises:
        SheetError: the explanation was not handed in yet, or is closed.
        SheetFaultsError: none waits on that leaf, out of range, or refused without a reason.
        StaleLeafError: somebody has changed the leaf since version `seen`.

    """
    held = hold_sheet(store, transaction, obligation, kinds=EXPLANATION)
    _require_handed_in(held)
    node, why = ruling.node, require_short(ruling.why, node=ruling.node)
    require_seen(held.unit, node, ruling.seen)
    act = act_of(transaction, why=why)
    with refusing():
        filling.open_leaf(held.sheet, node)
        own = held.sheet.entry(node).self_score
        points = ruling.points if ruling.points is not None else own
        if ruling.accepted and points is not None:
            after = filling.accept_explanation(held.sheet, node, points, act=act)
        else:
            after = filling.refuse_explanation(held.sheet, node, act=act)
    return keep(transaction, held, after, action="rule-on-explanation").get(node, ruling.seen)


def _require_handed_in(held: HeldSheet) -> None:
    if held.obligation.state is not State.SUBMITTED:
        state = STATUS_OF_STATE[held.obligation.state]
        vi = f"giải trình đang ở trạng thái “{state.vi}”; chỉ xem xét khi đơn vị đã gửi và chưa kết thúc"
        en = f"the explanation is {held.obligation.state} ({state.en}); it is ruled on once it is handed in, before it is closed"
        raise SheetError(vi, en)
