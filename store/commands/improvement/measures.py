"""
Measures: what a unit plans to do about a criterion, or in its own plan, each an obligation with its due date; and how far each is.

A measure's dates lie within those of the plan's stage of measures. Progress is said, and confirms nothing: a measure is done when its
obligation is accepted, a criterion is remedied when its own is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from evaluation.improvement.measures import may_be_improved
from evaluation.improvement.naming import measure_prefix, measure_subject, named_by
from store.commands import moves
from store.commands.improvement.lines import ImprovementError
from store.commands.improvement.progress import LONGEST, say_progress
from store.commands.requested import Asked, raise_on_request, requested_dates
from store.perform import Decided, mark
from store.schema import MEASURE, OBLIGATION
from store.unit_work import text_digest

if TYPE_CHECKING:
    from datetime import date

    from evaluation.obligations import Obligation
    from store.session import Store, Transaction
    from store.years import StageRef, Year

LONGEST_NAME = 200
PLAN = "plan-measure"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A measure as it is planned."""

    text: str
    answers: str = ""  #: who answers for it, inside the unit
    due_on: date | None = None  #: last included local date; None: as the plan's stage of measures says
    criterion: str = ""  #: in the unit's own plan: which criterion it is about, if any


def plan_measure(store: Store, transaction: Transaction, obligation: int, *, planned: Planned) -> int:
    """
    Plan a measure within an obligation, and return the measure's own, which the same party owes.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        ImprovementError: the plan has no measures there, or that work is done; it says nothing; its date lies outside.
        RequestError: the date is over.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    ref = _stage_of_measures(year, year.stages[stage])
    _require_plannable(before)
    criterion = named_by(before.subject)[0] or planned.criterion.strip()
    _require_whole(planned, criterion)
    _require_within(year, ref, planned, today=year.rulebook.calendar.local_date(transaction.now))
    subject = measure_subject(criterion, _next_number(transaction, ref, party=before.party, criterion=criterion))
    asked = Asked(stage=ref.key, parties=(before.party,), subject=subject, due_on=planned.due_on)
    (own,) = raise_on_request(transaction, year, asked)
    text, answers = planned.text.strip(), planned.answers.strip()
    whose = {"authority_id": year.authority, "cycle_id": year.cycle, "plan_id": obligation, "obligation_id": own}
    words = {"text": text, "answers": answers, "at": transaction.now, "contact_id": transaction.actor.contact}
    measure = transaction.connection.execute(insert(MEASURE).returning(MEASURE.c.id), {**whose, **words}).scalar_one()
    facts = {"measure": measure, "obligation": own, "content": measure_digest(text, answers)}
    mark(transaction, year, Decided(before=before, stage=stage, actions=(), action=PLAN), facts=facts)
    return own


def _stage_of_measures(year: Year, ref: StageRef) -> StageRef:
    settings = ref.line.improvement
    if settings is None or not settings.measures:
        vi = f"công đoạn “{ref.line.title}” không có biện pháp; thêm `improvement: {{measures: KHÓA}}` vào kế hoạch nếu cần"
        en = f"the stage “{ref.key}” has no measures; give it `improvement: {{measures: KEY}}` in the plan if it should"
        raise ImprovementError(vi, en, field="stage")
    return year.stage(settings.measures)


def _require_plannable(before: Obligation) -> None:
    if not may_be_improved(before.state):
        vi = f"việc {before.id} đã nộp hoặc đã xong nên không thêm biện pháp; rút lại, hoặc đề nghị trả lại để bổ sung"
        en = f"obligation {before.id} is handed in or over: no measure is added; withdraw it, or ask for its return"
        raise ImprovementError(vi, en)


def _require_whole(planned: Planned, criterion: str) -> None:
    vi = en = field = ""
    if not planned.text.strip() or len(planned.text) > LONGEST:
        vi, en, field = f"cần nêu biện pháp, nhiều nhất {LONGEST} ký tự", f"say what is to be done, in at most {LONGEST} characters", "text"
    elif len(planned.answers) > LONGEST_NAME:
        vi, en, field = f"tên người phụ trách dài quá {LONGEST_NAME} ký tự", f"who answers: at most {LONGEST_NAME} characters", "answers"
    elif criterion and named_by(criterion)[0] != criterion:
        vi, en, field = (
            f"“{criterion}” không phải số của tiêu chí, như 2.1",
            f"“{criterion}” is no criterion's number, like 2.1",
            "criterion",
        )
    if vi:
        raise ImprovementError(vi, en, field=field)
    text_digest(planned.text + planned.answers)


def _require_within(year: Year, ref: StageRef, planned: Planned, *, today: date) -> None:
    last = requested_dates(year, ref.line, event_on=today).due_on
    if planned.due_on is None and last is None:
        vi, en = "cần nêu hạn của biện pháp", "say by when the measure is to be done"
        raise ImprovementError(vi, en, field="due_on")
    if planned.due_on is not None and last is not None and planned.due_on > last:
        vi = f"hạn {planned.due_on:%d/%m/%Y} sau hạn cuối của kế hoạch {last:%d/%m/%Y}"
        raise ImprovementError(vi, f"{planned.due_on} lies after the plan's last day {last}", field="due_on")


def _next_number(transaction: Transaction, ref: StageRef, *, party: int, criterion: str) -> int:
    prefix = measure_prefix(criterion)
    mine = (OBLIGATION.c.stage_id == ref.id) & (OBLIGATION.c.party_id == party) & OBLIGATION.c.subject.startswith(prefix, autoescape=True)
    subjects = transaction.connection.execute(select(OBLIGATION.c.subject).where(mine)).scalars()
    return 1 + max((named_by(subject)[1] for subject in subjects), default=0)


def report_progress(store: Store, transaction: Transaction, obligation: int, *, percent: int, remark: str = "") -> None:
    """
    Say how far a measure is, by its own obligation; with 100 it still has to be handed in.

    Raises:
        NoSuchObligationError, CycleNotRunningError: there is none; its cycle is over.
        ImprovementError: it is no measure, or handed in or done already; the share is none; the remark is too long.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    say_progress(transaction, year, stage, before, percent=percent, remark=remark)


def measure_digest(text: str, answers: str) -> str:
    """Return the SHA-256 by which the journal knows the words of a measure."""
    return text_digest(f"{text}\n{answers}")
