"""Many urged at once, each in a transaction of its own: one that is refused keeps no other from being urged; each is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.rights_table import Action
from store.commands import moves
from store.commands.bulk_extension import REFUSALS, Row
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evaluation.actions import Remark
    from evaluation.rights import ActorFacts
    from store.session import Actor, Store


@dataclass(frozen=True, kw_only=True)
class BulkUrging:
    """Which obligations, and how whoever's turn it is is urged: `mail`, `phone` or `letter`."""

    obligations: Sequence[int]
    by: str
    remark: Remark


def urge_many(store: Store, order: BulkUrging, *, now: datetime, actor: Actor, facts: ActorFacts | None = None) -> list[Row]:
    """Urge each, and return row by row what became of it."""
    return [_urged(store, ident, order=order, now=now, who=(actor, facts)) for ident in dict.fromkeys(order.obligations)]


def _urged(store: Store, ident: int, *, order: BulkUrging, now: datetime, who: tuple[Actor, ActorFacts | None]) -> Row:
    actor, facts = who
    try:
        with store.transaction(now=now, actor=actor) as transaction:
            authorise(store, transaction, ident, Action.URGE, facts=facts)
            after = moves.urge(store, transaction, ident, by=order.by, remark=order.remark)
    except REFUSALS as refused:
        return Row(obligation=ident, error=refused)
    return Row(obligation=ident, old_due_on=after.term.due_on)
