"""Checks: what is wrong with the answers of a report, each fault a sentence, none of them in the way of keeping what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.improvement.measures import DONE
from evaluation.reports.forms import PERCENT, REMARK, UNIT, Answers, CheckKind, Column, Field, FieldKind, RowsOf, Severity
from evaluation.reports.numbers import as_number, decimals_of, number_text
from evaluation.reports.periods import Nature, ReportPeriod

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from evaluation.reports.forms import Answer, Check, ReportForm


_UNTOLD = ("chưa báo cáo tiến độ (%)", "its progress (%) is not told")


@dataclass(frozen=True, kw_only=True)
class FormFault:
    """One thing that is wrong in a report."""

    field: str  #: key of the field; of a check between fields, the one it is shown at
    severity: Severity
    vi: str
    en: str
    check: str = ""  #: key of the check; empty: it is about the one field
    row: int = 0  #: of a table, from 1
    column: str = ""

    def text(self, language: str) -> str:
        """Return the sentence, in `vi` or `en`."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the answers are looked at beside."""

    period: ReportPeriod | None = None
    earlier: Mapping[str, Answers] = field(default_factory=dict)  #: accepted reports of the same unit, by period
    files: Collection[str] = ()  #: items that have evidence; the empty text for the whole
    units: Collection[str] | None = None  #: keys that a row of a unit may have; None: not asked
    measures: Severity = Severity.WARNING  #: how bad it is that a measure has no progress


def examine(form: ReportForm, answers: Answers, *, beside: Beside) -> tuple[FormFault, ...]:
    """Return what is wrong, field by field in the form's order, then the checks between fields in theirs."""
    alone = [fault for one in form.fields for fault in _of_field(one, answers, beside=beside)]
    between = [fault for check in form.checks if (fault := _of_check(form, check, answers, beside=beside)) is not None]
    return (*alone, *between)


def errors_in(faults: Collection[FormFault]) -> tuple[FormFault, ...]:
    """Return the faults for which a report is not taken."""
    return tuple(fault for fault in faults if fault.severity is Severity.ERROR)


def value_of(answers: Answers, term: str) -> Decimal | None:
    """Return the number of a field, or the sum of a table's column (`table.column`); None where nothing readable stands."""
    key, _, column = term.partition(".")
    answer = answers.get(key)
    if not column:
        return as_number(answer) if isinstance(answer, str) else None
    if answer is None or isinstance(answer, str):
        return None
    cells = [number for row in answer if (number := as_number(row.get(column, ""))) is not None]
    return sum(cells, Decimal()) if cells else None


# One field


def _of_field(one: Field, answers: Answers, *, beside: Beside) -> Iterator[FormFault]:
    if one.kind is FieldKind.FILE:
        if one.required and one.item not in beside.files:
            yield _fault(one, "chưa có tệp", "there is no file")
        return
    answer = answers.get(one.key)
    if not answer:
        if one.required and one.kind is not FieldKind.MEASURES:  # who has none has nothing to tell
            yield _fault(one, "chưa điền", "is not filled in")
    elif one.kind is FieldKind.MEASURES:
        yield from _of_measures(one, answer, severity=beside.measures)
    elif isinstance(answer, str):
        yield from _of_text(one, answer)
    else:
        yield from _of_table(one, answer, beside=beside)


def _of_text(one: Field, answer: str) -> Iterator[FormFault]:
    if one.kind is FieldKind.CHOICE and answer not in {vi for vi, _ in one.choices}:
        listed = ", ".join(vi for vi, _ in one.choices)
        yield _fault(one, f"“{answer}” không thuộc các lựa chọn: {listed}", f"“{answer}” is not one of: {listed}")
    if one.kind is FieldKind.NUMBER:
        wrong = _wrong_number(answer, decimals=one.decimals, low=one.minimum, high=one.maximum)
        if wrong is not None:
            yield _fault(one, *wrong)


def _wrong_number(text: str, *, decimals: int, low: Decimal | None = None, high: Decimal | None = None) -> tuple[str, str] | None:
    number = as_number(text)
    if number is None:
        return f"“{text}” không phải số (viết 1.234 hoặc 83,54)", f"“{text}” is no number (write 1.234 or 83,54)"
    if decimals_of(number) > decimals:
        if not decimals:
            return f"“{text}” phải là số nguyên", f"“{text}” must be a whole number"
        return f"“{text}” có quá {decimals} chữ số thập phân", f"“{text}” has more than {decimals} decimals"
    if low is not None and number < low:
        return f"{text} nhỏ hơn {number_text(low)}", f"{text} is less than {number_text(low)}"
    if high is not None and number > high:
        return f"{text} lớn hơn {number_text(high)}", f"{text} is more than {number_text(high)}"
    return None


