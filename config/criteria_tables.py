"""
Criteria tables: a criteria set kept as a workbook, as the same data that its YAML says, placed by cell.

The sheet `Tiêu chí` has a row for each node: under which it stands is said by the column `thuộc`, else by its number (2.1.3 stands under
2.1). Beside it: `Bộ tiêu chí` (two columns: what, and its value), `Mức điểm` (levels) and `Chủ trì` (leads).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config import criteria_columns as columns
from config.fault_nouns import NOUNS, Both, shown, suggestion
from config.faults import Place
from config.source import Source, Steps
from config.table_columns import field_under, folded, meant, slug
from config.table_lines import Line, lines_of
from config.table_reading import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from config.faults import FaultList
    from config.table_reading import Cell, Sheet

_COUNTS = ("criteria", "sub_criteria")
_STAND_UNDER = Both(en="criteria that stand under each other", vi="các mục thuộc lẫn nhau")
_YES_OR_NO = ("evidence_required", "example")


def read_criteria_table(path: Path, faults: FaultList) -> Source | None:
    """Return the workbook as a source, or None and a fault if it cannot be read at all."""
    sheets = read_workbook(path, faults)
    if sheets is None:
        return None
    by_kind = _by_kind(sheets)
    lines = {
        kind: lines_of(by_kind[kind], known=known, required=columns.REQUIRED[kind], faults=faults)
        for kind, known in columns.COLUMNS.items()
        if kind in by_kind
    }
    if not lines.get("criteria"):
        faults.add("no-criteria", Place())
        return None
    building = _Building(faults=faults, lines=lines)
    building.take_about(by_kind.get("about"), stem=path.stem)
    building.take_tree()
    return Source(file=faults.file, data=building.data, places=building.places, key_places=building.key_places)


def _by_kind(sheets: list[Sheet]) -> dict[str, Sheet]:
    """Return the sheets by what they hold; where none is named as the criteria's, the first that is nothing else is."""
    found: dict[str, Sheet] = {}
    others = []
    for sheet in sheets:
        name = folded(sheet.name)
        kind = next((kind for kind, names in columns.SHEETS.items() if name in map(folded, names)), "")
        if kind:
            found.setdefault(kind, sheet)
        elif sheet.rows:
            others.append(sheet)
    if "criteria" not in found and others:
        found["criteria"] = others[0]
    return found


