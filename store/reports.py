"""
Reports in the making and reports submitted: the rows behind a form.

What stands in a report is a draft that anybody of the unit may type into; the journal learns of it when it is submitted, by the digest of
form and answers, so that what was submitted can be shown and proved. A form is kept with its first report, word by word.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, exists, func, insert, select, update

from config.form_files import form_keys, form_text, parse_form
from evaluation.obligations import State
from evaluation.reports.checks import Beside, FormFault, errors_in, examine
from evaluation.reports.forms import FieldKind, RowsOf, Severity
from evaluation.reports.measures import measure_keys
from evaluation.reports.periods import is_report_period, report_period
from store.locks import insert_if_new
from store.measures import with_open_measures
from store.refusals import RefusalError
from store.schema import EVIDENCE, JOURNAL, OBLIGATION, OWN_FORM, PARTY, REPORT_ANSWER, REPORT_FORM, REPORT_SUBMISSION, STAGE
from store.scores import OF_SHEETS
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.plans import Plan, Stage
    from evaluation.reports.forms import Answer, Answers, ReportForm
    from evaluation.transitions import Setting
    from store.session import Store, Transaction

#: How many faults the message of a refusal names.
MOST_SAID = 12


class ReportFaultsError(RefusalError):
    """A report is not taken as long as it has faults; what was typed stays."""

    def __init__(self, faults: Collection[FormFault]) -> None:
        """Keep every fault; the message names the first of them."""
        self.faults = tuple(faults)
        rest = len(self.faults) - MOST_SAID
        vi = "\n".join(fault.vi for fault in self.faults[:MOST_SAID]) + (f"\n… và {rest} lỗi nữa" if rest > 0 else "")
        en = "\n".join(fault.en for fault in self.faults[:MOST_SAID]) + (f"\n… and {rest} more" if rest > 0 else "")
        super().__init__(
            f"báo cáo còn {len(self.faults)} lỗi, hãy sửa rồi gửi lại; nội dung đã nhập vẫn được giữ:\n{vi}",
            f"the report has {len(self.faults)} faults; mend them and send it again, what was typed is kept:\n{en}",
            field=self.faults[0].field,
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What stands in a report."""

    obligation: int
    form: ReportForm
    form_digest: str
    answers: Answers
    carried: tuple[str, ...]
    version: int
    saved_by: int | None
    saved_at: datetime | None


def form_asked(connection: Connection, authority: int, key: str) -> str:
    """Return the text of the form that reports of an authority are begun with: its own of that key, last taken in; else the shipped one."""
    own = select(REPORT_FORM.c.yaml).join(OWN_FORM, OWN_FORM.c.form_id == REPORT_FORM.c.id)
    own = own.where(OWN_FORM.c.authority_id == authority, OWN_FORM.c.key == key).order_by(OWN_FORM.c.number.desc()).limit(1)
    return str(connection.execute(own).scalar() or form_text(key))


def known_forms(connection: Connection, authority: int) -> frozenset[str]:
    """Return the keys of the forms that an authority's plans may name: the shipped ones, and those that it has taken in."""
    own = connection.execute(select(OWN_FORM.c.key).where(OWN_FORM.c.authority_id == authority).distinct()).scalars()
    return frozenset((*form_keys(), *own))


def forms_missing(connection: Connection, authority: int, plan: Plan) -> list[str]:
    """Return the keys of forms that a plan names and its authority does not have, sorted."""
    named = {line.report.form for line in plan.stages if line.report is not None and line.report.form}
    return sorted(named - known_forms(connection, authority)) if named else []


def form_of(transaction: Transaction, authority: int, key: str) -> int:
    """Return the id of the form that reports of an authority are begun with now, kept if it was not yet."""
    return keep_form(transaction, key, form_asked(transaction.connection, authority, key))[0]


