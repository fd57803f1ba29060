"""The outbox as commands see it: notices that are no longer true are cancelled before they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, update

from evaluation.kinds import MessageKind
from store.lives import MOST_IDS
from store.outbox.states import MessageState
from store.schema import MESSAGE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from evaluation.demands import Untrue
    from store.session import Transaction

#: States in which a message has not left and may still be taken back.
WAITING = (MessageState.HELD.value, MessageState.QUEUED.value)


def _unsent(condition: ColumnElement[bool]) -> Select[Any]:
    """Return the statement that locks the notices of a condition that have not left yet."""
    waiting = select(MESSAGE.c.id).where(MESSAGE.c.state.in_(WAITING))
    unsent = and_(condition, NOTICE.c.cancelled.is_(False), or_(NOTICE.c.message_id.is_(None), NOTICE.c.message_id.in_(waiting)))
    columns = (NOTICE.c.id, NOTICE.c.message_id, NOTICE.c.obligation_id, NOTICE.c.cause, NOTICE.c.kind)
    return select(*columns).where(unsent).order_by(NOTICE.c.id).with_for_update()


#: One statement for whatever is untrue of whichever obligation, so that notices are always locked in their own order.
_ABOUT = _unsent(NOTICE.c.obligation_id.in_(bindparam("b_obligations", expanding=True)))


def cancel_notices(transaction: Transaction, untrue: Mapping[int, Untrue]) -> None:
    """
    Cancel the unsent notices about obligations, by their id, that a move has made untrue: of rungs, and of earlier moves.

    A message that waits with one of them is cancelled; its other notices are gathered anew.
    """
    obligations = [ident for ident, words in untrue.items() if words]
    for start in range(0, len(obligations), MOST_IDS):
        some = {"b_obligations": obligations[start : start + MOST_IDS]}
        rows = transaction.connection.execute(_ABOUT, some).all()
        _cancel(transaction, [row for row in rows if _is_of(row, untrue[row.obligation_id])])


def _is_of(row: Row[Any], words: Untrue) -> bool:
    """Return whether a notice is one of the words that are untrue; what is cancelled stays a row, as the journal has it."""
    return words.rungs if row.cause.startswith("r:") else MessageKind(row.kind) in words.kinds


def cancel_where(transaction: Transaction, condition: ColumnElement[bool]) -> None:
    """
    Cancel the unsent notices that a condition names, and take back the messages that carry them.

    Notices are locked first, then messages, as everywhere in the outbox: a delivery at work meanwhile has either sent a message
    before, or finds it cancelled.
    """
    _cancel(transaction, transaction.connection.execute(_unsent(condition)).all())


def _cancel(transaction: Transaction, found: Sequence[Row[Any]]) -> None:
    carried = sorted({row.message_id for row in found if row.message_id is not None})
    taken = set(take_back(transaction, carried))
    void = [row.id for row in found if row.message_id is None or row.message_id in taken]
    for start in range(0, len(void), MOST_IDS):
        some = NOTICE.c.id.in_(void[start : start + MOST_IDS])
        transaction.connection.execute(update(NOTICE).where(some).values(cancelled=True))


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
