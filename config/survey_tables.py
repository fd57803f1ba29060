"""
Survey tables: a sample plan, and ballots as LimeSurvey and KoboToolbox export them, read from .xlsx or .csv with faults by cell.

Of an export the columns are known by the questions' keys or words; what else stands there (addresses, times, tokens) is never read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from config.fault_nouns import NOUNS, shown, suggestion
from config.faults import FaultList, SurveyError
from config.references import position
from config.survey_columns import BALLOT, MODES, NOT_APPROVED, SAMPLE
from config.table_columns import field_under, folded
from config.table_reading import read_csv, read_workbook
from evaluation.scores.ballots import Ballot, Mode, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from config.faults import Place
    from config.table_reading import Cell, Row, Sheet
    from evaluation.scores.ballots import Question, QuestionSet

MOST_BALLOTS = 100_000
_HEADER_WITHIN = 20
_IN_BRACKETS = re.compile(r"\[([^\]]+)\]\s*$")


@dataclass(frozen=True, kw_only=True)
class Known:
    """The words that a table may use: units by key with their names and groups, and the question sets."""

    names: Mapping[str, str]
    groups: Mapping[str, str]
    sets: Sequence[QuestionSet]

    @property
    def respondents(self) -> list[str]:
        """The groups of respondents."""
        return list(dict.fromkeys(one.respondents for one in self.sets))

    def unit(self, text: str) -> str:
        """Return the key of a unit that is named by key or name; empty if there is none."""
        return text if not text or text in self.names else next(iter(self.meant(text)), "")

    def meant(self, text: str) -> tuple[str, ...]:
        """Return the keys of the units that a text may name: the one whose key it is, else all of that name."""
        return (text,) if text in self.names else tuple(self._by_name.get(folded(text), ()))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, name in self.names.items():
            for word in {folded(name), folded(key)}:  # KoboToolbox writes low strokes in the names of choices
                found.setdefault(word, []).append(key)
        return found


@dataclass(frozen=True, kw_only=True)
class ReadBallots:
    """What a file of ballots holds; a response that was never sent off is no ballot."""

    ballots: tuple[Ballot, ...]
    unfinished: int = 0


def read_sample(content: bytes, *, name: str, known: Known) -> tuple[Sample, ...]:
    """
    Return a sample plan: a row for each unit and group of respondents, or a row for each unit and a column for each group.

    Raises:
        SurveyError: the file has faults; all of them are listed by cell and nothing is taken.

    """
    faults = FaultList(file=name)
    reading = _Reading(faults=faults, known=known)
    found: dict[tuple[str, str, Mode], tuple[Sample, Place]] = {}
    for sheet in _sheets(content, name, faults)[:1]:
        header = _header(sheet, lambda cell: field_under(cell.text, SAMPLE) or _named(cell.text, known.respondents), least=2)
        if header is None:
            faults.add("columns-not-named", sheet.place(1, 0), wanted="đơn vị, nhóm đối tượng, số phiếu")
        for sample, place in reading.samples(sheet, header) if header else ():
            key = (sample.unit, sample.respondents, sample.mode)
            if key in found:
                faults.add("duplicate", place, noun=NOUNS["unit"], value=sample.unit, first=position(found[key][1]))
            found[key] = (sample, place)
    if faults:
        raise SurveyError(faults)
    return tuple(sample for sample, _ in found.values())


def read_ballots(content: bytes, *, name: str, known: Known, question_set: str = "", unit: str = "") -> ReadBallots:
    """
    Return the ballots of an export; where a whole file is of one question set or about one unit, those are named beside it.

    Raises:
        SurveyError: the file has faults, a ballot of one's own unit among them; all of them are listed by cell and nothing is taken.

    """
    faults = FaultList(file=name)
    reading = _Reading(faults=faults, known=known, question_set=question_set, unit=unit)
    for sheet in _sheets(content, name, faults)[:1]:
        header = _header(sheet, lambda cell: field_under(cell.text, BALLOT), least=1)
        wanted = [word for word, given in (("unit", unit), ("question_set", question_set)) if not given]
        columns = {} if header is None else {field_under(cell.text, BALLOT) for cell in header.cells.values()}
        needed = {"unit": "unit", "question_set": "set"}
        if header is None or not {"number", *(needed[word] for word in wanted)} <= set(columns):
            faults.add("columns-not-named", sheet.place(1, 0), wanted=", ".join(("id", *wanted)))
        else:
            reading.take_ballots(sheet, header)
    if faults:
        raise SurveyError(faults)
    return ReadBallots(ballots=tuple(reading.found.values()), unfinished=reading.unfinished)


def _sheets(content: bytes, name: str, faults: FaultList) -> list[Sheet]:
    """Return the sheets of a file that was sent, read by the ending of its name."""
    with TemporaryDirectory() as folder:
        suffix = next((one for one in (".csv", ".xlsm", ".xls") if name.lower().endswith(one)), ".xlsx")
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(content)
        return (read_csv if suffix == ".csv" else read_workbook)(path, faults) or []


def _header(sheet: Sheet, knows: Callable[[Cell], str], *, least: int) -> Row | None:
    return next((row for row in sheet.rows[:_HEADER_WITHIN] if sum(bool(knows(cell)) for cell in row.cells.values()) >= least), None)


def _named(text: str, words: Sequence[str]) -> str:
    return next((word for word in words if folded(word) == folded(text)), "")


@dataclass(kw_only=True)
class _Reading:
    """One pass over a table."""

    faults: FaultList
    known: Known
    question_set: str = ""
    unit: str = ""
    unfinished: int = 0
    found: dict[str, Ballot] = field(default_factory=dict)
    first: dict[str, Place] = field(default_factory=dict)  #: where each ballot's number stands first
    columns: dict[str, dict[int, Question]] = field(default_factory=dict)  #: by question set

    def samples(self, sheet: Sheet, header: Row) -> Iterator[tuple[Sample, Place]]:
        """Yield the lines of a sample plan, each with its place."""
        fields = {field_under(cell.text, SAMPLE): column for column, cell in header.cells.items()}
        crossed = {column: group for column, cell in header.cells.items() if (group := _named(cell.text, self.known.respondents))}
        for row in (row for row in sheet.rows if row.number > header.number):
            unit = self._unit(sheet, row, fields.get("unit", 0))
            mode = MODES.get(folded(_text(row, fields.get("mode"))), Mode.DIRECT)
            pairs = (
                crossed.items() if crossed else [(fields.get("planned", 0), self._respondents(sheet, row, fields.get("respondents", 0)))]
            )
            for column, respondents in pairs:
                if crossed and column not in row.cells:
                    continue
                place, text = sheet.place(row.number, column), _text(row, column)
                if not text.isdecimal() or int(text) > MOST_BALLOTS:
                    self.faults.add("bad-count", place, value=shown(text))
                elif unit and respondents:
                    yield Sample(unit=unit, respondents=respondents, planned=int(text), mode=mode), place

    def _unit(self, sheet: Sheet, row: Row, column: int) -> str:
        text, place = _text(row, column), sheet.place(row.number, column)
        found = self.known.unit(text)
        if not text:
            self.faults.add("cell-empty", place, key="unit")
        elif not found:
            self.faults.add("unknown-word", place, noun=NOUNS["party"], value=shown(text), near=suggestion(text, self.known.names))
        elif len(self.known.meant(text)) > 1:
            self.faults.add("two-units", place, value=shown(text), units=", ".join(self.known.meant(text)))
        return found

    def _respondents(self, sheet: Sheet, row: Row, column: int) -> str:
        text, words = _text(row, column), self.known.respondents
        found = _named(text, words)
        if not found:
            place = sheet.place(row.number, column)
            self.faults.add("unknown-word", place, noun=NOUNS["respondents"], value=shown(text), near=suggestion(text, words))
        return found

    def take_ballots(self, sheet: Sheet, header: Row) -> None:
        """Read every row as a ballot."""
        fields = {field_under(cell.text, BALLOT): column for column, cell in reversed(header.cells.items())}
        for row in (row for row in sheet.rows if row.number > header.number):
            if all(cell.text.startswith("#") for cell in row.cells.values()):
                continue  # KoboToolbox writes its tags under the headings
            if self._was_not_sent(row, fields):
                self.unfinished += 1
                continue
            ballot = self._ballot(sheet, row, header, fields)
            if ballot is not None:
                self.found.setdefault(ballot.key, ballot)

    @staticmethod
    def _was_not_sent(row: Row, fields: dict[str, int]) -> bool:
        """Return whether a response was never sent off, or not approved where it was collected."""
        broken_off = "submitted" in fields and not _text(row, fields["submitted"])
        return broken_off or folded(_text(row, fields.get("approved"))) in NOT_APPROVED

    def _ballot(self, sheet: Sheet, row: Row, header: Row, fields: dict[str, int]) -> Ballot | None:
        """Return the ballot of a row; None of one with a fault, every one of which is noted."""
        number, place = _text(row, fields["number"]), sheet.place(row.number, fields["number"])
        if not number:
            self.faults.add("cell-empty", place, key="id")
        elif self.first.setdefault(number, place) != place:
            self.faults.add("ballot-twice", place, value=shown(number), first=position(self.first[number]))
        asked = self._asked(sheet, row, fields.get("set"))
        unit = self._unit(sheet, row, fields["unit"]) if "unit" in fields and not self.unit else self.unit
        works_at = self.known.meant(_text(row, fields.get("from_unit")))
        own = next(iter(works_at), "")
        if unit and works_at == (unit,):
            self.faults.add("own-unit", sheet.place(row.number, fields["from_unit"]), unit=unit)
        elif unit and unit in works_at:
            place, value = sheet.place(row.number, fields["from_unit"]), shown(_text(row, fields["from_unit"]))
            self.faults.add("two-units", place, value=value, units=", ".join(works_at))
        if unit and asked is not None and asked.about and self.known.groups.get(unit, "") not in asked.about:
            self.faults.add("not-about", sheet.place(row.number, fields.get("unit", 0)), value=asked.key, unit=unit)
        answers = {} if asked is None else dict(self._answers(sheet, row, header, asked))
        if not number or asked is None or not unit:
            return None
        return Ballot(key=number, unit=unit, question_set=asked.key, answers=answers, mode=Mode.ONLINE, from_unit=own)

    def _asked(self, sheet: Sheet, row: Row, column: int | None) -> QuestionSet | None:
        text = self.question_set or _text(row, column)
        found = next((one for one in self.known.sets if folded(text) in {folded(one.key), folded(one.respondents)}), None)
        if found is None:
            keys = [one.key for one in self.known.sets]
            place = sheet.place(row.number, column or 0)
            self.faults.add("unknown-word", place, noun=NOUNS["question-set"], value=shown(text), near=suggestion(text, keys))
        return found

    def _answers(self, sheet: Sheet, row: Row, header: Row, asked: QuestionSet) -> Iterator[tuple[str, str]]:
        if asked.key not in self.columns:
            questions = ((column, _question(cell.text, asked)) for column, cell in header.cells.items())
            self.columns[asked.key] = self._columns(sheet, header, [(column, one) for column, one in questions if one is not None])
        columns = self.columns[asked.key]
        if missing := [one.key for one in asked.questions if one not in columns.values() and not one.may_skip]:
            self.faults.add("missing-column", sheet.place(header.number, 0), key=", ".join(missing))
        for column, question in columns.items():
            text = _text(row, column)
            meanings = _meanings(question).get(folded(text), ())
            meant = next(iter(meanings), "")
            if len(meanings) > 1:
                place, told = sheet.place(row.number, column), ", ".join(meanings)
                self.faults.add("two-meanings", place, value=shown(text), question=question.key, meanings=told)
            elif text and not meant:
                near = suggestion(text, [one.key for one in question.answers])
                self.faults.add("no-answer-of-these", sheet.place(row.number, column), value=shown(text), question=question.key, near=near)
            elif meant:
                yield question.key, meant

    def _columns(self, sheet: Sheet, header: Row, named: list[tuple[int, Question]]) -> dict[int, Question]:
        """Return the question of each column; two columns of one question are a fault: nobody could say which answer was given."""
        first: dict[str, int] = {}
        for column, question in named:
            if first.setdefault(question.key, column) != column:
                told = shown(_text(header, first[question.key]))
                self.faults.add("two-columns", sheet.place(header.number, column), question=question.key, first=told)
        return dict(named)


def _text(row: Row, column: int | None) -> str:
    return row.cells[column].text if column is not None and column in row.cells else ""


@cache
def _meanings(question: Question) -> dict[str, tuple[str, ...]]:
    """Return the answers to a question that a word may mean, by how they may be written: as on the form, or in words."""
    pairs = dict.fromkeys((folded(written), one.key) for one in question.answers for written in (one.words, one.key))
    return {word: tuple(key for other, key in pairs if other == word) for word, _ in pairs}


def _question(header: str, asked: QuestionSet) -> Question | None:
    """Return the question that a column is of: by its key, alone, in brackets, behind a group or before its words; or by its words."""
    inner = _IN_BRACKETS.search(header)
    names = {header, header.rpartition("/")[2], header.partition(". ")[0], inner[1] if inner else header}
    wanted = {folded(name) for name in names}
    return next((one for one in asked.questions if folded(one.key) in wanted or folded(one.words) == folded(header)), None)
