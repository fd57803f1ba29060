"""
Roster tables: a roster kept as a workbook or as CSV, as the same data that a roster's YAML says, placed by cell.

A workbook has a sheet of parties and, where wanted, sheets of contacts, of groups (needed where parties name any), and of the
roster's own title, domain and posts; a CSV file `NAME.csv` holds the parties, `NAME.contacts.csv` and `NAME.groups.csv` beside it
the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config import table_columns as columns
from config.fault_nouns import shown, suggestion
from config.faults import FaultList, Place
from config.source import Source, Steps
from config.table_reading import Row, Sheet, read_csv, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

_HEADER_WITHIN = 20
_HEADERS_AT_LEAST = 2
#: How many groups a fault names.
_MOST_GROUPS = 12
_REQUIRED = {"parties": ("key", "name"), "contacts": ("party", "role", "name", "address"), "groups": ("key", "name")}
_COLUMNS = {"parties": columns.PARTY_COLUMNS, "contacts": columns.CONTACT_COLUMNS, "groups": columns.GROUP_COLUMNS}
_SHEETS = {
    "contacts": columns.CONTACT_SHEETS,
    "groups": columns.GROUP_SHEETS,
    "roster": columns.ROSTER_SHEETS,
    "parties": columns.PARTY_SHEETS,
}


def read_roster_table(path: Path, faults: FaultList) -> Source | None:
    """Return the table as a source, or None and a fault if it cannot be read at all."""
    sheets = _csv_sheets(path, faults) if path.suffix.lower() == ".csv" else _workbook_sheets(path, faults)
    if sheets is None:
        return None
    if "parties" not in sheets:
        faults.add("no-header", Place())
        return None
    reading = _Reading(faults=faults, file_name=path.name, stem=path.stem)
    for kind, sheet in sheets.items():
        reading.take(kind, sheet)
    return Source(file=faults.file, data=reading.roster(), places=reading.places, key_places=reading.key_places)


def _csv_sheets(path: Path, faults: FaultList) -> dict[str, Sheet] | None:
    found: dict[str, Sheet] = {}
    beside = {kind: path.with_name(f"{path.stem}.{kind}.csv") for kind in ("contacts", "groups")}
    for kind, file in {"parties": path, **beside}.items():
        if kind == "parties" or file.is_file():
            sheets = read_csv(file, of_file := FaultList(file=str(file)))
            faults.found.update(of_file.found)
            if sheets is None:
                return None
            found[kind] = sheets[0]
    return found


def _workbook_sheets(path: Path, faults: FaultList) -> dict[str, Sheet] | None:
    """Return the sheets by what they hold; where none is named as the parties', the first that is nothing else is."""
    sheets = read_workbook(path, faults)
    if sheets is None:
        return None
    found: dict[str, Sheet] = {}
    others: list[Sheet] = []
    for sheet in sheets:
        name = columns.folded(sheet.name)
        kind = next((kind for kind, names in _SHEETS.items() if name in map(columns.folded, names)), "")
        if kind:
            found.setdefault(kind, sheet)
        elif sheet.rows:
            others.append(sheet)
    if "parties" not in found and others:
        found["parties"] = others[0]
    return found


