"""
Result tables: what was published as CSV, and the workbook for the rating of heads and of the officers who advise.

Numbers are written as in the bundle, unrounded, with a point; what people wrote is never a formula.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

#: What a spreadsheet may take for the beginning of a formula, the full-width forms of East Asian keyboards among them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Columns of the table of units, before those of the fields.
UNIT_COLUMNS = (
    "group",
    "place",
    "of",
    "unit",
    "name",
    "band",
    "index",
    "points",
    "maximum",
    "bonus",
    "survey_points",
    "survey_maximum",
    "self_points",
    "self_index",
    "appraised_points",
    "appraised_index",
)
LEAF_COLUMNS = ("unit", "node", "title", "maximum", "self", "appraised", "final")
WEAK_COLUMNS = ("unit", "criterion", "points", "maximum", "title", "field")
_WIDE, _NARROW = 40, 14


def as_text(value: str) -> str:
    """Return what people wrote so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def units_csv(bundle: Mapping[str, Any]) -> str:
    """Return the units of a bundle as CSV: a line each, by group and place, the index of each field in a column of its own."""
    fields = list(dict.fromkeys(field["node"] for unit in bundle["units"] for field in unit["results"]["fields"]))
    return _csv([*UNIT_COLUMNS, *(f"field_{node}" for node in fields)], (_unit_line(unit, fields) for unit in by_place(bundle)))


def by_place(bundle: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the units of a bundle as its tables order them."""
    units = {unit["unit"]: unit for unit in bundle["units"]}
    return [units[key] for table in bundle["tables"] for key in table["order"]]


def _unit_line(unit: Mapping[str, Any], fields: Sequence[str]) -> list[object]:
    found = unit["results"]
    own, appraised = found["self"] or {}, found["appraised"] or {}
    indexes = {field["node"]: field["index"] for field in found["fields"]}
    return [
        as_text(unit["group"]),
        found["place"],
        found["of"],
        unit["unit"],
        as_text(unit["name"]),
        as_text(found["band"]),
        *(found[name] for name in ("index", "points", "maximum", "bonus", "survey_points", "survey_maximum")),
        *(series.get(name) for series in (own, appraised) for name in ("points", "index")),
        *(indexes.get(node) for node in fields),
    ]


def leaves_csv(bundle: Mapping[str, Any]) -> str:
    """Return the leaves of a bundle as CSV: a line for each leaf of each unit, the three scores side by side."""
    nodes = {one["key"]: dict(_nodes(one["fields"])) for one in bundle["criteria"]}
    return _csv(
        LEAF_COLUMNS,
        (
            [unit["unit"], one["node"], as_text(node["title"]), node["maximum"], one["self"], one["appraised"], one["final"]]
            for unit in by_place(bundle)
            for one in unit["scores"]
            for node in [nodes[unit["criteria"]][one["node"]]]
        ),
    )


def weak_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return weak leaves as CSV in the columns that the import of weak criteria reads: unit, criterion, points, maximum, title, field."""
    return _csv(WEAK_COLUMNS, ([as_text(str(cell)) for cell in row] for row in rows))


def _nodes(nodes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for node in nodes:
        yield node["key"], node
        yield from _nodes(node["children"])


def _csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return lines as CSV (RFC 4180) with a byte order mark: spreadsheets then read Vietnamese as it is."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows(lines)
    return "\ufeff" + written.getvalue()


def rating_workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]]) -> bytes:
    """Return a workbook of tables: the name of each sheet, its headings, its lines; texts are never formulas, heads stand still."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (head, lines) in sheets.items():
        _fill(book.create_sheet(name), head, lines)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, head: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    sheet.append(list(head))
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for line in lines:
        sheet.append([as_text(value) if isinstance(value, str) else value for value in line])
    for number, _ in enumerate(head, start=1):
        texts = any(isinstance(line[number - 1], str) for line in lines)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDE if texts else _NARROW
    sheet.freeze_panes = "A2"
