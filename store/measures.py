"""Measures as a report of their unit speaks of them: those that are open while it is in hand, and what it says of each once it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import func, select

from config.form_files import parse_form
from evaluation.improvement.naming import named_by
from evaluation.obligations import FINAL, State
from evaluation.reports.measures import OpenMeasure, measure_keys, told, with_measures
from store.commands.improvement.lines import heirs_of
from store.lives import read_by_id
from store.schema import MEASURE, MEASURE_PROGRESS, OBLIGATION, REPORT_ANSWER, REPORT_FORM, REPORT_SUBMISSION
from store.years import hold_year

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from evaluation.reports.forms import Answers, ReportForm
    from evaluation.reports.measures import Told
    from store.session import Store, Transaction

#: What was handed in stands, and what is over is over: of a measure nothing is told then, and a report shows what was sent.
_CLOSED = sorted(state.value for state in (*FINAL, State.SUBMITTED))


def with_open_measures(connection: Connection, obligation: int, *, form: ReportForm, answers: Answers) -> Answers:
    """Return the answers of a report with a row for each open measure of its party, until it is sent; then as it was sent."""
    if not measure_keys(form):
        return answers
    query = select(OBLIGATION.c.party_id, OBLIGATION.c.cycle_id, OBLIGATION.c.state).where(OBLIGATION.c.id == obligation)
    row = connection.execute(query).one()
    return answers if row.state in _CLOSED else with_measures(form, answers, open_measures(connection, row.cycle_id, party=row.party_id))


def open_measures(connection: Connection, cycle: int, *, party: int) -> list[OpenMeasure]:
    """Return the measures of a party of which progress may be told, in the order in which they were planned; those taken over too."""
    planned = OBLIGATION.alias("planned")  # as a measure's obligation was raised; of units that were merged several become one
    query = (
        select(OBLIGATION.c.id, planned.c.id.label("planned"), MEASURE.c.id.label("measure"), MEASURE.c.text)
        .join(planned, (planned.c.stage_id == OBLIGATION.c.stage_id) & (planned.c.subject == OBLIGATION.c.subject))
        .join(MEASURE, MEASURE.c.obligation_id == planned.c.id)
        .where(OBLIGATION.c.party_id == party, MEASURE.c.cycle_id == cycle, OBLIGATION.c.state.not_in(_CLOSED))
    )
    rows = connection.execute(query.order_by(OBLIGATION.c.id, MEASURE.c.id)).all()
    if not rows:
        return []
    heirs = heirs_of(connection, {row.planned for row in rows})
    own = {row.measure: row for row in rows if heirs[row.planned] == row.id}
    texts: dict[int, list[str]] = {}
    for row in own.values():
        texts.setdefault(row.id, []).append(row.text)
    said = _said(connection, {measure: row.id for measure, row in own.items()})
    return [_open(one, text="; ".join(texts[one.id]), percent=said.get(one.id, 0)) for one in read_by_id(connection, list(texts))]


def _said(connection: Connection, own: dict[int, int]) -> dict[int, int]:
    """Return the last progress of measures by their obligation, in per cent; of several the least."""
    newest = func.max(MEASURE_PROGRESS.c.number).over(partition_by=MEASURE_PROGRESS.c.measure_id).label("newest")
    query = select(MEASURE_PROGRESS.c.measure_id, MEASURE_PROGRESS.c.percent, MEASURE_PROGRESS.c.number, newest)
    found: dict[int, int] = {}
    for row in connection.execute(query.where(MEASURE_PROGRESS.c.measure_id.in_(own))):
        if row.number == row.newest:
            found[own[row.measure_id]] = min(found.get(own[row.measure_id], row.percent), row.percent)
    return found


def _open(one: Obligation, *, text: str, percent: int) -> OpenMeasure:
    criterion, due_on = named_by(one.subject)[0], one.party_term.due_on
    return OpenMeasure(obligation=one.id, criterion=criterion, text=text, due_on=due_on, percent=percent, state=one.state)


def hold_measures(store: Store, transaction: Transaction, obligation: int) -> None:
    """Keep others from moving a report and the measures that something is typed of, locked in the order of their ids, until it ends."""
    query = select(REPORT_ANSWER.c.answers, REPORT_FORM.c.yaml, OBLIGATION.c.cycle_id)
    query = query.join(REPORT_FORM, REPORT_FORM.c.id == REPORT_ANSWER.c.form_id).join(OBLIGATION, OBLIGATION.c.id == obligation)
    row = transaction.connection.execute(query.where(REPORT_ANSWER.c.obligation_id == obligation)).one_or_none()
    typed = told(parse_form(row.yaml), orjson.loads(row.answers), before={}) if row is not None else []
    if row is not None and typed:
        hold_year(store, transaction, row.cycle_id)
        read_by_id(transaction.connection, sorted({obligation, *(one.obligation for one in typed)}), lock=True)


def told_by_report(connection: Connection, after: Obligation) -> Collection[Told]:
    """Return what the last submission of a report says of measures that none before it said; nothing where it has none."""
    query = select(REPORT_SUBMISSION.c.move, REPORT_SUBMISSION.c.answers, REPORT_FORM.c.yaml)
    query = query.join(REPORT_FORM, REPORT_FORM.c.id == REPORT_SUBMISSION.c.form_id).where(REPORT_SUBMISSION.c.obligation_id == after.id)
    sent = connection.execute(query.order_by(REPORT_SUBMISSION.c.move.desc()).limit(2)).all()
    if not sent or sent[0].move != after.moves:
        return ()
    before = orjson.loads(sent[1].answers) if len(sent) > 1 else {}
    return told(parse_form(sent[0].yaml), orjson.loads(sent[0].answers), before=before)
