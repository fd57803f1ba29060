"""
Appraising: a claim on a leaf so that two do not collide, the appraised score with its reason, and a second appraiser who confirms it.

A confirmation is the same score given once more by somebody else; the history shows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.obligations import IN_HAND, State
from evaluation.scores import filling
from evaluation.scores.faults import At, fault, refusal, require
from evaluation.scores.numbers import number_written
from evaluation.statuses import STATUS_OF_STATE
from store.commands.scores.held import (
    SheetError,
    act_of,
    hold_sheet,
    require_seen,
    require_short,
)
from store.commands.scores.scoring import require_in_hand
from store.queries.names import contact_names
from store.schema import OBLIGATION, STAGE
from store.score_changes import keep, write
from store.score_refusals import refusing
from store.scores import judges_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from evaluation.scores.faults import ScoreFault
    from store.score_changes import HeldSheet
    from store.scores import UnitSheet
    from store.session import Store, Transaction

APPRAISAL = frozenset({StageKind.APPRAISAL})
#: A claim that nobody followed up is over after so long.
CLAIM_LASTS = timedelta(hours=8)
#: States of a self-assessment in which its unit has not handed it in.
NOT_HANDED_IN = frozenset({State.SCHEDULED, State.OPEN, State.PREPARED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What an appraiser says of one leaf."""

    node: str
    points: Decimal
    remark: str = ""  #: why, where it differs from the unit's score
    seen: int = 0  #: version of the leaf that was seen


def appraise_leaf(store: Store, transaction: Transaction, obligation: int, judged: Judged) -> int:
    """
    Give a leaf its appraised score, in the course of the appraisal of its unit, and return the leaf's version.

    Raises:
        SheetError: no appraisal, not in hand, or the unit has not handed its self-assessment in.
        SheetFaultsError: out of range, another score than the unit's without a remark, claimed by another, …
        StaleLeafError: somebody has changed the leaf since version `seen`.

    """
    return appraise_leaves(store, transaction, obligation, [judged])[judged.node]


def appraise_leaves(store: Store, transaction: Transaction, obligation: int, judged: Sequence[Judged]) -> dict[str, int]:
    """Give several leaves their appraised scores, all or none, as `appraise_leaf` does; return their versions."""
    held = hold_appraisal(store, transaction, obligation)
    sheet = held.sheet
    with refusing():
        for one in judged:
            require_seen(held.unit, one.node, one.seen)
            _require_free(transaction, held, one.node)
            remark = require_short(one.remark, node=one.node)
            sheet = filling.appraise(sheet, one.node, one.points, remark=remark, act=act_of(transaction, why=remark))
    versions = keep(transaction, held, sheet, action="appraise")
    return {one.node: versions.get(one.node, held.unit.version(one.node)) for one in judged}


def confirm_leaf(store: Store, transaction: Transaction, obligation: int, node: str, *, seen: int) -> int:
    """
    Confirm the appraised score of a leaf as somebody else than who gave it, and return the leaf's version.

    Raises:
        SheetFaultsError: there is no appraised score, or the confirmer gave it.
        SheetError, StaleLeafError: as of `appraise_leaf`.

    """
    held = hold_appraisal(store, transaction, obligation)
    require_seen(held.unit, node, seen)
    points, at = held.sheet.entry(node).appraised, At(unit=held.sheet.scope.unit, node=node)
    with refusing():
        if points is None:
            raise refusal("not-appraised", at)
        if transaction.actor.contact in judges_of(transaction.connection, held.unit).get(node, ()):
            raise refusal("confirmed-by-the-same", at)
    same = number_written(points)
    return write(transaction, held, [(node, [("appraised", same, same, "")], {})], action="confirm-score")[node]


def claim_leaf(store: Store, transaction: Transaction, obligation: int, node: str) -> int:
    """
    Take a leaf for oneself while one appraises it, and return the leaf's version; a claim of another ends after eight hours.

    Raises:
        SheetFaultsError: no such leaf, or somebody else has it.
        SheetError: as of `appraise_leaf`.

    """
    held = hold_appraisal(store, transaction, obligation)
    with refusing():
        filling.open_leaf(held.sheet, node)
        _require_free(transaction, held, node)
    return _claimed(transaction, held, node, contact=transaction.actor.contact)


def release_leaf(store: Store, transaction: Transaction, obligation: int, node: str) -> int:
    """Give a leaf back that one has claimed, or that nobody should hold any more, and return its version."""
    held = hold_appraisal(store, transaction, obligation)
    return _claimed(transaction, held, node, contact=None) if node in held.unit.claims else held.unit.version(node)


def _claimed(transaction: Transaction, held: HeldSheet, node: str, *, contact: int | None) -> int:
    claim = held.unit.claims.get(node)
    old, new = (str(one or "") for one in (claim.contact if claim else None, contact))
    if old == new:
        return held.unit.version(node)
    columns = {"claimed_by": contact, "claimed_at": None if contact is None else transaction.now}
    return write(transaction, held, [(node, [("claim", old, new, "")], columns)], action="claim-leaf")[node]


def hold_appraisal(store: Store, transaction: Transaction, obligation: int) -> HeldSheet:
    """Return a sheet that is appraised: the appraisal is in hand, and the unit has handed in. SheetError where that is not so."""
    held = hold_sheet(store, transaction, obligation, kinds=APPRAISAL)
    require_in_hand(held)
    states = own_states(transaction.connection, held.unit)
    if states and all(state in NOT_HANDED_IN for _, state in states):
        state = STATUS_OF_STATE[states[0][1]]
        vi = f"đơn vị chưa nộp tự đánh giá (đang “{state.vi}”); chờ đơn vị nộp rồi thẩm định"
        raise SheetError(vi, f"the unit has not handed in its self-assessment ({state.en}); wait for it")
    return held


def own_states(connection: Connection, unit: UnitSheet) -> list[tuple[int, State]]:
    """Return the self-assessments of a sheet's unit, each with its state."""
    query = select(OBLIGATION.c.id, OBLIGATION.c.state).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    mine = query.where(OBLIGATION.c.cycle_id == unit.cycle, OBLIGATION.c.party_id == unit.party)
    rows = connection.execute(mine.where(STAGE.c.kind == StageKind.SELF_ASSESSMENT.value).order_by(OBLIGATION.c.id))
    return [(row.id, State(row.state)) for row in rows]


def may_return(states: Iterable[State]) -> bool:
    """Return whether leaves can go back to the unit: its self-assessment was handed in, accepted or not, and is still the unit's."""
    some = set(states)
    return not some <= NOT_HANDED_IN and not some.isdisjoint(IN_HAND | {State.SUBMITTED, State.LAPSED, State.ACCEPTED})


def _require_free(transaction: Transaction, held: HeldSheet, node: str) -> None:
    require(claimed_faults(transaction, held, [node]))


def claimed_faults(transaction: Transaction, held: HeldSheet, nodes: Iterable[str]) -> Iterator[ScoreFault]:
    """Yield the leaves that somebody else is at."""
    for node in nodes:
        claim = held.unit.claims.get(node)
        others = claim is not None and claim.contact != transaction.actor.contact and transaction.now < claim.at + CLAIM_LASTS
        if claim is not None and others:
            who = contact_names(transaction.connection, [claim.contact]).get(claim.contact) or f"c{claim.contact}"
            yield fault("claimed-by-another", At(unit=held.sheet.scope.unit, node=node), who=who)
