"""Many terms made longer at once: looked at first (who would be told, what would be refused), then done row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation import clocks
from evaluation.actions import Notify, Remark
from evaluation.rights_table import Action
from store.commands import moves
from store.commands.bulk_rows import REFUSALS, Row
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from evaluation.rights import ActorFacts
    from store.commands.bulk_rows import RowByRow
    from store.session import Actor, Store, Transaction


@dataclass(frozen=True, kw_only=True)
class BulkExtension:
    """Which terms are to end on another day, and why."""

    obligations: Sequence[int]
    due_on: date
    remark: Remark


def preview_extension(store: Store, order: BulkExtension, *, now: datetime, actor: Actor, facts: ActorFacts | None = None) -> list[Row]:
    """Return row by row who would be told, and what would be refused; nothing is written."""
    with store.transaction(now=now, actor=actor) as transaction:  # the same locks as the real thing; it writes nothing
        return [_previewed(store, transaction, ident, order=order, facts=facts) for ident in dict.fromkeys(order.obligations)]


def extend_many(working: RowByRow, order: BulkExtension, *, facts: ActorFacts | None = None) -> list[Row]:
    """Make the terms longer, and return row by row what became of it."""

    def extended(transaction: Transaction, ident: int) -> Row:
        authorise(working.store, transaction, ident, Action.BULK_EXTEND, facts=facts)
        row = _decided(working.store, transaction, ident, order=order)
        moves.extend(working.store, transaction, ident, due_on=order.due_on, remark=order.remark)
        return row

    return working.each(order.obligations, extended)


def _previewed(store: Store, transaction: Transaction, ident: int, *, order: BulkExtension, facts: ActorFacts | None) -> Row:
    try:
        authorise(store, transaction, ident, Action.BULK_EXTEND, facts=facts)
        return _decided(store, transaction, ident, order=order)
    except REFUSALS as refused:
        return Row(obligation=ident, error=refused)


def _decided(store: Store, transaction: Transaction, ident: int, *, order: BulkExtension) -> Row:
    year, stage, before = moves.read_held(store, transaction, ident)
    setting = moves.setting_of(transaction, year, stage=stage, party=before.party, remark=order.remark)
    actions = clocks.extend(before, due_on=order.due_on, setting=setting)
    told = tuple(recipient for action in actions if isinstance(action, Notify) for recipient in action.recipients)
    return Row(obligation=ident, old_due_on=before.term.due_on, told=told)
