"""Mixed messages: one that carries what may leave and what may not is taken back, so that the one does not wait for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from store.outbox.cancelling import WAITING, take_back
from store.outbox.gathering import is_held, may_leave
from store.schema import AUTHORITY, CYCLE, MESSAGE, NOTICE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from store.session import Store


def take_back_mixed(store: Store, *, now: datetime) -> int:
    """Cancel the waiting messages of which one cycle was paused or held since and another was not; return how many."""
    with store.reading() as connection:
        stopped = or_(~may_leave(), is_held())
        query = select(MESSAGE.c.id).where(MESSAGE.c.state.in_(WAITING), _carries(stopped), _carries(~stopped))
        mixed = connection.execute(query.order_by(MESSAGE.c.id)).scalars().all()
    if not mixed:
        return 0
    with store.transaction(now=now) as transaction:
        return len(take_back(transaction, mixed))


def _carries(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    notices = (
        select(NOTICE.c.id)
        .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .where(NOTICE.c.message_id == MESSAGE.c.id, NOTICE.c.cancelled.is_(False), condition)
        .correlate(MESSAGE)
    )
    return exists(notices)
