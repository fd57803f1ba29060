"""Measures in a report: a party's open measures as rows of a form, what is typed of each, and what a report says once it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from evaluation.obligations import State
from evaluation.reports.forms import MEASURE, PERCENT, REMARK, FieldKind
from evaluation.reports.numbers import as_number
from evaluation.statuses import STATUS_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from evaluation.reports.forms import Answer, Answers, ReportForm, Row

TYPED = (PERCENT, REMARK)  #: the columns of a measure that are typed; the others are shown


@dataclass(frozen=True, kw_only=True)
class OpenMeasure:
    """A measure of which progress may be told."""

    obligation: int  #: its own
    criterion: str  #: number; empty: of the unit's own plan
    text: str
    due_on: date | None  #: last included local date
    percent: int  #: as it was said last
    state: State


@dataclass(frozen=True, kw_only=True)
class Told:
    """Progress of a measure as a report says it."""

    obligation: int  #: of the measure
    percent: int
    remark: str


def measure_keys(form: ReportForm) -> tuple[str, ...]:
    """Return the fields of a form that are tables of measures."""
    return tuple(field.key for field in form.fields if field.kind is FieldKind.MEASURES)


def with_measures(form: ReportForm, answers: Answers, measures: Iterable[OpenMeasure]) -> dict[str, Answer]:
    """Return answers whose tables of measures have a row for each open one, with what was typed of it; the others as they are."""
    keys, rows = measure_keys(form), [_row(one) for one in measures]
    rest = {key: answer for key, answer in answers.items() if key not in keys}
    return rest | {key: retyped(rows, answers.get(key, ())) for key in keys if rows}


def retyped(rows: Answer, typed: Answer) -> list[Row]:
    """Return rows of measures with what is typed of each now, and nothing that was typed before."""
    given = {row.get(MEASURE, ""): row for row in _rows(typed)}
    return [_bare(row) | _typed(given.get(row[MEASURE], {})) for row in _rows(rows)]


def strange_measures(rows: Answer, typed: Answer) -> list[str]:
    """Return the measures that something is typed of and that no row is about, in order."""
    known = {row[MEASURE] for row in _rows(rows)}
    return [row[MEASURE] for row in _rows(typed) if row[MEASURE] not in known]


def told(form: ReportForm, sent: Answers, *, before: Answers) -> list[Told]:
    """Return what a sent report says of measures, by the measure's obligation, beyond what its submission before said in the same words."""
    said = {_words(row) for key in measure_keys(form) for row in _rows(before.get(key, ()))}
    found: dict[int, Told] = {}
    for row in (row for key in measure_keys(form) for row in _rows(sent.get(key, ()))):
        percent = as_number(row.get(PERCENT, ""))
        if percent is not None and _words(row) not in said:
            obligation = int(row[MEASURE])
            found[obligation] = Told(obligation=obligation, percent=int(percent), remark=row.get(REMARK, ""))
    return [found[obligation] for obligation in sorted(found)]


def measure_cell(row: Row, column: str, language: str) -> str:
    """Return what a column of a measure says to people, in `vi` or `en`."""
    text = row.get(column, "")
    if column == "due_on" and text:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    if column == "state" and text:
        status = STATUS_OF_STATE[State(text)]
        return status.vi if language == "vi" else status.en
    return text


def _row(one: OpenMeasure) -> Row:
    due = one.due_on.isoformat() if one.due_on else ""
    facts = {"criterion": one.criterion, "text": one.text, "due_on": due, "said": str(one.percent), "state": one.state.value}
    return {MEASURE: str(one.obligation), **facts}


def _rows(answer: Answer) -> Collection[Row]:
    return () if isinstance(answer, str) else answer


def _bare(row: Row) -> dict[str, str]:
    return {key: text for key, text in row.items() if key not in TYPED}


def _typed(row: Row) -> dict[str, str]:
    return {key: row[key] for key in TYPED if row.get(key)}


def _words(row: Row) -> tuple[str, str, str]:
    return row[MEASURE], row.get(PERCENT, ""), row.get(REMARK, "")
