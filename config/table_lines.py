"""Table lines: the rows of a sheet under its headers, each value with the cell that it stands in, or would stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.fault_nouns import shown, suggestion
from config.table_columns import PASSED_OVER_FOLDED, field_under, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from config.faults import FaultList, Place
    from config.table_reading import Cell, Row, Sheet

_HEADER_WITHIN = 20
_HEADERS_AT_LEAST = 2

#: Field → the headers it may stand under; the second, where there is one, is written on export.
Columns = dict[str, tuple[str, ...]]


@dataclass(kw_only=True)
class Line:
    """A row of a sheet: its values by field, and where each stands or would stand."""

    at: Place
    values: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands under a header; empty if nothing does."""
        return self.values[name].text if name in self.values else ""


def lines_of(sheet: Sheet, *, known: Columns, required: Collection[str], faults: FaultList) -> list[Line]:
    """Return the rows under the headers; headers that are unknown, there twice or missing are faults. Without headers there are none."""
    header = next((row for row in sheet.rows[:_HEADER_WITHIN] if _names_columns(row, known)), None)
    if header is None:
        return []
    fields = _fields(header, known, faults)
    for name in required:
        if name not in fields.values():
            faults.add("missing-column", sheet.place(header.number, 0), key=known[name][1])
    return [_line(sheet, row, fields) for row in sheet.rows if row.number > header.number and any(column in row.cells for column in fields)]


def _names_columns(row: Row, known: Columns) -> bool:
    return len({field_under(cell.text, known) for cell in row.cells.values()} - {""}) >= _HEADERS_AT_LEAST


def _fields(header: Row, known: Columns, faults: FaultList) -> dict[int, str]:
    fields: dict[int, str] = {}
    for column, cell in header.cells.items():
        name = field_under(cell.text, known)
        if name and name in fields.values():
            faults.add("duplicate-key", cell.place, key=shown(cell.text), first=header.number)
        elif name:
            fields[column] = name
        elif folded(cell.text) not in PASSED_OVER_FOLDED:
            near = suggestion(cell.text, [word for words in known.values() for word in words[:2]])
            faults.add("unknown-column", cell.place, value=shown(cell.text), near=near)
    return fields


def _line(sheet: Sheet, row: Row, fields: Mapping[int, str]) -> Line:
    line = Line(at=sheet.place(row.number, min(fields)))
    for column, name in fields.items():
        line.places[name] = sheet.place(row.number, column)
        if column in row.cells:
            line.values[name] = row.cells[column]
    return line
