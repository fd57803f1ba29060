"""Pausing, resuming, closing and cancelling a year, looked at first: the move is made, counted, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.routes import cycle_moves
from api.routes.replanning import UNSAID
from api.wire.schemas import Wire
from evaluation.cycles import CycleVerb
from evaluation.rights_table import Action
from store.commands.cycle_moves import move_cycle
from store.queries.changes import year_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from api.changing.cycles import ChangingCycle
    from api.wire.work import CycleWordsIn
    from store.session import Transaction

#: The API's own function for each move.
MOVES: Mapping[CycleVerb, Callable[[CycleWordsIn, ChangingCycle], Response]] = {
    CycleVerb.PAUSE: cycle_moves.pause,
    CycleVerb.RESUME: cycle_moves.resume,
    CycleVerb.CLOSE: cycle_moves.close,
    CycleVerb.CANCEL: cycle_moves.cancel,
}


class YearMovedOut(Wire):
    """What a move of the whole year would do to its mail."""

    told: int
    """Notices that say so to those who owe something."""
    cancelled: int
    """Notices not sent yet that become void."""
    waiting: int
    """Notices that wait now."""
    owed: int
    """Obligations that are not done."""


def look_at_move(changing: ChangingCycle, verb: CycleVerb) -> Response:
    """Return what a move would do, with the ETag of the year as it is. CycleMoveError, NotAllowedError, NoSuchCycleError."""

    def act(transaction: Transaction) -> YearMovedOut:
        before = year_mail(transaction.connection, changing.cycle)
        move_cycle(changing.store, transaction, changing.cycle, verb=verb, remark=UNSAID)
        after = year_mail(transaction.connection, changing.cycle)
        told, void = after.notices - before.notices, after.void - before.void
        return YearMovedOut(told=told, cancelled=void, waiting=before.waiting, owed=before.owed)

    return changing.look_at_cycle(Action(verb.value), act)
