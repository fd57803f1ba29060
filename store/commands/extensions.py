"""
Longer terms: asked for by who owes, decided by the standing body.

A request is one move of its obligation (the standing body is told in the same transaction) and one row; granting and refusing are the moves
`extend` and `refuse_extension`, which decide the open request with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from evaluation import clocks
from evaluation.actions import Remark
from evaluation.transitions import TransitionError, Verb, require_reason
from store.commands import moves
from store.perform import Decided, perform
from store.schema import EXTENSION_REQUEST
from store.unit_work import open_request, settle_request

if TYPE_CHECKING:
    from datetime import date

    from evaluation.obligations import Obligation
    from store.session import Store, Transaction


class NoRequestError(LookupError):
    """Nobody has asked for a longer term of this obligation, or it is decided already."""

    def __init__(self, obligation: int) -> None:
        """Keep the obligation."""
        super().__init__(f"obligation {obligation} has no open request for a longer term")


def ask_extension(store: Store, transaction: Transaction, obligation: int, *, wanted_on: date, reason: str) -> Obligation:
    """
    Ask for a longer term, until the end of a day, with a reason; the standing body is told.

    Raises:
        TransitionError: no reason is given, a request is open already, or the plan or the state does not allow it.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    remark = Remark(reason=reason)
    require_reason(before, Verb.ASK_EXTENSION, remark=remark)
    asked_in = _term_of_open_request(transaction, obligation)
    if asked_in == before.term.number:
        raise TransitionError(Verb.ASK_EXTENSION, obligation=before, why="a longer term was asked for already and awaits a decision")
    setting = moves.setting_of(transaction, year, stage=stage, about=before, remark=remark)
    actions = clocks.ask_extension(before, wanted_on=wanted_on, setting=setting)
    after = perform(transaction, year, [Decided(before=before, stage=stage, actions=actions, action=Verb.ASK_EXTENSION.value)])[0]
    if asked_in is not None:
        settle_request(transaction, obligation, decision="void")
    row = {
        "obligation_id": obligation,
        "term": before.term.number,
        "wanted_on": wanted_on,
        "reason": reason,
        "contact_id": transaction.actor.contact,
        "at": transaction.now,
        "decision": "",
    }
    transaction.connection.execute(insert(EXTENSION_REQUEST), row)
    return after


def grant_extension(store: Store, transaction: Transaction, obligation: int, *, remark: Remark, due_on: date | None = None) -> Obligation:
    """Grant what was asked for, or until another day; NoRequestError if nothing is open, TransitionError if it may not be so long."""
    query = select(EXTENSION_REQUEST.c.wanted_on).where(
        EXTENSION_REQUEST.c.obligation_id == obligation, EXTENSION_REQUEST.c.decided_at.is_(None)
    )
    moves.read_held(store, transaction, obligation)
    wanted = transaction.connection.execute(query).scalar_one_or_none()
    if wanted is None:
        raise NoRequestError(obligation)
    return moves.extend(store, transaction, obligation, due_on=due_on or wanted, remark=remark)


def decline_extension(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Refuse what was asked for, with a reason; NoRequestError if nothing is open, TransitionError without a reason."""
    moves.read_held(store, transaction, obligation)
    if open_request(transaction, obligation) is None:
        raise NoRequestError(obligation)
    return moves.refuse_extension(store, transaction, obligation, remark=remark)


def _term_of_open_request(transaction: Transaction, obligation: int) -> int | None:
    query = select(EXTENSION_REQUEST.c.term).where(
        EXTENSION_REQUEST.c.obligation_id == obligation, EXTENSION_REQUEST.c.decided_at.is_(None)
    )
    return transaction.connection.execute(query).scalar_one_or_none()