def _of_table(one: Field, rows: Answer, *, beside: Beside) -> Iterator[FormFault]:
    assert not isinstance(rows, str)  # noqa: S101  a table's answer
    for number, row in enumerate(rows, start=1):
        unit = row.get(UNIT, "")
        if one.rows is RowsOf.UNITS and beside.units is not None and unit not in beside.units:
            yield _fault(one, f"hàng {number}: không có đơn vị “{unit}”", f"row {number}: there is no unit “{unit}”", row=number)
        for column in one.columns:
            wrong = _wrong_cell(column, row.get(column.key, ""))
            if wrong is not None:
                vi, en = f"hàng {number}, cột “{column.title}”: {wrong[0]}", f"row {number}, “{column.title_en}”: {wrong[1]}"
                yield _fault(one, vi, en, row=number, column=column.key)


def _of_measures(one: Field, rows: Answer, *, severity: Severity) -> Iterator[FormFault]:
    assert not isinstance(rows, str)  # noqa: S101  a table's answer
    for number, row in enumerate(rows, start=1):
        name, typed = f"{row.get('criterion', '')} {row.get('text', '')}".strip(), row.get(PERCENT, "")
        wrong = _wrong_number(typed, decimals=0, low=Decimal(), high=Decimal(DONE)) if typed else _UNTOLD
        if wrong is not None:
            fault = _fault(one, f"“{name}”: {wrong[0]}", f"“{name}”: {wrong[1]}", row=number, column=PERCENT)
            yield fault if typed or row.get(REMARK) else replace(fault, severity=severity)


def _wrong_cell(column: Column, text: str) -> tuple[str, str] | None:
    return _wrong_number(text, decimals=column.decimals) if text and column.kind is FieldKind.NUMBER else None


def _fault(one: Field, vi: str, en: str, *, row: int = 0, column: str = "") -> FormFault:
    return FormFault(field=one.key, severity=Severity.ERROR, vi=f"{one.title}: {vi}.", en=f"{one.title_en}: {en}.", row=row, column=column)


# Between fields


def _of_check(form: ReportForm, check: Check, answers: Answers, *, beside: Beside) -> FormFault | None:
    """Return what a check finds; None where it holds, or where one of its numbers is not there to be compared."""
    found = [value_of(answers, term) for term in check.terms]
    numbers = [number for number in found if number is not None]
    if not numbers or len(numbers) != len(found):
        return None
    if check.kind is CheckKind.HOLDS_EARLIER:
        wrong = _falls_behind(form, check, numbers[0], beside=beside)
    else:
        total = value_of(answers, check.total)
        wrong = None if total is None else _off_total(form, check, numbers, total)
    if wrong is None:
        return None
    vi, en = (f"{said} {words}" if said else words for said, words in zip((check.words, check.words_en), wrong, strict=True))
    shown_at = (check.total or check.terms[0]).partition(".")[0]
    return FormFault(field=shown_at, severity=check.severity, vi=vi, en=en, check=check.key)


def _off_total(form: ReportForm, check: Check, numbers: list[Decimal], total: Decimal) -> tuple[str, str] | None:
    added = sum(numbers, Decimal())
    if check.kind is CheckKind.SUM and added != total:
        vi, en = _added(form, check, numbers, "vi"), _added(form, check, numbers, "en")
        return (
            f"{vi} = {number_text(added)}, khác {term_name(form, check.total, 'vi')} ({number_text(total)}).",
            f"{en} = {number_text(added)}, which is not {term_name(form, check.total, 'en')} ({number_text(total)}).",
        )
    if check.kind is CheckKind.AT_MOST and added > total:
        vi, en = _added(form, check, numbers, "vi"), _added(form, check, numbers, "en")
        return (
            f"{vi} lớn hơn {term_name(form, check.total, 'vi')} ({number_text(total)}).",
            f"{en} is more than {term_name(form, check.total, 'en')} ({number_text(total)}).",
        )
    return None


def _added(form: ReportForm, check: Check, numbers: list[Decimal], language: str) -> str:
    pairs = zip(check.terms, numbers, strict=True)
    return " + ".join(f"{term_name(form, term, language)} ({number_text(number)})" for term, number in pairs)


def _falls_behind(form: ReportForm, check: Check, number: Decimal, *, beside: Beside) -> tuple[str, str] | None:
    period = beside.period
    if period is None or period.nature is not Nature.CUMULATIVE:
        return None
    known = [(key, value) for key in period.holds if (value := value_of(beside.earlier.get(key, {}), check.terms[0])) is not None]
    floor = sum((value for _, value in known), Decimal())
    if number >= floor:
        return None
    listed = ", ".join(f"{key}: {number_text(value)}" for key, value in known)
    term = check.terms[0]
    return (
        f"{term_name(form, term, 'vi')} lũy kế ({number_text(number)}) nhỏ hơn các kỳ trước cộng lại ({listed}).",
        f"{term_name(form, term, 'en')}, cumulative ({number_text(number)}), is less than the earlier reports together ({listed}).",
    )


def term_name(form: ReportForm, term: str, language: str) -> str:
    """Return what a term of a check is called."""
    key, _, column = term.partition(".")
    name = form.field(key).name(language)
    if not column:
        return f"“{name}”"
    title = next((c.title if language == "vi" else c.title_en for c in form.field(key).columns if c.key == column), column)
    return f"“{name}: {title}”"
