"""Scores cells: what one cell of a workbook of scores says, a number or a text with its lines; what it may not hold is told by its cell."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from config import scores_columns as columns
from config.fault_nouns import Both, shown
from config.faults import Place
from config.text_reading import normal
from evaluation.reports.numbers import as_number
from evaluation.scores.faults import At
from evaluation.scores.methods import Given, score_leaf, typed_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.cell.cell import Cell, MergedCell

    from config.faults import FaultList
    from evaluation.criteria.sets import Node
    from evaluation.scores.faults import ScoreFault

_POINT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A cell as it was found: what it holds, what kind of thing that is, and where it stands."""

    sheet: str
    row: int
    column: int  #: from 1
    value: object = None
    kind: str = "n"

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(line=self.row, column=self.column, cell=f"{self.sheet}!{get_column_letter(self.column)}{self.row}")

    @property
    def text(self) -> str:
        """What it holds as one line of text."""
        return cell_text(self.value)


def held_in(cell: Cell | MergedCell) -> Held:
    """Return a cell of a workbook that was read as a whole."""
    return Held(sheet=str(cell.parent.title), row=cell.row or 1, column=cell.column or 1, value=cell.value, kind=str(cell.data_type))


def cell_text(value: object) -> str:
    """Return a value as one line of text; a number as its shortest decimal, which is what was typed."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else normal(str(value))


def number_in(cell: Held, *, whole: bool, faults: FaultList) -> Decimal | None:
    """Return the number that a cell holds; None where it is empty, or of a fault, which is noted."""
    value = cell.value
    if _is_formula(cell, faults) or value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime | date | time):
        faults.add("sheet-date", cell.place, value=shown(value))
        return None
    text = cell.text.lstrip("'")
    number = Decimal(text) if _POINT.fullmatch(text) else as_number(text)
    if isinstance(value, str) and number is not None and as_number(text) not in {None, number}:
        faults.add("sheet-ambiguous", cell.place, value=shown(value))
        return None
    if number is None or isinstance(value, bool) or (whole and number != int(number)):
        faults.add("sheet-number", cell.place, value=shown(value))
        return None
    return number


def lines_in(cell: Held, *, faults: FaultList) -> str:
    """Return the text that a cell holds, with its lines, in NFC; empty of a formula, which is noted."""
    value = cell.value
    if _is_formula(cell, faults) or value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")


def given_in(cells: Mapping[str, Held], *, faults: FaultList) -> Given:
    """Return what a leaf is scored by, as its cells say; what is no number is noted and left out."""
    numbers = {name: number_in(cells[name], whole=name in columns.WHOLE_NUMBERS, faults=faults) for name in columns.GIVEN}
    whole = {name: None if (number := numbers.pop(name)) is None else int(number) for name in columns.WHOLE_NUMBERS}
    return Given(**numbers, **whole)  # type: ignore[arg-type]


def examine_given(node: Node, given: Given, cells: Mapping[str, Held], *, faults: FaultList) -> None:
    """Note what the leaf's method cannot use of it, each at its cell."""
    if given != Given():
        for one in score_leaf(node, given).faults:
            _add(one, cells[one.about if one.about in cells else "points"], faults)


def examine_typed(node: Node, value: Decimal, cell: Held, *, about: str, faults: FaultList) -> None:
    """Note what is wrong with a typed score, at its cell."""
    for one in typed_faults(node, value, at=At(node=node.key, about=about)):
        _add(one, cell, faults)


def _add(found: ScoreFault, cell: Held, faults: FaultList) -> None:
    faults.add("sheet-score", cell.place, said=Both(en=found.en, vi=found.vi), mend=Both(en=found.mend_en, vi=found.mend_vi))


def _is_formula(cell: Held, faults: FaultList) -> bool:
    if cell.kind != "f":
        return False
    faults.add("sheet-formula", cell.place)
    return True
