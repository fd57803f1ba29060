"""
Report forms: what a report asks, as frozen records.

A form is data, read by `config.form_files`; the answers to it are kept as they were typed, keyed by field. A number is a text until
somebody asks whether it is one, so that nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

#: A row of a table, by column; a row of a unit stands under that unit's key in `UNIT`.
Row = Mapping[str, str]
#: What was typed into a field: a text, or the rows of a table.
Answer = str | Sequence[Row]
Answers = Mapping[str, Answer]
#: The column that names the unit of a row, in a table with a row a unit.
UNIT = "unit"
#: Columns of a measure: by which obligation it is known, how far it is in this report, in words.
MEASURE, PERCENT, REMARK = "measure", "percent", "remark"


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    TABLE = "table"
    MEASURES = "measures"  #: a row for each open measure of who owes the report
    FILE = "file"  #: evidence of an item of the deliverable


class RowsOf(StrEnum):
    """Which rows a table has."""

    FREE = "free"  #: as many as are typed
    UNITS = "units"  #: one a unit, named by its key


class CheckKind(StrEnum):
    """What a check between fields compares."""

    SUM = "sum"  #: the terms add up to the total
    AT_MOST = "at_most"  #: the one term is no more than the total
    HOLDS_EARLIER = "holds_earlier"  #: in a cumulative report the term is no less than the earlier reports that it holds, together


class Severity(StrEnum):
    """How bad a fault is."""

    ERROR = "error"  #: the report is not taken
    WARNING = "warning"  #: it is; the receiver sees it


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table."""

    key: str
    title: str
    title_en: str
    kind: FieldKind = FieldKind.TEXT  #: text or number
    decimals: int = 0


#: What is shown of a measure, and what is typed of it (the last two).
MEASURE_COLUMNS = (
    Column(key="criterion", title="Tiêu chí", title_en="Criterion"),
    Column(key="text", title="Giải pháp", title_en="Measure"),
    Column(key="due_on", title="Hạn", title_en="Due"),
    Column(key="said", title="Tiến độ đã báo cáo (%)", title_en="Progress last told (%)", kind=FieldKind.NUMBER),
    Column(key="state", title="Trạng thái", title_en="Status"),
    Column(key=PERCENT, title="Tiến độ kỳ này (%)", title_en="Progress in this report (%)", kind=FieldKind.NUMBER),
    Column(key=REMARK, title="Kết quả, vướng mắc", title_en="Results, difficulties"),
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that is asked."""

    key: str
    kind: FieldKind
    title: str
    title_en: str
    unit: str = ""  #: what a number counts: hồ sơ, %, văn bản
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    required: bool = True
    carry: bool = False  #: begins as in the last accepted report of the same unit
    choices: tuple[tuple[str, str], ...] = ()  #: Vietnamese (which is what is kept), English
    columns: tuple[Column, ...] = ()
    rows: RowsOf = RowsOf.FREE
    item: str = ""  #: of a file: the item of the deliverable that it is evidence of; empty: the whole

    def name(self, language: str) -> str:
        """Return what the field is called, in `vi` or `en`."""
        return self.title if language == "vi" else self.title_en


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields that belong together."""

    key: str
    title: str
    title_en: str
    fields: tuple[Field, ...]

    def name(self, language: str) -> str:
        """Return what the section is called, in `vi` or `en`."""
        return self.title if language == "vi" else self.title_en


@dataclass(frozen=True, kw_only=True)
class Check:
    """What must hold between fields; a term or total is a field's key, or `table.column` for the sum of a column."""

    key: str
    kind: CheckKind
    terms: tuple[str, ...]
    total: str = ""
    severity: Severity = Severity.ERROR
    words: str = ""  #: what the form's author says of it; empty: nothing
    words_en: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A form of a periodic report."""

    key: str
    title: str
    title_en: str
    source: str
    sections: tuple[Section, ...]
    checks: tuple[Check, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order in which it is asked."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, key: str) -> Field:
        """Return a field by its key; KeyError if the form has none such."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)

    def name(self, language: str) -> str:
        """Return what the form is called, in `vi` or `en`."""
        return self.title if language == "vi" else self.title_en


def carried_over(form: ReportForm, last: Answers) -> dict[str, Answer]:
    """Return with what a new report begins: the answers of the last one, to the fields that carry over; measures have their own rows."""
    carried = [field.key for field in form.fields if field.carry and field.kind is not FieldKind.MEASURES]
    return {key: last[key] for key in carried if last.get(key)}
