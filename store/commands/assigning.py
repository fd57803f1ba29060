"""Assigning: an officer's work in a unit given to another contact of the same unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from evaluation.obligations import FINAL
from store.commands import moves
from store.perform import Decided, mark
from store.refusals import RefusalError
from store.schema import OBLIGATION

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store, Transaction
    from store.years import Year


class AssignmentError(RefusalError):
    """The work cannot be given to that contact: why, and what to do."""


def reassign(store: Store, transaction: Transaction, obligation: int, *, contact: int | None) -> None:
    """
    Give the work on an obligation to a contact of the party that owes it, in office now; None gives it back to the officer.

    The officer and the head are told as before: a duty cannot be muted.

    Raises:
        AssignmentError: it is done, or the contact is of another party or not in office.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    if before.state in FINAL:
        vi, en = "nghĩa vụ đã xong, không giao lại được", "the obligation is done; nobody need work on it"
        raise AssignmentError(vi, en)
    if contact is not None:
        _require_colleague(year, contact, party=before.party, now=transaction.now)
    transaction.connection.execute(update(OBLIGATION).where(OBLIGATION.c.id == obligation).values(assignee_id=contact))
    given = Decided(before=before, stage=stage, actions=(), action="reassign")
    mark(transaction, year, given, facts={"assignee": contact})


def _require_colleague(year: Year, contact: int, *, party: int, now: datetime) -> None:
    known = next((one for one in year.people.contacts if one.id == contact), None)
    if known is None or known.party != party:
        vi, en = "người nhận việc phải là đầu mối của chính đơn vị đó", "the work can be given to a contact of the same unit only"
        raise AssignmentError(vi, en)
    if not known.is_in_office(year.rulebook.calendar.local_date(now)):
        vi, en = "người nhận việc không đương chức", "that contact is not in office today"
        raise AssignmentError(vi, en)
