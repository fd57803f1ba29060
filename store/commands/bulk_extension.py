"""
Many terms made longer at once: looked at first (who would be told, what would be refused), then done, each row in a transaction of its own.

One row that is refused, or that somebody else has just moved, keeps no other from being done; each is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation import clocks
from evaluation.actions import Notify, Remark
from evaluation.rights_table import Action
from evaluation.transitions import TransitionError
from evaluation.workdays import UnknownYearError
from store.commands import moves
from store.perform import StaleError
from store.refusals import RefusalError
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from evaluation.rights import ActorFacts
    from store.session import Actor, Store, Transaction


@dataclass(frozen=True, kw_only=True)
class BulkExtension:
    """Which terms are to end on another day, and why."""

    obligations: Sequence[int]
    due_on: date
    remark: Remark


@dataclass(frozen=True, kw_only=True)
class Row:
    """What would become, or became, of one obligation."""

    obligation: int
    error: Exception | None = None  #: why nothing was done; None: it is done, or would be
    old_due_on: date | None = None
    told: tuple[str, ...] = ()  #: recipients, `c<contact>` or `m<party>`

    @property
    def is_refused(self) -> bool:
        """Whether nothing is done."""
        return self.error is not None


#: What keeps one row from being done, and no other.
REFUSALS = (TransitionError, RefusalError, StaleError, UnknownYearError, moves.NoSuchObligationError, moves.CycleNotRunningError)


def preview_extension(store: Store, order: BulkExtension, *, now: datetime, actor: Actor, facts: ActorFacts | None = None) -> list[Row]:
    """Return row by row who would be told, and what would be refused; nothing is written."""
    with store.transaction(now=now, actor=actor) as transaction:  # the same locks as the real thing; it writes nothing
        return [_previewed(store, transaction, ident, order=order, facts=facts) for ident in dict.fromkeys(order.obligations)]


def extend_many(store: Store, order: BulkExtension, *, now: datetime, actor: Actor, facts: ActorFacts | None = None) -> list[Row]:
    """Make the terms longer, each in its own transaction, and return row by row what became of it."""
    return [_extended(store, ident, order=order, now=now, who=(actor, facts)) for ident in dict.fromkeys(order.obligations)]


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


def _extended(store: Store, ident: int, *, order: BulkExtension, now: datetime, who: tuple[Actor, ActorFacts | None]) -> Row:
    actor, facts = who
    try:
        with store.transaction(now=now, actor=actor) as transaction:
            authorise(store, transaction, ident, Action.BULK_EXTEND, facts=facts)
            row = _decided(store, transaction, ident, order=order)
            moves.extend(store, transaction, ident, due_on=order.due_on, remark=order.remark)
            return row
    except REFUSALS as refused:
        return Row(obligation=ident, error=refused)
