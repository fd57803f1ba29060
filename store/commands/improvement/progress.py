"""Progress: how far a measure is said to be, by itself or in a report of its unit; it confirms nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from evaluation.improvement.measures import DONE, may_be_improved
from store.commands.improvement.lines import ImprovementError, heirs_of
from store.perform import Decided, mark
from store.schema import MEASURE, MEASURE_PROGRESS, OBLIGATION
from store.unit_work import text_digest

if TYPE_CHECKING:
    from evaluation.obligations import Obligation
    from store.session import Transaction
    from store.years import Year

LONGEST = 2000  #: characters of a measure, or of a remark
REPORT = "report-progress"


def say_progress(  # noqa: PLR0913  of which measure, what is said
    transaction: Transaction, year: Year, stage: int, before: Obligation, *, percent: int, remark: str
) -> None:
    """
    Say how far a measure is, by its own obligation, which is held; with 100 it still has to be handed in.

    Raises:
        ImprovementError: it is no measure, or handed in or done already; the share is none; the remark is too long.

    """
    measures = _measures_owed(transaction, before, stage=stage)
    if not measures:
        vi, en = f"việc {before.id} không phải một biện pháp", f"obligation {before.id} is no measure"
        raise ImprovementError(vi, en)
    if not may_be_improved(before.state):
        vi, en = f"biện pháp {before.id} đã nộp hoặc đã xong", f"the measure {before.id} is handed in or over"
        raise ImprovementError(vi, en)
    if not 0 <= percent <= DONE or len(remark) > LONGEST:
        vi = f"tiến độ từ 0 đến {DONE} %, ghi chú nhiều nhất {LONGEST} ký tự"
        raise ImprovementError(vi, f"progress is 0 to {DONE} per cent, a remark has at most {LONGEST} characters", field="percent")
    content = text_digest(remark.strip())
    said = {"percent": percent, "remark": remark.strip(), "at": transaction.now, "contact_id": transaction.actor.contact}
    rows = [{**said, "measure_id": measure, "number": _said_so_far(transaction, measure) + 1} for measure in measures]
    transaction.connection.execute(insert(MEASURE_PROGRESS), rows)
    facts = {"progress": [[row["measure_id"], row["number"]] for row in rows], "percent": percent, "content": content}
    mark(transaction, year, Decided(before=before, stage=stage, actions=(), action=REPORT), facts=facts)


def _said_so_far(transaction: Transaction, measure: int) -> int:
    last = select(func.coalesce(func.max(MEASURE_PROGRESS.c.number), 0)).where(MEASURE_PROGRESS.c.measure_id == measure)
    return int(transaction.connection.execute(last).scalar_one())


def _measures_owed(transaction: Transaction, before: Obligation, *, stage: int) -> list[int]:
    """Return the measures that an obligation is: its own, and of units that were merged those it took over under the same number."""
    alike = select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.subject == before.subject)
    query = select(MEASURE.c.obligation_id, MEASURE.c.id).where(MEASURE.c.obligation_id.in_(alike)).order_by(MEASURE.c.id)
    found = dict(transaction.connection.execute(query).tuples().all())
    heirs = heirs_of(transaction.connection, found.keys())
    return [measure for own, measure in found.items() if heirs[own] == before.id]
