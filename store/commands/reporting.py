"""
Filling in a report: answers saved as they are typed, prepared with what carries over from the report before.

A save names the version that its typist saw: whoever is overtaken is told, and nothing of theirs is written over the other's.
"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import bindparam, exists, insert, literal, select, update

from config.form_files import parse_form
from evaluation.obligations import IN_HAND
from evaluation.reports.forms import carried_over
from evaluation.reports.measures import measure_keys, retyped, strange_measures
from evaluation.reports.typing_in import UnfitAnswerError, fitting
from evaluation.statuses import STATUS_OF_STATE
from evaluation.submissions import takes_evidence
from store.commands.moves import read_held
from store.journal import Entry
from store.refusals import RefusalError
from store.reports import accepted_reports, answers_json, draft_of, form_asked, form_of, has_accepted, has_earlier
from store.schema import OBLIGATION, REPORT_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evaluation.obligations import Obligation
    from evaluation.plans import Stage
    from evaluation.reports.forms import Answer, Answers, ReportForm
    from store.reports import Draft
    from store.session import Store, Transaction
    from store.years import Year


class ReportError(RefusalError):
    """A report cannot be filled in so: why, and what to do."""


def no_form() -> ReportError:
    """Return why nothing can be filled in where the stage asks for no form."""
    return ReportError("công đoạn này không có biểu mẫu; hãy gửi văn bản và tệp", "this stage has no form; send a text and files")


class StaleReportError(RefusalError):
    """Somebody else has saved the report meanwhile; nothing was written."""

    def __init__(self, version: int) -> None:
        """Keep the version that stands now."""
        self.version = version
        vi = f"báo cáo vừa được người khác lưu (bản {version}); hãy tải lại trang rồi nhập tiếp, nội dung của họ không bị ghi đè"
        en = f"somebody else has just saved the report (version {version}); load it again and go on, theirs is not written over"
        super().__init__(vi, en, field="version")


def save_answers(store: Store, transaction: Transaction, obligation: int, given: Mapping[str, object], *, seen: int) -> int:
    """
    Save what was typed into some fields, an empty one cleared, the others as they are; return the version that it makes.

    Errors in it are no hindrance. The journal learns when a report passes into other hands, not of every key.

    Raises:
        NoSuchObligationError: there is none.
        ReportError: it has no form, is not in hand, or an answer does not fit its field.
        StaleReportError: somebody has saved it since version `seen`.

    """
    year, stage, before = read_held(store, transaction, obligation)
    line = year.stages[stage].line
    draft = _draft(transaction, before, line)
    if draft.version != seen:
        raise StaleReportError(draft.version)
    typed = _fitting(draft.form, given)
    answers = {**{key: answer for key, answer in draft.answers.items() if key not in given}, **typed, **_of_measures(draft, given, typed)}
    if answers == draft.answers and draft.version:
        return draft.version
    kept = {
        "answers": answers_json(answers),
        "carried": orjson.dumps([key for key in draft.carried if answers.get(key) == draft.answers.get(key)]).decode(),
        "version": seen + 1,
        "saved_by": transaction.actor.contact,
        "saved_at": transaction.now,
    }
    _keep(transaction, draft, kept, authority=year.authority)
    if draft.version == 0 or draft.saved_by != transaction.actor.contact:
        transaction.entries.append(_entry(year, stage, obligation, version=seen + 1, capacity=transaction.actor.capacity))
    return seen + 1


def _draft(transaction: Transaction, before: Obligation, line: Stage) -> Draft:
    draft = draft_of(transaction.connection, before.id, line=line)
    if draft is None:
        raise no_form()
    if not takes_evidence(before.state, line=line):
        state = STATUS_OF_STATE[before.state]
        vi = f"báo cáo đang ở trạng thái “{state.vi}”; nội dung chỉ sửa được khi việc còn trong tay đơn vị"
        en = f"the report is {before.state} ({state.en}); it changes only while the work is in the party's hands"
        raise ReportError(vi, en)
    return draft


def _fitting(form: ReportForm, given: Mapping[str, object]) -> dict[str, Answer]:
    try:
        return fitting(form, given)
    except UnfitAnswerError as error:
        raise ReportError(error.vi, error.en, field=error.field) from None


def _keep(transaction: Transaction, draft: Draft, kept: dict[str, object], *, authority: int) -> None:
    where = (REPORT_ANSWER.c.obligation_id == draft.obligation) & (REPORT_ANSWER.c.version == draft.version)
    if not transaction.connection.execute(update(REPORT_ANSWER).where(where).values(kept)).rowcount:
        row = {"obligation_id": draft.obligation, "form_id": form_of(transaction, authority, draft.form.key), **kept}
        transaction.connection.execute(insert(REPORT_ANSWER).values(row))


def _of_measures(draft: Draft, given: Mapping[str, object], typed: Answers) -> dict[str, Answer]:
    """Return the tables of measures that were typed into, a row for each open measure; ReportError of one that is not open."""
    found: dict[str, Answer] = {}
    for key in (key for key in measure_keys(draft.form) if key in given):
        rows, said = draft.answers.get(key, ()), typed.get(key, ())
        strange = ", ".join(strange_measures(rows, said))
        if strange:
            vi = f"giải pháp {strange} không phải của đơn vị, đã nộp hoặc đã xong; hãy tải lại trang"
            raise ReportError(vi, f"measure {strange} is not the unit's, or handed in or over; load it again", field=key)
        if rows:
            found[key] = retyped(rows, said)
    return found


def _entry(year: Year, stage: int, obligation: int, *, version: int, capacity: dict[str, int]) -> Entry:
    payload = {"version": version, **capacity}
    return Entry(authority=year.authority, action="fill-report", cycle=year.cycle, stage=stage, obligation=obligation, payload=payload)


def prepare_reports(transaction: Transaction, *, stage: int, line: Stage, now: datetime, at_most: int) -> int:
    """
    Begin the reports of a stage's open obligations that have none, at most so many; return how many were begun.

    First those with something to carry over from the unit's last accepted report, each with what carries over; then, empty and in one
    statement, the others.
    """
    if line.report is None or not line.report.form:
        return 0
    whose = transaction.connection.execute(select(OBLIGATION.c.authority_id).where(OBLIGATION.c.stage_id == stage).limit(1)).scalar()
    if whose is None:
        return 0
    form_id = form_of(transaction, whose, line.report.form)
    form = parse_form(form_asked(transaction.connection, whose, line.report.form))
    begun = _with_last(transaction, form, stage=stage, line=line, at_most=at_most)
    if begun:
        rows = [_begun(obligation, last=last, form_id=form_id, now=now) for obligation, last in begun]
        transaction.connection.execute(insert(REPORT_ANSWER), rows)
        return len(rows)
    told = {"b_stage": stage, "b_form": form_id, "b_now": now, "b_most": at_most}
    return transaction.connection.execute(_BEGIN_EMPTY, told).rowcount


_NOT_BEGUN = (
    select(OBLIGATION.c.id)
    .where(
        OBLIGATION.c.stage_id == bindparam("b_stage"),
        OBLIGATION.c.state.in_([state.value for state in IN_HAND]),
        ~exists().where(REPORT_ANSWER.c.obligation_id == OBLIGATION.c.id),
    )
    .order_by(OBLIGATION.c.id)
    .limit(bindparam("b_most"))
    .with_for_update(key_share=True)
)
_EMPTY = {
    "form_id": bindparam("b_form", type_=REPORT_ANSWER.c.form_id.type),
    "answers": literal("{}"),
    "carried": literal("[]"),
    "version": literal(0),
    "saved_at": bindparam("b_now", type_=REPORT_ANSWER.c.saved_at.type),
}
_BEGIN_EMPTY = insert(REPORT_ANSWER).from_select(["obligation_id", *_EMPTY], _NOT_BEGUN.add_columns(*_EMPTY.values()))


def _with_last(transaction: Transaction, form: ReportForm, *, stage: int, line: Stage, at_most: int) -> list[tuple[int, dict[str, Answer]]]:
    """Return the obligations not begun whose unit has an earlier accepted report, with what carries over from the last one."""
    if not any(field.carry for field in form.fields) or not has_accepted(transaction.connection, stage=line.key):
        return []
    told = {"b_stage": stage, "b_most": at_most}
    query = _NOT_BEGUN.add_columns(OBLIGATION.c.party_id, OBLIGATION.c.subject).where(has_earlier(line.key))
    rows = transaction.connection.execute(query, told).all()
    if not rows:
        return []
    latest = max(row.subject for row in rows)
    reports = accepted_reports(transaction.connection, {row.party_id for row in rows}, stage=line.key, before=latest)
    found: dict[int, list[tuple[str, Answers]]] = defaultdict(list)
    for (party, period), answers in reports.items():
        found[party].append((period, answers))
    return [(row.id, _carried(form, found[row.party_id], before=row.subject)) for row in rows]


def _carried(form: ReportForm, earlier: Sequence[tuple[str, Answers]], *, before: str) -> dict[str, Answer]:
    last = max((one for one in earlier if one[0] < before), key=itemgetter(0), default=None)
    return {} if last is None else carried_over(form, last[1])


def _begun(obligation: int, *, last: Mapping[str, Answer], form_id: int, now: datetime) -> dict[str, object]:
    return {
        "obligation_id": obligation,
        "form_id": form_id,
        "answers": answers_json(last),
        "carried": orjson.dumps(sorted(last)).decode(),
        "version": 0,
        "saved_by": None,
        "saved_at": now,
    }
