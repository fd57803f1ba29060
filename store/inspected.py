"""What an inspection must be before it is handed in: held, with minutes, and concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.inspections.naming import unit_named
from evaluation.kinds import StageKind
from store.refusals import RefusalError
from store.schema import INSPECTION

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from store.session import Transaction
    from store.years import Year

#: What hands an obligation in; an inspection's conclusions do it for it.
HANDS_IN = frozenset({"prepare", "submit"})


class NotConcludedError(RefusalError):
    """An inspection cannot be handed in yet: its minutes or its conclusions are not recorded."""


def is_inspection(year: Year, before: Obligation) -> bool:
    """Return whether an obligation is an inspection of another unit, with minutes and conclusions of its own."""
    unit = year.people.ids.get(unit_named(before.subject))
    return year.stage(before.stage).kind is StageKind.INSPECTION and unit is not None and unit != before.party


def is_concluded(connection: Connection, inspection: int) -> bool:
    """Return whether the conclusions of an inspection are recorded."""
    query = select(INSPECTION.c.concluded_on).where(INSPECTION.c.obligation_id == inspection)
    return connection.execute(query).scalar_one_or_none() is not None


def require_concluded(transaction: Transaction, inspection: int) -> None:
    """Raise NotConcludedError unless the conclusions of an inspection are recorded, which hand it in by themselves."""
    if is_concluded(transaction.connection, inspection):
        return
    vi = "cuộc kiểm tra chưa có biên bản và kết luận; ghi tại cuộc kiểm tra (`dondoc inspections minutes`, `conclude`), ghi xong thì tự nộp"
    en = "the inspection has no minutes and conclusions yet; record them at the inspection (`dondoc inspections minutes`, `conclude`)"
    raise NotConcludedError(vi, f"{en}: that hands it in")
