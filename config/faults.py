"""
Faults: what is wrong in an input file, where it stands, and what to write instead.

```
InputError          a file cannot be used; it carries every fault that was found, never only the first
├── CalendarError   a calendar (config.calendar_files)
├── CriteriaError   a criteria set
├── FormError       the form of a report
├── PlanError       a plan
├── RosterError     a roster
├── SheetError      a unit's sheet, or ballots (config.scores_reading)
└── SurveyError     question sets, a sample plan or ballots of a survey
```

The words, in English and Vietnamese, are tables: `config.fault_words`, `config.criteria_fault_words` for criteria sets and
`config.scores_fault_words` for sheets and ballots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.criteria_fault_words import CRITERIA_FAULT_WORDS
from config.fault_words import FAULT_WORDS, in_language
from config.scores_fault_words import SCORES_FAULT_WORDS
from config.survey_fault_words import SURVEY_FAULT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from config.fault_words import Fact


_EVERY_WORD = FAULT_WORDS | CRITERIA_FAULT_WORDS | SCORES_FAULT_WORDS | SURVEY_FAULT_WORDS


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in a file: line and column, both from 1; in a table also the cell as a spreadsheet names it."""

    line: int = 1
    column: int = 1
    cell: str = ""  #: `Đơn vị!B7` in a workbook, `B7` in a CSV file
    file: str = ""  #: where it is not the file that the list of faults is about


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong in a file."""

    file: str
    line: int
    column: int
    what: str
    instead: str
    what_vi: str = ""
    instead_vi: str = ""
    code: str = ""  #: its line in the tables of words
    cell: str = ""

    @property
    def where(self) -> str:
        """Return `file:line:column`, or `file:sheet!B7` in a table."""
        return f"{self.file}:{self.cell}" if self.cell else f"{self.file}:{self.line}:{self.column}"

    def text(self, language: str = "vi") -> str:
        """Return the fault as one line in `vi` or `en`."""
        if language == "vi" and self.what_vi:
            return f"{self.where}: {self.what_vi} — {self.instead_vi}"
        return f"{self.where}: {self.what} — {self.instead}"

    def __str__(self) -> str:
        return self.text("en")


def _order(fault: Fault) -> tuple[str, str, int, int, str]:
    sheet = fault.cell.rpartition("!")[0]
    return fault.file, sheet, fault.line, fault.column, fault.what


class InputError(ValueError):
    """A file cannot be used; nothing of it was taken."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep every fault, in the order of the file."""
        self.faults = tuple(sorted(faults, key=_order))
        super().__init__(self.text("en"))

    def text(self, language: str = "vi") -> str:
        """Return the faults, one a line, in `vi` or `en`."""
        return "\n".join(fault.text(language) for fault in self.faults)


class CriteriaError(InputError):
    """A criteria set cannot be used."""


class FormError(InputError):
    """The form of a report cannot be used."""


class PlanError(InputError):
    """A plan cannot be used."""


class RosterError(InputError):
    """A roster cannot be used."""


class SheetError(InputError):
    """A unit's sheet, or an export of ballots, cannot be used."""


class WeakError(InputError):
    """The results of last year cannot be used."""


class SurveyError(InputError):
    """Question sets, a sample plan or ballots of a survey cannot be used."""


@dataclass(kw_only=True)
class FaultList:
    """The faults found so far in one file; the same fault at the same place is kept once."""

    file: str
    found: dict[tuple[Place, str, str], Fault] = field(default_factory=dict)

    def add(self, code: str, place: Place, **facts: Fact) -> None:
        """Note a fault by its code in the tables of words; the facts fill its words."""
        words = _EVERY_WORD[code]
        what, what_vi = in_language(words.what, words.what_vi, facts)
        instead, instead_vi = in_language(words.instead, words.instead_vi, facts)
        fault = Fault(
            file=place.file or self.file,
            line=place.line,
            column=place.column,
            cell=place.cell,
            code=code,
            what=what,
            what_vi=what_vi,
            instead=instead,
            instead_vi=instead_vi,
        )
        self.found.setdefault((place, code, what), fault)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found.values())

    def __bool__(self) -> bool:
        return bool(self.found)


def only_fault(code: str, *, file: Path | str, **facts: Fact) -> list[Fault]:
    """Return the one fault of a file that could not even be read."""
    faults = FaultList(file=str(file))
    faults.add(code, Place(), **facts)
    return list(faults.found.values())
