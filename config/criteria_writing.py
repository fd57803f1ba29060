"""Criteria writing: a criteria set as YAML or as a workbook, which read back say the same; nothing that people wrote is a formula."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from config import criteria_columns as columns
from config.criteria_records import criteria_data
from evaluation.criteria.sets import walk
from evaluation.criteria.words import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.criteria.sets import CriteriaSet, Node

#: Texts that begin so are quoted in a cell: a spreadsheet would else take them for a formula.
_FORMULA = ("=", "+", "-", "@")
_WIDTHS = {"title": 60, "evidence": 40, "words": 60}
_WIDE = 140


def criteria_yaml(criteria: CriteriaSet) -> str:
    """Return the set as the YAML that `read_criteria` reads."""
    written = StringIO()
    yaml = YAML()
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(_quoted(criteria_data(criteria)), written)
    return written.getvalue()


def _quoted(data: Any) -> Any:  # noqa: ANN401  data of every kind
    """Return the data with every text in quotes: a number or a date in it stays a text."""
    if isinstance(data, dict):
        return {name: _quoted(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_quoted(value) for value in data]
    return DoubleQuotedScalarString(data) if isinstance(data, str) else data


def criteria_workbook(criteria: CriteriaSet) -> bytes:
    """Return the set as the workbook that `read_criteria` reads: four sheets, Vietnamese headers."""
    book = Workbook()
    about = book.active
    assert about is not None  # noqa: S101  a new workbook has one
    about.title = columns.SHEETS["about"][0]
    _fill(about, _about(criteria), widths=(26, 80))
    nodes = book.create_sheet(columns.SHEETS["criteria"][0])
    _table(nodes, "criteria", [_node_row(step.node, step.above[-1].key if step.above else "") for step in walk(criteria)])
    levels = [
        {"key": step.node.key, "words": level.words, "points": level.points}
        for step in walk(criteria)
        for level in (step.node.scoring.levels if step.node.scoring else ())
    ]
    _table(book.create_sheet(columns.SHEETS["levels"][0]), "levels", levels)
    leads = [
        {"key": step.node.key, "party": lead.party, "from": lead.from_on, "to": lead.to_on}
        for step in walk(criteria)
        for lead in step.node.leads
    ]
    _table(book.create_sheet(columns.SHEETS["leads"][0]), "leads", leads)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _about(criteria: CriteriaSet) -> Iterator[tuple[Any, Any]]:
    data = criteria_data(criteria)
    for field in columns.ABOUT:
        outer, _, inner = field.partition(".")
        value = data.get(outer, {}).get(inner) if inner else data.get(outer)
        if value not in (None, "", []):
            yield columns.written(columns.ABOUT, field), ", ".join(value) if isinstance(value, list) else value


def _node_row(node: Node, parent: str) -> dict[str, Any]:
    scoring = node.scoring
    return {
        "key": node.key,
        "parent": parent,
        "title": node.title,
        "maximum": node.maximum,
        "method": METHODS[scoring.method][0] if scoring else "",
        "threshold": scoring.threshold if scoring else None,
        "each": scoring.each if scoring else None,
        "floor": scoring.floor if scoring else None,
        "origin": scoring.origin if scoring else "",
        "groups": ", ".join(node.groups),
        "evidence": node.evidence,
        "evidence_required": columns.YES if node.evidence_required else "",
        "criteria": node.counts.criteria,
        "sub_criteria": node.counts.sub_criteria,
        "example": columns.YES if node.example else "",
    }


def _table(sheet: Worksheet, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    known = columns.COLUMNS[kind]
    head = [columns.written(known, name) for name in known]
    widths = [_WIDTHS.get(name, 14) for name in known]
    _fill(sheet, ([head], ([row.get(name) for name in known] for row in rows)), widths=widths, headed=True)
    sheet.freeze_panes = "A2"


def _fill(sheet: Worksheet, rows: Any, *, widths: Sequence[int], headed: bool = False) -> None:  # noqa: ANN401  rows, or a head and rows
    every = (row for part in rows for row in part) if headed else rows
    for number, row in enumerate(every, start=1):
        for column, value in enumerate(row, start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(row=number, column=column, value=value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if headed and number == 1:
                cell.font = Font(bold=True)
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(_FORMULA)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