@dataclass(kw_only=True)
class _Building:
    """One pass over the lines of a workbook."""

    faults: FaultList
    lines: dict[str, list[Line]]
    data: dict[str, object] = field(default_factory=dict)
    places: dict[Steps, Place] = field(default_factory=dict)
    key_places: dict[Steps, Place] = field(default_factory=dict)
    of_key: dict[str, Line] = field(default_factory=dict)  #: the first line of each node

    def take_about(self, sheet: Sheet | None, *, stem: str) -> None:
        """Read the sheet of two columns; what it leaves out of key and title is the file's name."""
        self.data = {"format": 1, "key": slug(stem) or "bo-tieu-chi", "title": stem}
        for row in sheet.rows if sheet else ():
            cells = [row.cells[column] for column in sorted(row.cells)]
            name = field_under(cells[0].text, columns.ABOUT)
            if not name:
                near = suggestion(cells[0].text, [words[1] for words in columns.ABOUT.values()])
                self.faults.add("unknown-key", cells[0].place, key=shown(cells[0].text), near=near)
            elif len(cells) > 1:
                self._put(tuple(name.split(".")), cells[1])

    def _put(self, steps: tuple[str, ...], cell: Cell) -> None:
        self.places[steps] = self.key_places[steps] = cell.place
        into = self.data
        for step in steps[:-1]:
            inner = into.setdefault(step, {})
            assert isinstance(inner, dict)  # noqa: S101  no field is both a value and a mapping
            into = inner
        into[steps[-1]] = _value(steps[-1], cell.text, numbers=("year", "fields", *_COUNTS))

    def take_tree(self) -> None:
        """Put every line of a node under the one that it stands under."""
        for line in self.lines["criteria"]:
            self.of_key.setdefault(line.text("key"), line)
        parts = self._parts()
        below: dict[str, list[Line]] = {}
        for line in self.lines["criteria"]:
            below.setdefault(self._parent(line), []).append(line)
        placed: set[int] = set()
        self.data["criteria"] = self._nodes("", ("criteria",), below=below, parts=parts, placed=placed)
        for line in self.lines["criteria"]:
            if id(line) not in placed:
                circle = f"{line.text('parent')} → {line.text('key')}"
                self.faults.add("circle", line.places["parent"], what=_STAND_UNDER, circle=shown(circle))

    def _parent(self, line: Line) -> str:
        key, named = line.text("key"), line.text("parent")
        if named:
            if named not in self.of_key:
                near = suggestion(named, self.of_key)
                self.faults.add("unknown-word", line.places["parent"], noun=NOUNS["criterion"], value=shown(named), near=near)
                return ""
            return named
        while "." in key:
            key = key.rpartition(".")[0]
            if key in self.of_key:
                return key
        return ""

    def _parts(self) -> dict[tuple[str, str], list[Line]]:
        """Return the lines of levels and leads by what they are and the node that they name."""
        found: dict[tuple[str, str], list[Line]] = {}
        for kind in ("levels", "leads"):
            for line in self.lines.get(kind, ()):
                key = line.text("key")
                if key not in self.of_key:
                    near = suggestion(key, self.of_key)
                    self.faults.add("unknown-word", line.places.get("key", line.at), noun=NOUNS["criterion"], value=shown(key), near=near)
                found.setdefault((kind, key), []).append(line)
        return found

    def _nodes(
        self, parent: str, steps: Steps, *, below: dict[str, list[Line]], parts: dict[tuple[str, str], list[Line]], placed: set[int]
    ) -> list[dict[str, object]]:
        nodes: list[dict[str, object]] = []
        for line in below.get(parent, ()):
            key, under = line.text("key"), (*steps, len(nodes))
            node = self._node(line, under)
            nodes.append(node)
            first = self.of_key.get(key) is line
            placed.add(id(line))
            for kind in ("levels", "leads") if first else ():
                if (kind, key) in parts:
                    node[kind] = [self._part(part, (*under, kind, index)) for index, part in enumerate(parts[kind, key])]
            if first and key and key in below:
                node["children"] = self._nodes(key, (*under, "children"), below=below, parts=parts, placed=placed)
        return nodes

    def _node(self, line: Line, steps: Steps) -> dict[str, object]:
        node: dict[str, object] = {}
        self.places[steps] = line.at
        for name, place in line.places.items():
            under = (*steps, "counts", name) if name in _COUNTS else (*steps, name)
            self.places[under] = self.key_places[under] = place
            if name in line.values and name != "parent":
                node[name] = self._meant(name, line.values[name])
        counts = {name: node.pop(name) for name in _COUNTS if name in node}
        if counts:
            node["counts"] = counts
            self.key_places[*steps, "counts"] = self.places[*steps, "counts"] = line.places[next(iter(counts))]
        return {name: value for name, value in node.items() if value is not False}

    def _meant(self, name: str, cell: Cell) -> object:
        if name not in _YES_OR_NO:
            return _value(name, cell.text, numbers=_COUNTS)
        word = folded(cell.text)
        if word not in columns.YES_WORDS | columns.NO_WORDS:
            self.faults.add("bad-yes", cell.place, value=shown(cell.text))
        return word in columns.YES_WORDS

    def _part(self, line: Line, steps: Steps) -> dict[str, object]:
        self.places[steps] = line.at
        part: dict[str, object] = {}
        for name, place in line.places.items():
            self.places[*steps, name] = self.key_places[*steps, name] = place
            if name in line.values and name != "key":
                part[name] = meant(name, line.text(name))
        return part


def _value(name: str, text: str, *, numbers: tuple[str, ...]) -> object:
    if name in numbers:
        return int(text) if text.isascii() and text.isdigit() else text
    if name == "groups":
        return columns.meant_list(text)
    if name == "method":
        return columns.meant_method(text)
    if name == "date":
        return meant("from", text)
    return text
