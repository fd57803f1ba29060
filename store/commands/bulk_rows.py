"""
Work on many obligations, each in a transaction of its own: one that is refused keeps no other from being done; each is reported.

A request that brought a key notes each row in that row's transaction: broken off anywhere and sent again, it does the rest, nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from evaluation.transitions import TransitionError
from evaluation.workdays import UnknownYearError
from store.commands import moves
from store.idempotency import UnderWayError, keep_part, part_done
from store.perform import StaleError
from store.refusals import RefusalError
from store.years import CycleNotRunningError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from store.actors import Actor
    from store.idempotency import Keyed
    from store.session import Store, Transaction

#: What keeps one row from being done, and no other.
REFUSALS = (TransitionError, RefusalError, StaleError, UnknownYearError, moves.NoSuchObligationError, CycleNotRunningError)


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


@dataclass(frozen=True, kw_only=True)
class RowByRow:
    """Who works on many obligations, when, and by which key; without one, what is asked for again is done again."""

    store: Store
    now: datetime
    actor: Actor
    keyed: Keyed | None = None

    def each(self, obligations: Iterable[int], work: Callable[[Transaction, int], Row]) -> list[Row]:
        """
        Return what became of each row, done now or before under the same key.

        Raises:
            UnderWayError: the request was taken for broken off, and somebody else has finished it.

        """
        return [self._one(ident, work) for ident in dict.fromkeys(obligations)]

    def _one(self, obligation: int, work: Callable[[Transaction, int], Row]) -> Row:
        try:
            with self.store.transaction(now=self.now, actor=self.actor) as transaction:
                before = None if self.keyed is None else part_done(transaction, self.keyed, obligation)
                if before is not None:
                    return _as_it_was(obligation, before)
                row = work(transaction, obligation)
                if self.keyed is not None:
                    keep_part(transaction, self.keyed, obligation, _kept(row))
                return row
        except UnderWayError:
            raise
        except REFUSALS as refused:
            return Row(obligation=obligation, error=refused)


def _kept(row: Row) -> dict[str, Any]:
    return {"old_due_on": row.old_due_on and row.old_due_on.isoformat(), "told": list(row.told)}


def _as_it_was(obligation: int, kept: dict[str, Any]) -> Row:
    old = kept["old_due_on"]
    return Row(obligation=obligation, old_due_on=date.fromisoformat(old) if old else None, told=tuple(kept["told"]))
