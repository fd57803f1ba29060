"""
Calendars as files: the days that differ from their weekday, and how sure each year is.

Two kinds of CSV (UTF-8, commas) lie in a calendar folder; config/calendars/README.md says how they came about:

- `*-years.csv`: `year,status,source,entered_on`
- any other `*.csv`: `date,kind,name,source,decision,entered_on`

Reading gathers every fault before it refuses. The running system reads these files alone; only the import asks the
`holidays` library, and what it computes is a projection until someone enters the decision.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, TypeVar

from config.calendar_words import CALENDAR_WORDS
from config.fault_nouns import shown, suggestion
from config.fault_words import in_language
from config.faults import Fault, InputError, Place
from evaluation.workdays import SATURDAY, Calendar, DayKind, ListedDay, YearStatus

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from config.fault_words import Fact

SHIPPED = Path(__file__).with_name("calendars")
DAY_COLUMNS = ("date", "kind", "name", "source", "decision", "entered_on")
YEAR_COLUMNS = ("year", "status", "source", "entered_on")
MAKEUP_NAME = "Ngày làm bù (hoán đổi)"
VERSION_LENGTH = 12
WHOLE_FILE = Place()

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")

Word = TypeVar("Word", DayKind, YearStatus)


class CalendarError(InputError):
    """A calendar file cannot be used; every fault of every file is listed."""


@dataclass(frozen=True, kw_only=True)
class ListedYear:
    """How sure a year's working days are, and where we know it from."""

    year: int
    status: YearStatus
    source: str
    entered_on: date


@cache
def shipped_calendar() -> Calendar:
    """Return the calendar that comes with dondoc: Vietnam's public sector, 2018-2032; the files are read once."""
    return load_calendar(SHIPPED)


def load_calendar(source: Path | Iterable[Path]) -> Calendar:
    """
    Return the calendar of a folder's CSV files, or of the files given; its version is a hash of what they say.

    Raises:
        CalendarError: with all faults of all files.

    """
    paths = sorted(source.glob("*.csv")) if isinstance(source, Path) else list(source)
    reading = _Reading()
    if not paths:
        reading.fault("calendar-none", source if isinstance(source, Path) else SHIPPED)
    years = [year for path in paths if _is_years(path) for year in _read_years(path, reading)]
    worked = {year.year for year in years if year.status is not YearStatus.UNKNOWN}
    days = [day for path in paths if not _is_years(path) for day in _read_days(path, reading, years=worked)]
    reading.refuse_faults()
    return _calendar(days, years)


def read_calendar_file(path: Path, *, years: Iterable[int] | None = None) -> tuple[ListedDay, ...]:
    """
    Return a file's listed days, in its order; with `years`, a date of any other year is a fault.

    Raises:
        CalendarError: with all faults of the file.

    """
    reading = _Reading()
    days = tuple(_read_days(path, reading, years=None if years is None else set(years)))
    reading.refuse_faults()
    return days


