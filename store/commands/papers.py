"""Papers: an answer that came in on paper and that the standing body files for a unit is judged by the day it came in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from store.queries.people import authority_of_obligation
from store.refusals import RefusalError

if TYPE_CHECKING:
    from datetime import date

    from store.session import Transaction


class ReceivedOnError(RefusalError):
    """A date of receipt that nobody may give."""


def require_paper(transaction: Transaction, obligation: int, received_on: date | None) -> None:
    """
    Let somebody who was authorised say when a paper came in.

    Raises:
        ReceivedOnError: who submits their own work would be in time by their word alone; or the day has not come.

    """
    if received_on is None:
        return
    if transaction.actor.on_behalf_of is None:
        vi = "ngày nhận chỉ dành cho bản giấy mà cơ quan thường trực ghi thay đơn vị"
        raise ReceivedOnError(vi, "a date of receipt is for papers that the standing body files for a unit")
    authority = authority_of_obligation(transaction.connection, obligation)
    if authority is None or received_on > transaction.now.astimezone(ZoneInfo(authority.zone)).date():
        vi, en = "ngày nhận chưa đến", "the date of receipt has not come yet"
        raise ReceivedOnError(vi, en)
