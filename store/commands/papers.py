"""
Papers: what the standing body files for others rests on a paper, named by its number and date.

An answer that came in on paper is judged by the day it came in; what excuses the standing body itself is decided by the chair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from evaluation.rights_table import EXCUSES, Action
from store.queries.people import authority_of_obligation
from store.refusals import RefusalError

if TYPE_CHECKING:
    from datetime import date

    from evaluation.actions import Remark
    from evaluation.transitions import Verb
    from store.session import Transaction


class DocumentNeededError(RefusalError):
    """Something rests on a paper, and no number and date say on which."""


class ReceivedOnError(RefusalError):
    """A date of receipt that nobody may give."""


def require_paper(transaction: Transaction, obligation: int, received_on: date | None, *, document: str) -> None:
    """
    Let somebody who was authorised say when a paper came in, and which.

    Raises:
        DocumentNeededError: the paper has no number and date: nobody could find it again.
        ReceivedOnError: who submits their own work would be in time by their word alone; or the day has not come.

    """
    if received_on is None:
        return
    if transaction.actor.on_behalf_of is None:
        vi = "ngày nhận chỉ dành cho bản giấy mà cơ quan thường trực ghi thay đơn vị"
        raise ReceivedOnError(vi, "a date of receipt is for papers that the standing body files for a unit", field="received_on")
    authority = authority_of_obligation(transaction.connection, obligation)
    if authority is None or received_on > transaction.now.astimezone(ZoneInfo(authority.zone)).date():
        vi, en = "ngày nhận chưa đến", "the date of receipt has not come yet"
        raise ReceivedOnError(vi, en, field="received_on")
    if not document.strip():
        vi = "ghi bản giấy thì phải có số, ngày của văn bản, ví dụ 25/BC-UBND ngày 18/03/2026"
        en = "a paper is filed by its number and date; give them, for example 25/BC-UBND ngày 18/03/2026"
        raise DocumentNeededError(vi, en, field="document")


def require_chairs_document(transaction: Transaction, verb: Verb, *, remark: Remark) -> None:
    """Raise DocumentNeededError where the standing body excuses itself in the name of the chair without the chair's document."""
    if transaction.actor.on_behalf_of is None or Action(verb) not in EXCUSES or remark.basis.strip():
        return
    vi = "cơ quan thường trực ghi cho chính mình theo ý kiến Chủ tịch thì phải nêu văn bản của Chủ tịch (số, ngày)"
    en = "what the standing body records of its own debts needs the chair's document; give its number and date"
    raise DocumentNeededError(vi, en, field="basis")
