"""
Scores ballots: exports of LimeSurvey and KoboToolbox as they come, read into ballots.

LimeSurvey (`Export responses`, headings as question codes, answers as codes or in full): `id, submitdate, lastpage, startlanguage, …`
then `Q1`, and `Q1[SQ001]` for a line of an array; a response without `submitdate` was broken off. KoboToolbox (CSV with semicolons or
XLSX, headings as XML names): the questions, with their groups before a slash, then `_id, _uuid, _submission_time, _validation_status, …`;
a second row of `#tags` may stand under the headings. Both mark who is spoken of in a question of their own; which one is said beside the
file. Names, addresses and accounts of respondents, which both may write out, are never read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from config.fault_nouns import shown, suggestion
from config.faults import FaultList, Place, SheetError
from config.table_columns import folded
from config.table_reading import read_csv, read_workbook
from evaluation.scores.ballots import Ballot, Mode

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from config.table_reading import Row, Sheet
    from evaluation.scores.ballots import Question, QuestionSet


class Program(StrEnum):
    """What wrote an export."""

    LIMESURVEY = "limesurvey"
    KOBOTOOLBOX = "kobotoolbox"


#: By these columns an export is known.
_KNOWN_BY: dict[Program, tuple[str, ...]] = {
    Program.LIMESURVEY: ("submitdate", "lastpage", "id"),
    Program.KOBOTOOLBOX: ("_submission_time", "_uuid"),
}
#: What a ballot is known by, the first that is there; a row's number where none is.
_OWN_KEYS: dict[Program, tuple[str, ...]] = {Program.LIMESURVEY: ("id",), Program.KOBOTOOLBOX: ("_uuid", "_id")}
_REFUSED = frozenset({"not approved", "validation status not approved"})


@dataclass(frozen=True, kw_only=True)
class Export:
    """What an export is about, as whoever brings it in says."""

    question_set: QuestionSet
    unit_column: str = ""  #: the question that names the unit spoken of; empty: all ballots are about `unit`
    unit: str = ""
    from_column: str = ""  #: the question that names the respondent's own unit; empty: not asked
    columns: Mapping[str, str] = field(default_factory=dict)  #: question → its column, where it has another name
    mode: Mode = Mode.ONLINE


@dataclass(frozen=True, kw_only=True)
class ReadBallots:
    """What an export holds."""

    program: Program
    ballots: tuple[Ballot, ...]
    broken_off: int  #: responses that were never sent; they did not come back
    rejected: int  #: submissions that were not approved where they were collected


def read_ballots(path: Path, export: Export, *, units: Mapping[str, str], name: str = "") -> ReadBallots:
    """
    Return the ballots of an export; `units` has the name of each unit by key, `name` is what faults call the file.

    Answers are taken by their keys or their words; any other answer stays as it was written, so that the ballot is spoiled and counted.

    Raises:
        SheetError: no export of either program, a question or unit without its column, a unit that nobody knows, a ballot twice; all.
    """
    faults = FaultList(file=name or path.name)
    sheets = read_csv(path, faults) if path.suffix.lower() == ".csv" else read_workbook(path, faults)
    sheet = next((one for one in sheets or () if one.rows), None)
    program = None if sheet is None else _program(sheet.rows[0])
    if sheet is None or program is None:
        if not faults:
            faults.add("ballots-unknown", Place())
        raise SheetError(faults)
    reading = _Reading(program=program, export=export, faults=faults, units=units, stem=path.stem)
    reading.take_header(sheet)
    ballots = () if faults else tuple(ballot for row in sheet.rows[1:] if (ballot := reading.ballot(row, sheet)) is not None)
    if faults:
        raise SheetError(faults)
    return ReadBallots(program=program, ballots=ballots, broken_off=reading.broken_off, rejected=reading.rejected)


def _program(header: Row) -> Program | None:
    names = {cell.text.casefold() for cell in header.cells.values()}
    return next((program for program, known in _KNOWN_BY.items() if names >= set(known)), None)


@dataclass(kw_only=True)
class _Reading:
    """One pass over an export."""

    program: Program
    export: Export
    faults: FaultList
    units: Mapping[str, str]
    stem: str
    header: dict[str, int] = field(default_factory=dict)  #: column of each name
    columns: dict[str, int] = field(default_factory=dict)  #: column of each question
    seen: dict[str, int] = field(default_factory=dict)
    broken_off: int = 0
    rejected: int = 0

    def take_header(self, sheet: Sheet) -> None:
        """Find the columns of the questions and of the unit; note each that is not there."""
        for column, cell in sheet.rows[0].cells.items():
            self.header.setdefault(cell.text, column)
        wanted = {question.key: self.export.columns.get(question.key, question.key) for question in self.export.question_set.questions}
        found = {key: self._column(title, sheet) for key, title in wanted.items()}
        self.columns = {key: column for key, column in found.items() if column is not None}
        for title in (self.export.unit_column, self.export.from_column):
            if title:
                self._column(title, sheet)

    def _column(self, title: str, sheet: Sheet) -> int | None:
        """Return the column of a name: as it stands, or behind the groups that a KoboToolbox question is in."""
        if title in self.header:
            return self.header[title]
        behind = [column for name, column in self.header.items() if name.rpartition("/")[2] == title]
        if self.program is Program.KOBOTOOLBOX and len(behind) == 1:
            return behind[0]
        near = suggestion(title, [name for name in self.header if not name.startswith("_")])
        self.faults.add("ballots-no-column", sheet.place(sheet.rows[0].number, 0), value=shown(title), near=near)
        return None

    def ballot(self, row: Row, sheet: Sheet) -> Ballot | None:
        """Return the ballot of a row; None of a row of tags, of what was broken off or rejected, or where there is a fault."""
        texts = [cell.text for cell in row.cells.values()]
        if self.program is Program.KOBOTOOLBOX and all(text.startswith("#") for text in texts):
            return None
        if self.program is Program.LIMESURVEY and not self._text(row, "submitdate"):
            self.broken_off += 1
            return None
        if folded(self._text(row, "_validation_status")) in _REFUSED:
            self.rejected += 1
            return None
        own = next(filter(None, (self._text(row, title) for title in _OWN_KEYS[self.program])), f"#{row.number}")
        key = f"{self.stem}:{own}"
        if key in self.seen:
            self.faults.add("ballots-twice", sheet.place(row.number, 0), value=shown(key), first=self.seen[key])
            return None
        self.seen[key] = row.number
        unit = self._unit(row, sheet, self.export.unit_column) if self.export.unit_column else self.export.unit
        asked = self.export.question_set.questions
        return Ballot(
            key=key,
            unit=unit,
            question_set=self.export.question_set.key,
            answers={question.key: _answer(question, self._at(row, self.columns[question.key])) for question in asked},
            mode=self.export.mode,
            from_unit=self._unit(row, sheet, self.export.from_column, known_alone=False) if self.export.from_column else "",
        )

    def _unit(self, row: Row, sheet: Sheet, title: str, *, known_alone: bool = True) -> str:
        """Return the key of the unit that a cell names; of a respondent's own unit any word will do: it may be one that nobody measures."""
        column = self._column(title, sheet) or 0
        text = self._at(row, column)
        found = _unit_named(text, self.units)
        if not found and known_alone:
            near = suggestion(text, list(self.units.values()))
            self.faults.add("ballots-no-unit", sheet.place(row.number, column), value=shown(text), near=near)
        return found or text

    def _text(self, row: Row, title: str) -> str:
        column = next((column for name, column in self.header.items() if name.casefold() == title), None)
        return "" if column is None else self._at(row, column)

    @staticmethod
    def _at(row: Row, column: int) -> str:
        return row.cells[column].text if column in row.cells else ""


def _unit_named(text: str, units: Mapping[str, str]) -> str:
    """Return the key of a unit by its key or its name, written any way; empty if there is none."""
    wanted = folded(text)
    return next((key for key, name in units.items() if wanted and wanted in {folded(key), folded(name)}), "")


def _answer(question: Question, text: str) -> str:
    return next((one.key for one in question.answers if folded(text) in _names(one.key, one.words)), text) if text else ""


def _names(*names: str) -> Collection[str]:
    return {folded(name) for name in names} - {""}
