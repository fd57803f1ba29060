"""
Weak files: what criteria reached last year, as a workbook, CSV or YAML, read into results or refused with every fault at its cell.

A row is a criterion of a unit, or of the province itself where no unit is named. The whole of last year's results may be given: which of
them are weak is the plan's rule, not the file's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from config.criteria_points import points
from config.fault_nouns import NOUNS, Both, shown, suggestion
from config.faults import FaultList, Place, WeakError
from config.references import position
from config.shapes import add_shape_faults
from config.source import Source, Steps
from config.table_columns import folded
from config.table_lines import Columns, lines_of
from config.table_reading import read_csv, read_workbook
from config.yaml_reading import read_yaml
from evaluation.criteria.sets import points_printed, step_named, walk
from evaluation.improvement.weak import Result, is_weak

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from evaluation.criteria.sets import CriteriaSet, Node

WEAK_SCHEMA = Path(__file__).with_name("weak") / "weak.schema.json"
YAML_ENDINGS = (".yaml", ".yml")
ENDINGS = (".xlsx", ".csv", *YAML_ENDINGS)
COLUMNS: Columns = {
    "unit": ("unit", "đơn vị", "mã đơn vị", "tên đơn vị", "cơ quan, đơn vị"),
    "criterion": ("criterion", "tiêu chí", "mã tiêu chí", "số", "mã"),
    "points": ("points", "điểm đạt", "điểm đạt được", "kết quả", "điểm"),
    "maximum": ("maximum", "điểm tối đa", "thang điểm"),
    "cause": ("cause", "nguyên nhân"),
    "title": ("title", "tên tiêu chí", "nội dung", "tên"),
    "field": ("field", "lĩnh vực"),
}
_REQUIRED = ("criterion", "points")
_TAKEN = ("unit", "criterion", "points", "maximum", "cause")
#: What stands in the place of a unit where the province itself is meant, beside its own key and name.
_PROVINCE = ("", "tinh", "cap tinh", "province")


@dataclass(frozen=True, kw_only=True)
class WeakKnown:
    """What the rows of a file are held against."""

    criteria: CriteriaSet
    units: Mapping[str, str]  #: keys of those who may answer for criteria of their own, by key and by folded name
    province: tuple[str, ...] = ()  #: key and name of the authority
    leads: Mapping[str, str] = field(default_factory=dict)  #: key of the lead by criterion; empty: nobody leads it
    low_of_units: int | None = None  #: per cent; None: the plan has no place for the criteria of units
    low_of_province: int | None = None  #: the same of the province

    def low(self, unit: str) -> int | None:
        """Return the share under which a result of a unit, or of the province, is low."""
        return self.low_of_units if unit else self.low_of_province


def read_weak(path: Path, *, known: WeakKnown, name: str = "") -> tuple[Result, ...]:
    """
    Return the results of a .xlsx, .csv or .yaml file, in its order; `name` is what its faults call the file.

    Raises:
        WeakError: the file has faults, such as a weak criterion of the province that nobody leads; all are listed, nothing is taken.

    """
    faults = FaultList(file=name or str(path))
    source = read_yaml(path, faults) if path.suffix.lower() in YAML_ENDINGS else _read_table(path, faults)
    found: list[Result] = []
    if source is not None:
        add_shape_faults(source, schema=WEAK_SCHEMA, faults=faults)
        found = [result for result in _results(source, known, faults) if result is not None]
    if source is None or faults:
        raise WeakError(faults)
    return tuple(found)


def read_uploaded_weak(content: bytes, *, known: WeakKnown, name: str) -> tuple[Result, ...]:
    """Return the results of a file that was sent, read by the ending of its name; raises as `read_weak` does."""
    suffix = next((ending for ending in (*ENDINGS, ".xlsm") if name.lower().endswith(ending)), ".xlsx")
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"weak{suffix}"
        file.write_bytes(content)
        return read_weak(file, known=known, name=name)


def _read_table(path: Path, faults: FaultList) -> Source | None:
    """Return the first sheet with the columns as the source that YAML would be; None and a fault if there is none."""
    sheets = read_csv(path, faults) if path.suffix.lower() == ".csv" else read_workbook(path, faults)
    if sheets is None:
        return None
    lines = next((found for sheet in sheets if (found := lines_of(sheet, known=COLUMNS, required=_REQUIRED, faults=faults))), [])
    if not lines:
        faults.add("no-weak", Place())
        return None
    places: dict[Steps, Place] = {}
    rows: list[dict[str, object]] = []
    for index, line in enumerate(lines):
        places["weak", index] = line.at
        places.update({("weak", index, key): place for key, place in line.places.items()})
        rows.append({key: cell.text for key, cell in line.values.items() if key in _TAKEN})
    return Source(file=faults.file, data={"format": 1, "weak": rows}, places=places, key_places=places)


def _results(source: Source, known: WeakKnown, faults: FaultList) -> Iterator[Result | None]:
    seen: dict[tuple[str, str], Steps] = {}
    for steps, row in source.mappings("weak"):
        yield _Row(source=source, steps=steps, row=row, known=known, faults=faults).result(seen)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row, and what it is held against."""

    source: Source
    steps: Steps
    row: dict[str, Any]
    known: WeakKnown
    faults: FaultList

    def result(self, seen: dict[tuple[str, str], Steps]) -> Result | None:
        """Return what the row says, or None and its faults."""
        node, unit = self._node(), self._unit()
        if node is None or unit is None:
            return None
        reached, maximum = self._points(node)
        key = (unit, node.key)
        if key in seen:
            first = position(self.source.place(seen[key]))
            self._fault("duplicate", "criterion", noun=NOUNS["criterion"], value=node.key, first=first)
        seen.setdefault(key, (*self.steps, "criterion"))
        if reached is None or maximum is None:
            return None
        cause, line = str(self.row.get("cause", "")), self.source.place(self.steps).line
        result = Result(unit=unit, criterion=node.key, points=reached, maximum=maximum, cause=cause, line=line)
        self._require_owner(result)
        return result

    def _node(self) -> Node | None:
        key = str(self.row.get("criterion", ""))
        step = step_named(self.known.criteria, key)
        if step is None and key:
            self._fault("unknown-word", "criterion", noun=NOUNS["criterion"], value=shown(key), near=suggestion(key, self._keys()))
        return None if step is None else step.node

    def _keys(self) -> list[str]:
        return [step.node.key for step in walk(self.known.criteria)]

    def _unit(self) -> str | None:
        written = str(self.row.get("unit", ""))
        if folded(written) in {*_PROVINCE, *map(folded, self.known.province)}:
            unit: str | None = ""
        else:
            unit = self.known.units.get(written) or self.known.units.get(folded(written))
        if unit is None:
            keys = sorted(set(self.known.units.values()))
            self._fault("unknown-word", "unit", noun=NOUNS["party"], value=shown(written), near=suggestion(written, keys))
        elif self.known.low(unit) is None:
            word = "units" if unit else "province"
            self._fault("weak-has-no-stage", "unit", word=word, whose=_WHOSE[word])
        return unit

    def _points(self, node: Node) -> tuple[Decimal | None, Decimal | None]:
        printed = points_printed(node)
        reached, maximum = self._number("points"), self._number("maximum") if "maximum" in self.row else printed
        if maximum is not None and maximum != printed:
            self._fault("other-maximum", "maximum", value=shown(self.row["maximum"]), most=str(printed))
        elif maximum is not None and maximum <= 0:
            self._fault("other-maximum", "maximum", value="0", most=str(printed))
            return reached, None
        elif reached is not None and maximum is not None and reached > maximum:
            self._fault("points-above-maximum", "points", value=shown(self.row["points"]), most=str(maximum))
        return reached, maximum

    def _number(self, name: str) -> Decimal | None:
        if name not in self.row:
            return None
        number = points(self.row[name])
        if number is None:
            self._fault("bad-points", name, value=shown(self.row[name]))
        elif number < 0:
            self._fault("negative-points", name, key=name, value=shown(self.row[name]))
        return number

    def _require_owner(self, result: Result) -> None:
        low = self.known.low(result.unit)
        if low is not None and not result.unit and is_weak(result, low=low) and not self.known.leads.get(result.criterion):
            self._fault("nobody-leads", "criterion", value=result.criterion)

    def _fault(self, code: str, name: str, **facts: str | int | Both) -> None:
        self.faults.add(code, self.source.place((*self.steps, name)), **facts)


_WHOSE = {"units": Both(en="units", vi="đơn vị"), "province": Both(en="the province", vi="tỉnh")}
