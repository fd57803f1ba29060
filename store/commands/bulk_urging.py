"""Many urged at once, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.rights_table import Action
from store.commands import moves
from store.commands.bulk_rows import Row
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.actions import Remark
    from evaluation.rights import ActorFacts
    from store.commands.bulk_rows import RowByRow
    from store.session import Transaction


@dataclass(frozen=True, kw_only=True)
class BulkUrging:
    """Which obligations, and how whoever's turn it is is urged: `mail`, `phone` or `letter`."""

    obligations: Sequence[int]
    by: str
    remark: Remark


def urge_many(working: RowByRow, order: BulkUrging, *, facts: ActorFacts | None = None) -> list[Row]:
    """Urge each, and return row by row what became of it."""

    def urged(transaction: Transaction, ident: int) -> Row:
        authorise(working.store, transaction, ident, Action.URGE, facts=facts)
        after = moves.urge(working.store, transaction, ident, by=order.by, remark=order.remark)
        return Row(obligation=ident, old_due_on=after.term.due_on)

    return working.each(order.obligations, urged)
