"""The outbox as commands see it: notices that are no longer true are cancelled before they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from store.lives import MOST_IDS
from store.outbox.states import MessageState
from store.schema import MESSAGE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from store.session import Transaction

#: States in which a message has not left and may still be taken back.
WAITING = (MessageState.HELD.value, MessageState.QUEUED.value)


def cancel_notices(transaction: Transaction, obligations: Sequence[int]) -> None:
    """
    Cancel the unsent notices of rungs of these obligations: their turn is over.

    A message that waits with one of them is cancelled; its other notices are gathered anew.
    """
    for start in range(0, len(obligations), MOST_IDS):
        cancel_where(transaction, and_(NOTICE.c.obligation_id.in_(obligations[start : start + MOST_IDS]), NOTICE.c.cause.like("r:%")))


def cancel_where(transaction: Transaction, condition: ColumnElement[bool]) -> None:
    """
    Cancel the unsent notices that a condition names, and take back the messages that carry them.

    Notices are locked first, then messages, as everywhere in the outbox: a delivery at work meanwhile has either sent a message
    before, or finds it cancelled.
    """
    connection = transaction.connection
    waiting = select(MESSAGE.c.id).where(MESSAGE.c.state.in_(WAITING))
    unsent = and_(condition, NOTICE.c.cancelled.is_(False), or_(NOTICE.c.message_id.is_(None), NOTICE.c.message_id.in_(waiting)))
    found = connection.execute(select(NOTICE.c.id, NOTICE.c.message_id).where(unsent).order_by(NOTICE.c.id).with_for_update()).all()
    if not found:
        return
    carried = sorted({row.message_id for row in found if row.message_id is not None})
    taken = set(take_back(transaction, carried))
    void = [row.id for row in found if row.message_id is None or row.message_id in taken]
    for start in range(0, len(void), MOST_IDS):
        some = NOTICE.c.id.in_(void[start : start + MOST_IDS])
        connection.execute(update(NOTICE).where(some).values(cancelled=True))


def take_back(transaction: Transaction, messages: Sequence[int]) -> list[int]:
    """Cancel those of the messages that still wait, set their notices free to be gathered anew, and return their ids."""
    taken: list[int] = []
    for start in range(0, len(messages), MOST_IDS):
        taken += _take_back(transaction, messages[start : start + MOST_IDS])
    return taken


def _take_back(transaction: Transaction, messages: Sequence[int]) -> list[int]:
    connection = transaction.connection
    cancelled = update(MESSAGE).where(MESSAGE.c.id.in_(messages), MESSAGE.c.state.in_(WAITING))
    taken = list(connection.execute(cancelled.values(state=MessageState.CANCELLED.value).returning(MESSAGE.c.id)).scalars())
    free = NOTICE.c.message_id.in_(taken)
    connection.execute(update(NOTICE).where(free, NOTICE.c.cancelled.is_(False)).values(message_id=None))
    return taken
