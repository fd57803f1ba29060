"""The outbox as commands see it: notices that are no longer true are cancelled before they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from store.lives import MOST_IDS
from store.schema import MESSAGE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from store.session import Transaction

#: States in which a message has not left and may still be taken back.
WAITING = ("held", "queued")


def cancel_notices(transaction: Transaction, obligations: Sequence[int]) -> None:
    """
    Cancel the unsent notices of rungs of these obligations: their turn is over.

    A message that waits with one of them is cancelled; its other notices are gathered anew.
    """
    for start in range(0, len(obligations), MOST_IDS):
        cancel_where(
            transaction, and_(NOTICE.c.obligation_id.in_(obligations[start : start + MOST_IDS]), NOTICE.c.cause.like("r:%"))
        )


def cancel_where(transaction: Transaction, condition: ColumnElement[bool]) -> None:
    """Cancel the unsent notices that a condition names, and take back the messages that carry them."""
    connection = transaction.connection
    waiting = select(MESSAGE.c.id).where(MESSAGE.c.state.in_(WAITING))
    unsent = and_(condition, NOTICE.c.cancelled.is_(False), or_(NOTICE.c.message_id.is_(None), NOTICE.c.message_id.in_(waiting)))
    found = connection.execute(select(NOTICE.c.id, NOTICE.c.message_id).where(unsent)).all()
    if not found:
        return
    connection.execute(update(NOTICE).where(NOTICE.c.id.in_([row.id for row in found])).values(cancelled=True))
    messages = sorted({row.message_id for row in found if row.message_id is not None})
    if messages:
        take_back(transaction, messages)


def take_back(transaction: Transaction, messages: Sequence[int]) -> None:
    """Cancel waiting messages and set their notices free to be gathered anew."""
    connection = transaction.connection
    connection.execute(update(MESSAGE).where(MESSAGE.c.id.in_(messages), MESSAGE.c.state.in_(WAITING)).values(state="cancelled"))
    connection.execute(update(NOTICE).where(NOTICE.c.message_id.in_(messages), NOTICE.c.cancelled.is_(False)).values(message_id=None))
