"""
Many obligations at once: looked at first (who would be told, what would be refused), then done, each row in a transaction of its own.

One row that is refused, or that somebody else has just moved, keeps no other from being done; each is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation import clocks, endings
from evaluation.actions import Notify, Remark
from evaluation.rights_table import Action as Right
from evaluation.transitions import Verb, require_reason
from store.commands import moves
from store.commands.bulk_rows import REFUSALS, Row
from store.commands.papers import require_chairs_document
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.rights import ActorFacts
    from evaluation.transitions import Setting
    from store.actors import Actor
    from store.commands.bulk_rows import RowByRow
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class BulkMove:
    """One verb for many obligations: what it decides of each, and how it is done."""

    obligations: Sequence[int]
    right: Right
    verb: Verb
    remark: Remark
    decide: Callable[[Obligation, Setting], tuple[Action, ...]]
    act: Callable[[Store, Transaction, int], Obligation]


def extending(obligations: Sequence[int], *, due_on: date, remark: Remark) -> BulkMove:
    """Return terms to be made longer."""
    return BulkMove(
        obligations=obligations,
        right=Right.BULK_EXTEND,
        verb=Verb.EXTEND,
        remark=remark,
        decide=lambda one, setting: clocks.extend(one, due_on=due_on, setting=setting),
        act=lambda store, transaction, ident: moves.extend(store, transaction, ident, due_on=due_on, remark=remark),
    )


def urging(obligations: Sequence[int], *, by: str, remark: Remark) -> BulkMove:
    """Return obligations whose turn is to be urged: `mail`, `phone` or `letter`."""
    return BulkMove(
        obligations=obligations,
        right=Right.URGE,
        verb=Verb.URGE,
        remark=remark,
        decide=lambda one, setting: endings.urge(one, by=by, setting=setting),
        act=lambda store, transaction, ident: moves.urge(store, transaction, ident, by=by, remark=remark),
    )


def waiving(obligations: Sequence[int], *, remark: Remark) -> BulkMove:
    """Return obligations that are no longer to be owed."""
    return BulkMove(
        obligations=obligations,
        right=Right.WAIVE,
        verb=Verb.WAIVE,
        remark=remark,
        decide=lambda one, setting: endings.waive(one, setting=setting),
        act=lambda store, transaction, ident: moves.waive(store, transaction, ident, remark=remark),
    )


def preview_many(store: Store, order: BulkMove, *, now: datetime, actor: Actor, facts: ActorFacts | None = None) -> list[Row]:
    """Return row by row who would be told, and what would be refused; nothing is written."""
    with store.transaction(now=now, actor=actor) as transaction:  # the same locks as the real thing; it writes nothing
        return [_previewed(store, transaction, ident, order=order, facts=facts) for ident in dict.fromkeys(order.obligations)]


def do_many(working: RowByRow, order: BulkMove, *, facts: ActorFacts | None = None) -> list[Row]:
    """Do it with each, in its own transaction, and return row by row what became of it."""

    def done(transaction: Transaction, ident: int) -> Row:
        authorise(working.store, transaction, ident, order.right, facts=facts)
        row = _decided(working.store, transaction, ident, order=order)
        order.act(working.store, transaction, ident)
        return row

    return working.each(order.obligations, done)


def _previewed(store: Store, transaction: Transaction, ident: int, *, order: BulkMove, facts: ActorFacts | None) -> Row:
    try:
        authorise(store, transaction, ident, order.right, facts=facts)
        return _decided(store, transaction, ident, order=order)
    except REFUSALS as refused:
        return Row(obligation=ident, error=refused)


def _decided(store: Store, transaction: Transaction, ident: int, *, order: BulkMove) -> Row:
    year, stage, before = moves.read_held(store, transaction, ident)
    require_reason(before, order.verb, remark=order.remark)
    require_chairs_document(transaction, order.verb, remark=order.remark)
    setting = moves.setting_of(transaction, year, stage=stage, about=before, remark=order.remark)
    told = (recipient for action in order.decide(before, setting) if isinstance(action, Notify) for recipient in action.recipients)
    return Row(obligation=ident, old_due_on=before.term.due_on, told=tuple(told))