def calendar_csv(days: Iterable[ListedDay]) -> str:
    """Return the days as the text of a calendar file, oldest first; reading it gives the days back."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(DAY_COLUMNS)
    rows.writerows(_cells(day) for day in sorted(days, key=lambda day: day.on))
    return text.getvalue()


def import_from_holidays(year: int, *, entered_on: date | None = None) -> tuple[ListedDay, ...]:
    """
    Return a year's days as the `holidays` library computes them, its version as the source of each.

    They are a projection: the library knows the law's rule, some swaps of past years and none of the coming ones.
    """
    import holidays  # noqa: PLC0415  only this command needs the library; a running system never loads it

    source = f"python holidays {version('holidays')}"
    computed = holidays.country_holidays("VN", years=year, language="vi")
    named = {(on, DayKind.OFF): name for on, name in computed.items()}
    named |= {(on, DayKind.MAKEUP_WORKDAY): MAKEUP_NAME for on in computed.weekend_workdays}
    return tuple(
        ListedDay(on=on, kind=kind, name=name, source=source, entered_on=entered_on)
        for (on, kind), name in sorted(named.items())
        if on.year == year
    )


def _calendar(days: Iterable[ListedDay], years: Iterable[ListedYear]) -> Calendar:
    in_order = tuple(sorted(days, key=lambda day: day.on))
    statuses = {year.year: year.status for year in sorted(years, key=lambda year: year.year)}
    said = [*(_cells(day) for day in in_order), *(f"{year}={status}" for year, status in statuses.items())]
    digest = hashlib.sha256(repr(said).encode()).hexdigest()[:VERSION_LENGTH]
    return Calendar(version=digest, days=in_order, years=statuses)


def _cells(day: ListedDay) -> tuple[str, ...]:
    entered_on = day.entered_on.isoformat() if day.entered_on else ""
    return (day.on.isoformat(), str(day.kind), day.name, day.source, day.decision, entered_on)


def _is_years(path: Path) -> bool:
    return path.name.endswith("-years.csv")


# Reading, fault by fault


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What was found so far, over all files of one reading."""

    faults: list[Fault] = field(default_factory=list)
    places: dict[date | int, str] = field(default_factory=dict)  #: where each date and year stood first
    unsure: set[int] = field(default_factory=set)  #: years of listed days of which nothing is known

    def fault(self, code: str, path: Path, *, place: Place = WHOLE_FILE, **facts: Fact) -> None:
        """Note a fault by its code in CALENDAR_WORDS; the facts fill its words."""
        words = CALENDAR_WORDS[code]
        what, what_vi = in_language(words.what, words.what_vi, facts)
        instead, instead_vi = in_language(words.instead, words.instead_vi, facts)
        told = {"what": what, "what_vi": what_vi, "instead": instead, "instead_vi": instead_vi}
        self.faults.append(Fault(file=str(path), line=place.line, column=place.column, cell=place.cell, code=code, **told))

    def refuse_faults(self) -> None:
        """Raise what was noted."""
        if self.faults:
            raise CalendarError(self.faults)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One line of a calendar file, cell by column."""

    path: Path
    line: int
    cells: dict[str, str]
    reading: _Reading

    def fault(self, code: str, column: str, **facts: Fact) -> None:
        """Note a fault of one cell; its column is one of the facts."""
        at = list(self.cells).index(column)
        place = Place(line=self.line, column=at + 1, cell=f"{ascii_uppercase[at]}{self.line}")
        self.reading.fault(code, self.path, place=place, column=column, **facts)

    def text(self, column: str) -> str:
        """Return the cell; an empty one is noted."""
        if not self.cells[column]:
            self.fault("calendar-empty-cell", column)
        return self.cells[column]

    def day(self, column: str) -> date | None:
        """Return the cell as a date; None, and a note, if it is none."""
        text = self.cells[column]
        try:
            if _ISO_DATE.fullmatch(text):  # the standard library takes 20260131 and 2026-W05-6 too
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.fault("calendar-date", column, value=shown(text))
        return None

    def year(self, column: str) -> int | None:
        """Return the cell as a year; None, and a note, if it is none."""
        text = self.cells[column]
        if _YEAR.fullmatch(text):
            return int(text)
        self.fault("calendar-year", column, value=shown(text))
        return None

    def word(self, column: str, words: type[Word]) -> Word | None:
        """Return the cell as one of the words; None, and a note, if it is none of them."""
        text = self.cells[column]
        try:
            return words(text)
        except ValueError:
            self.fault("calendar-word", column, value=shown(text), near=suggestion(text, tuple(words)))
            return None

    def once(self, column: str, key: date | int) -> None:
        """Note it if the date or year stands somewhere already, in this file or another of the reading."""
        here = f"{self.path.name}:{self.line}"
        first = self.reading.places.setdefault(key, here)
        if first != here:
            self.fault("calendar-duplicate", column, value=str(key), first=first)


def _read_years(path: Path, reading: _Reading) -> Iterator[ListedYear]:
    for row in _rows(path, reading, columns=YEAR_COLUMNS):
        year, status = row.year("year"), row.word("status", YearStatus)
        source, entered_on = row.text("source"), row.day("entered_on")
        if year is not None:
            row.once("year", year)
        if year is not None and status is not None and entered_on is not None:
            yield ListedYear(year=year, status=status, source=source, entered_on=entered_on)


def _read_days(path: Path, reading: _Reading, *, years: Container[int] | None) -> Iterator[ListedDay]:
    for row in _rows(path, reading, columns=DAY_COLUMNS):
        on, kind = row.day("date"), row.word("kind", DayKind)
        name, source = row.text("name"), row.text("source")
        entered_on = row.day("entered_on") if row.cells["entered_on"] else None
        if on is not None:
            _note_misplaced(row, on=on, kind=kind, years=years)
        if on is not None and kind is not None:
            yield ListedDay(on=on, kind=kind, name=name, source=source, decision=row.cells["decision"], entered_on=entered_on)


def _note_misplaced(row: _Row, *, on: date, kind: DayKind | None, years: Container[int] | None) -> None:
    row.once("date", on)
    if kind is DayKind.MAKEUP_WORKDAY and on.weekday() < SATURDAY:
        row.fault("calendar-makeup", "kind", value=str(on))
    if years is not None and on.year not in years and on.year not in row.reading.unsure:
        row.reading.unsure.add(on.year)  # once a year: a missing line of the years' file is one fault, not twenty
        row.fault("calendar-year-unknown", "date", value=on.year)


def _rows(path: Path, reading: _Reading, *, columns: tuple[str, ...]) -> Iterator[_Row]:
    """Yield the lines below the header that have as many cells as it; the columns may stand in any order."""
    lines = _lines(path, reading)
    if lines is None:
        return
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    if sorted(header) != sorted(columns):
        reading.fault("calendar-header", path, value=shown(",".join(header)), wanted=",".join(columns))
        return
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) == len(header):
            named = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            yield _Row(path=path, line=number, cells=named, reading=reading)
        else:
            reading.fault("calendar-cells", path, place=Place(line=number), found=len(cells), wanted=len(header))


def _lines(path: Path, reading: _Reading) -> list[tuple[int, list[str]]] | None:
    """Return the cells of each line with its number, in NFC; a file that cannot be read is noted and gives None."""
    try:
        content = path.read_bytes()
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
        lines = csv.reader(io.StringIO(text, newline=""))
        return [(lines.line_num, cells) for cells in lines]
    except UnicodeDecodeError as error:
        reading.fault("calendar-encoding", path, place=Place(line=error.object.count(b"\n", 0, error.start) + 1))
    except OSError as error:
        reading.fault("calendar-unreadable", path, why=error.strerror or "?")
    except csv.Error as error:
        reading.fault("calendar-unreadable", path, why=str(error))
    return None