def keep_form(transaction: Transaction, key: str, text: str) -> tuple[int, str]:
    """Return id and digest of a form's text, kept now if it was not yet."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    insert_if_new(transaction.connection, REPORT_FORM, {"key": key, "sha256": digest, "yaml": text, "entered_at": transaction.now})
    return int(transaction.connection.execute(select(REPORT_FORM.c.id).where(REPORT_FORM.c.sha256 == digest)).scalar_one()), digest


def draft_of(connection: Connection, obligation: int, *, line: Stage) -> Draft | None:
    """Return what stands in the report of an obligation, empty where nobody has typed but for its open measures; None: it has no form."""
    if line.report is None or not line.report.form:
        return None
    query = select(REPORT_ANSWER, REPORT_FORM.c.yaml, REPORT_FORM.c.sha256).join(REPORT_FORM, REPORT_FORM.c.id == REPORT_ANSWER.c.form_id)
    row = connection.execute(query.where(REPORT_ANSWER.c.obligation_id == obligation)).one_or_none()
    if row is None:
        whose = connection.execute(select(OBLIGATION.c.authority_id).where(OBLIGATION.c.id == obligation)).scalar_one()
        text = form_asked(connection, whose, line.report.form)
        form = parse_form(text)
        answers = with_open_measures(connection, obligation, form=form, answers={})
        empty: dict[str, Any] = {"answers": answers, "carried": (), "version": 0, "saved_by": None, "saved_at": None}
        return Draft(obligation=obligation, form=form, form_digest=hashlib.sha256(text.encode()).hexdigest(), **empty)
    form = parse_form(row.yaml)
    return Draft(
        obligation=obligation,
        form=form,
        form_digest=row.sha256,
        answers=with_open_measures(connection, obligation, form=form, answers=orjson.loads(row.answers)),
        carried=tuple(orjson.loads(row.carried)),
        version=row.version,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )


def line_of(store: Store, connection: Connection, obligation: int, *, now: datetime) -> Stage:
    """Return the line of the plan that an obligation belongs to; NoResultFound if there is no such obligation."""
    place = connection.execute(select(OBLIGATION.c.cycle_id, OBLIGATION.c.stage_id).where(OBLIGATION.c.id == obligation)).one()
    return load_year(store, connection, place.cycle_id, now=now).stages[place.stage_id].line


def faults_of(connection: Connection, draft: Draft, *, line: Stage) -> tuple[FormFault, ...]:
    """Return everything that is wrong in a report now, errors and warnings."""
    row = connection.execute(
        select(OBLIGATION.c.subject, OBLIGATION.c.party_id, OBLIGATION.c.authority_id).where(OBLIGATION.c.id == draft.obligation)
    ).one()
    key = row.subject.split("/", 1)[0]
    cut_off = line.report.cut_off if line.report is not None else 14
    period = report_period(key, cut_off=cut_off) if is_report_period(key) else None
    earlier = {} if period is None else accepted_reports(connection, [row.party_id], stage=line.key, periods=period.holds)
    beside = Beside(
        period=period,
        earlier={one: answers for (_, one), answers in earlier.items()},
        files=_files(connection, draft),
        units=_units(connection, draft, authority=row.authority_id),
        measures=line.report.measures if line.report is not None else Severity.WARNING,
    )
    return examine(draft.form, draft.answers, beside=beside)


def _files(connection: Connection, draft: Draft) -> frozenset[str]:
    if not any(field.kind is FieldKind.FILE for field in draft.form.fields):
        return frozenset()
    there = select(EVIDENCE.c.item).where(EVIDENCE.c.obligation_id == draft.obligation, EVIDENCE.c.withdrawn_at.is_(None))
    return frozenset(connection.execute(there).scalars())


def _units(connection: Connection, draft: Draft, *, authority: int) -> frozenset[str] | None:
    if not any(field.rows is RowsOf.UNITS for field in draft.form.fields):
        return None
    return frozenset(connection.execute(select(PARTY.c.key).where(PARTY.c.authority_id == authority)).scalars())


def accepted_reports(
    connection: Connection, parties: Collection[int], *, stage: str, periods: Collection[str] | None = None, before: str = ""
) -> dict[tuple[int, str], Answers]:
    """
    Return the answers of accepted reports by party and period: of the periods named, or of all (before one).

    The stage is named by its key, so that the year before counts too.
    """
    last = (
        select(REPORT_SUBMISSION.c.obligation_id, func.max(REPORT_SUBMISSION.c.move).label("move"))
        .group_by(REPORT_SUBMISSION.c.obligation_id)
        .subquery()
    )
    query = (
        select(OBLIGATION.c.party_id, OBLIGATION.c.subject, REPORT_SUBMISSION.c.answers)
        .join(last, last.c.obligation_id == OBLIGATION.c.id)
        .join(REPORT_SUBMISSION, (REPORT_SUBMISSION.c.obligation_id == last.c.obligation_id) & (REPORT_SUBMISSION.c.move == last.c.move))
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.party_id.in_(parties), STAGE.c.key == stage, OBLIGATION.c.state == State.ACCEPTED.value)
    )
    if periods is not None:
        query = query.where(OBLIGATION.c.subject.in_(periods))
    if before:
        query = query.where(OBLIGATION.c.subject < before)
    return {(row.party_id, row.subject): orjson.loads(row.answers) for row in connection.execute(query)}


def has_accepted(connection: Connection, *, stage: str) -> bool:
    """Return whether any report of the stages of that key was ever accepted."""
    sent = select(REPORT_SUBMISSION.c.move).join(OBLIGATION, OBLIGATION.c.id == REPORT_SUBMISSION.c.obligation_id)
    kept = sent.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(STAGE.c.key == stage, OBLIGATION.c.state == State.ACCEPTED.value)
    return connection.execute(kept.limit(1)).first() is not None


def has_earlier(stage: str) -> ColumnElement[bool]:
    """Return the condition that the party of an obligation has an accepted report of a period before, of the stage of that key."""
    before = OBLIGATION.alias("before")
    same = and_(before.c.party_id == OBLIGATION.c.party_id, before.c.state == State.ACCEPTED.value, before.c.subject < OBLIGATION.c.subject)
    kept = exists().where(REPORT_SUBMISSION.c.obligation_id == before.c.id)
    return exists(select(before.c.id).join(STAGE, STAGE.c.id == before.c.stage_id).where(STAGE.c.key == stage, same, kept))


def answers_digest(form_digest: str, answers: Answers) -> str:
    """Return the SHA-256 by which the journal knows the answers to a form."""
    return hashlib.sha256(orjson.dumps({"answers": answers, "form": form_digest}, option=orjson.OPT_SORT_KEYS)).hexdigest()


def report_digest(transaction: Transaction, obligation: Obligation, *, line: Stage, paper: bool = False) -> str:
    """
    Return the digest of a report that is ready to be submitted; empty where its stage has no form.

    A paper answer needs no form: one that nobody has typed into is left out. Rows of measures are kept as they stand in the digest.

    Raises:
        ReportFaultsError: it has errors.

    """
    draft = draft_of(transaction.connection, obligation.id, line=line)
    if draft is None or (paper and draft.version == 0):
        return ""
    errors = errors_in(faults_of(transaction.connection, draft, line=line))
    if errors:
        raise ReportFaultsError(errors)
    if measure_keys(draft.form):
        kept = update(REPORT_ANSWER).where(REPORT_ANSWER.c.obligation_id == obligation.id)
        transaction.connection.execute(kept.values(answers=answers_json(draft.answers)))
    return answers_digest(draft.form_digest, draft.answers)


def with_fields(
    transaction: Transaction, decide: Callable[..., tuple[Action, ...]], before: Obligation, *, setting: Setting
) -> tuple[Action, ...]:
    """Return what a decision comes to that may name the fields of an obligation's form."""
    draft = draft_of(transaction.connection, before.id, line=setting.stage)
    return decide(before, setting=setting if draft is None else replace(setting, fields=tuple(one.key for one in draft.form.fields)))