@dataclass(kw_only=True)
class _Reading:
    """One pass over the sheets of a roster."""

    faults: FaultList
    file_name: str
    stem: str
    lists: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    about: dict[str, object] = field(default_factory=dict)
    places: dict[Steps, Place] = field(default_factory=dict)
    key_places: dict[Steps, Place] = field(default_factory=dict)
    headers: dict[str, Place] = field(default_factory=dict)  #: where each field's column is headed

    def take(self, kind: str, sheet: Sheet) -> None:
        """Read a sheet of that kind."""
        if kind == "roster":
            self._take_about(sheet)
            return
        header = next((row for row in sheet.rows[:_HEADER_WITHIN] if self._names_columns(row, kind)), None)
        if header is None:
            self.faults.add("no-header", sheet.place(1, 0))
            return
        fields = self._fields(header, kind)
        for required in _REQUIRED[kind]:
            if required not in fields.values():
                self.faults.add("missing-column", sheet.place(header.number, 0), key=_COLUMNS[kind][required][1])
        for row in sheet.rows:
            if row.number > header.number:
                self._take_row(kind, sheet, row=row, fields=fields)

    def roster(self) -> dict[str, object]:
        """Return all that was read as the roster format writes it."""
        data: dict[str, object] = {"format": 1, "key": columns.slug(self.stem), "title": self.stem, **self.about}
        data["groups"] = self._groups()
        data["parties"] = self.lists.get("parties", [])
        data["contacts"] = self._contacts()
        return data

    def _names_columns(self, row: Row, kind: str) -> bool:
        named = {columns.field_under(cell.text, _COLUMNS[kind]) for cell in row.cells.values()} - {""}
        return len(named) >= _HEADERS_AT_LEAST

    def _fields(self, header: Row, kind: str) -> dict[int, str]:
        """Return the field of each column; note columns that nobody knows, and those that are there twice."""
        fields: dict[int, str] = {}
        for column, cell in header.cells.items():
            name = columns.field_under(cell.text, _COLUMNS[kind])
            if name and name in fields.values():
                self.faults.add("duplicate-key", cell.place, key=shown(cell.text), first=header.number)
            elif name:
                fields[column] = name
                self.headers.setdefault(name, cell.place)
            elif columns.folded(cell.text) not in columns.PASSED_OVER_FOLDED:
                known = [word for words in _COLUMNS[kind].values() for word in words[:2]]
                self.faults.add("unknown-column", cell.place, value=shown(cell.text), near=suggestion(cell.text, known))
        return fields

    def _take_row(self, kind: str, sheet: Sheet, *, row: Row, fields: dict[int, str]) -> None:
        if not any(column in row.cells for column in fields):
            return
        steps: Steps = (kind, len(self.lists.setdefault(kind, [])))
        record: dict[str, object] = {"source": self.file_name} if kind == "parties" else {}
        self.places[steps] = sheet.place(row.number, min(fields))
        for column, name in fields.items():
            under = (*steps, name)
            self.places[under] = self.key_places[under] = sheet.place(row.number, column)
            if column in row.cells:
                record[name] = columns.meant(name, row.cells[column].text)
        self.lists[kind].append(record)

    def _take_about(self, sheet: Sheet) -> None:
        for row in sheet.rows:
            cells = [row.cells[column] for column in sorted(row.cells)]
            name = columns.field_under(cells[0].text, columns.ROSTER_FIELDS)
            if not name:
                known = [words[0] for words in columns.ROSTER_FIELDS.values()]
                self.faults.add("unknown-key", cells[0].place, key=shown(cells[0].text), near=suggestion(cells[0].text, known))
            elif len(cells) > 1:
                self.places[name,] = self.key_places[name,] = cells[1].place
                self.about[name] = columns.meant(name, cells[1].text)

    def _groups(self) -> dict[str, object]:
        """Return the groups of their own sheet; where a party names one, it may be by its name. A slip of the pen makes no new group."""
        named: dict[str, object] = {}
        for index, group in enumerate(self.lists.get("groups", [])):
            key = str(group.get("key", ""))
            self.places["groups", key] = self.key_places["groups", key] = self.places["groups", index]
            named[key] = group.get("name", "")
        keys = {columns.folded(str(name)): key for key, name in named.items()}
        undeclared: dict[str, str] = {}
        for party in self.lists.get("parties", []):
            written = party.get("group")
            if isinstance(written, str) and written not in named:
                party["group"] = keys.get(columns.folded(written), columns.slug(written))
                undeclared.setdefault(str(party["group"]), written)
        if "groups" not in self.lists and undeclared:
            some = list(undeclared.values())
            listed = "; ".join(some[:_MOST_GROUPS]) + (" …" if len(some) > _MOST_GROUPS else "")
            self.faults.add("no-group-list", self.headers["group"], groups=listed)
            return dict(undeclared)
        return named

    def _contacts(self) -> list[dict[str, object]]:
        """Return the contacts; one without a key gets its role and party as one."""
        contacts = self.lists.get("contacts", [])
        taken = {contact.get("key") for contact in contacts}
        for contact in contacts:
            if "key" not in contact:
                plain = f"{contact.get('role', '')}.{contact.get('party', '')}"
                key = next(key for n in range(1, len(contacts) + 2) if (key := plain if n == 1 else f"{plain}.{n}") not in taken)
                contact["key"] = key
                taken.add(key)
        return contacts