def freeze_report(transaction: Transaction, after: Obligation) -> None:
    """Keep what a report says as its submission left it; nothing where there is none, or where a paper took its place."""
    row = transaction.connection.execute(select(REPORT_ANSWER).where(REPORT_ANSWER.c.obligation_id == after.id)).one_or_none()
    said = next((entry for entry in reversed(transaction.entries) if entry.obligation == after.id), None)
    digests = [action.get("report", "") for action in said.payload.get("actions", ())] if said is not None else []
    if row is not None and any(digests):
        frozen = {"obligation_id": after.id, "move": after.moves, "form_id": row.form_id, "answers": row.answers}
        transaction.connection.execute(insert(REPORT_SUBMISSION).values(frozen))


def report_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield a sentence for each submitted report whose answers are not those whose digest the journal has, and for each that is missing."""
    moved = (JOURNAL.c.obligation_id == REPORT_SUBMISSION.c.obligation_id) & (JOURNAL.c.move == REPORT_SUBMISSION.c.move)
    rows = connection.execute(
        select(REPORT_SUBMISSION, REPORT_FORM.c.sha256, JOURNAL.c.payload)
        .join(REPORT_FORM, REPORT_FORM.c.id == REPORT_SUBMISSION.c.form_id)
        .join(OBLIGATION, OBLIGATION.c.id == REPORT_SUBMISSION.c.obligation_id)
        .outerjoin(JOURNAL, moved)
        .where(OBLIGATION.c.cycle_id == cycle)
        .order_by(REPORT_SUBMISSION.c.obligation_id, REPORT_SUBMISSION.c.move)
    )
    kept = set()
    for row in rows:
        kept.add((row.obligation_id, row.move))
        if answers_digest(row.sha256, orjson.loads(row.answers)) != _digest_in(row.payload):
            yield f"the report submitted by move {row.move} of obligation {row.obligation_id} has other answers than its journal"
    submitted = select(JOURNAL.c.obligation_id, JOURNAL.c.move, JOURNAL.c.payload).join(STAGE, STAGE.c.id == JOURNAL.c.stage_id)
    submitted = submitted.where(
        JOURNAL.c.cycle_id == cycle,
        JOURNAL.c.action == "submit",
        JOURNAL.c.payload.contains('"report":"'),
        STAGE.c.kind.not_in([kind.value for kind in OF_SHEETS]),  # theirs is the digest of a sheet
    )
    for row in connection.execute(submitted):
        if _digest_in(row.payload) and (row.obligation_id, row.move) not in kept:
            yield f"the report submitted by move {row.move} of obligation {row.obligation_id} is in the journal and nowhere else"


def _digest_in(payload: str | None) -> str:
    actions: list[Mapping[str, Any]] = orjson.loads(payload).get("actions", []) if payload else []
    return next((str(action["report"]) for action in actions if action.get("report")), "")


def answers_json(answers: Mapping[str, Answer]) -> str:
    """Return answers as they are kept."""
    return orjson.dumps(answers, option=orjson.OPT_SORT_KEYS).decode()
