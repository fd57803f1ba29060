"""
Books of sheets come back: each unit is looked at by doing what it asks for and taking that back; then all are taken, or the faultless ones.

Nothing is half done within a unit. Memory holds one unit's sheet at a time, and the rows that say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from config.fault_nouns import Both
from config.faults import FaultList
from config.scores_book_reading import read_book
from evaluation.scores.books import take_rows
from evaluation.scores.faults import require
from evaluation.scores.sheets import Part
from store.commands.bulk_rows import REFUSALS
from store.commands.scores.appraising import claimed_faults, hold_appraisal
from store.commands.scores.held import act_of, hold_sheet, no_sheet
from store.commands.scores.scoring import SELF, require_in_hand
from store.queries.books import STAGES, known_units, obligations_by_leaf
from store.queries.score_sight import as_seen, hidden_leaves
from store.refusals import RefusalError
from store.rights import authorise_leaves
from store.score_changes import keep
from store.score_refusals import SheetFaultsError, StaleLeafError, refusing
from store.scores import read_sheet
from store.years import hold_year, load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from config.faults import Fault
    from config.scores_book_reading import ReadBook
    from evaluation.rights import ActorFacts
    from evaluation.scores.books import BookRow
    from store.actors import Actor
    from store.session import Store, Transaction

_JOURNALED = {Part.SELF: "score", Part.APPRAISED: "appraise"}  #: what the journal calls it


class Take(StrEnum):
    """What is taken of a book."""

    LOOK = "look"  #: nothing: what would become of each unit is told
    ALL = "all"  #: all of it, or nothing where a unit has a fault
    FAULTLESS = "faultless"  #: every unit without a fault, each whole


@dataclass(frozen=True, kw_only=True)
class UnitOutcome:
    """What became, or would become, of a unit of a book."""

    unit: str  #: key, as the book names it
    name: str  #: empty: there is no such unit
    rows: int = 0  #: that the book has of it
    changed: int = 0  #: leaves
    faults: tuple[Fault, ...] = ()  #: why nothing of it is taken, each by its cell
    refused: int = 0  #: faults, told or not

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the unit is taken."""
        return self.refused > 0


@dataclass(frozen=True, kw_only=True)
class BookTaker:
    """Who takes a book in, of which cycle, as of when; without facts the system does."""

    store: Store
    cycle: int
    now: datetime
    actor: Actor
    facts: ActorFacts | None = None

    def read(self, path: Path, *, name: str = "", progress: Callable[[int, int], None] | None = None) -> OpenBook:
        """Return a book that came back. SheetError: it is none of the cycle; NoSuchCycleError."""
        with self.store.reading() as connection:
            year = load_year(self.store, connection, self.cycle, now=self.now)
            units = known_units(self.store, connection, year)
        read = read_book(path, units, cycle=str(self.cycle), name=name, progress=progress)
        return OpenBook(taker=self, read=read, names={key: unit.name for key, unit in units.items()})


class _LookedAtError(Exception):
    """A look is over; nothing of it is kept."""

    def __init__(self, changed: int) -> None:
        self.changed = changed


class BookRefusedError(RefusalError):
    """A book is not taken as a whole: some units have faults; nothing of it was written."""

    def __init__(self, outcomes: tuple[UnitOutcome, ...]) -> None:
        """Keep what would become of each unit."""
        self.outcomes = outcomes
        refused = sum(one.is_refused for one in outcomes)
        vi = f"{refused} đơn vị trong bảng có lỗi, chưa ghi gì: sửa các ô được nêu, hoặc chỉ nhận các đơn vị không có lỗi"
        en = f"{refused} units of the workbook have faults, nothing was written: mend the cells, or take the units without a fault alone"
        super().__init__(vi, en)


@dataclass(frozen=True, kw_only=True)
class OpenBook:
    """A book that was read, and who takes it in."""

    taker: BookTaker
    read: ReadBook
    names: Mapping[str, str]  #: of units, by key

    def act(self, take: Take, *, progress: Callable[[int, int], None] | None = None) -> tuple[tuple[UnitOutcome, ...], bool]:
        """Look at it or take it in; return what became, or would become, of each unit, and whether anything was written."""
        match take:
            case Take.LOOK:
                return self.look(progress=progress), False
            case Take.FAULTLESS:
                return self.take_faultless(progress=progress), True
            case Take.ALL:
                try:
                    return self.take_all(progress=progress), True
                except BookRefusedError as refused:
                    return refused.outcomes, False

    def look(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[UnitOutcome, ...]:
        """Return what would become of each unit; nothing is written."""
        return self._each(self._looked, progress)

    def take_faultless(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[UnitOutcome, ...]:
        """Take every unit without a fault, each in its own transaction, and return what became of each."""
        return self._each(self._taken, progress)

    def take_all(self, *, progress: Callable[[int, int], None] | None = None) -> tuple[UnitOutcome, ...]:
        """
        Take every unit in one transaction, and return what became of each.

        Raises:
            BookRefusedError: a unit has a fault; nothing is written.
        """
        looked = self.look(progress=progress)
        if any(one.is_refused for one in looked):
            raise BookRefusedError(looked)
        unit = ""
        try:
            with self.taker.store.transaction(now=self.taker.now, actor=self.taker.actor) as transaction:
                for unit, rows in self.read.rows.items():
                    self._take(transaction, unit, rows)
        except REFUSALS as refused:  # somebody came between the look and this
            again = tuple(self._refused(one, refused) if one.unit == unit else one for one in looked)
            raise BookRefusedError(again) from refused
        return looked

    def _each(self, act: Callable[[str], int], progress: Callable[[int, int], None] | None) -> tuple[UnitOutcome, ...]:
        found = []
        for number, unit in enumerate(self.read.counted, start=1):
            found.append(self._outcome(unit, act))
            if progress is not None:
                progress(number, len(self.read.counted))
        return tuple(found)

    def _outcome(self, unit: str, act: Callable[[str], int]) -> UnitOutcome:
        faults, refused = tuple(self.read.faults.get(unit, ())), self.read.refused[unit]
        before = UnitOutcome(unit=unit, name=self.names.get(unit, ""), rows=self.read.counted[unit], faults=faults, refused=refused)
        if before.is_refused or not self.read.rows.get(unit):
            return before
        try:
            return replace(before, changed=act(unit))
        except REFUSALS as error:
            return self._refused(before, error)

    def _looked(self, unit: str) -> int:
        try:
            with self.taker.store.transaction(now=self.taker.now, actor=self.taker.actor) as transaction:
                raise _LookedAtError(self._take(transaction, unit, self.read.rows[unit]))  # noqa: TRY301  the one way out that takes it back
        except _LookedAtError as looked:
            return looked.changed

    def _taken(self, unit: str) -> int:
        with self.taker.store.transaction(now=self.taker.now, actor=self.taker.actor) as transaction:
            return self._take(transaction, unit, self.read.rows[unit])

    def _take(self, transaction: Transaction, unit: str, rows: Mapping[str, BookRow]) -> int:
        """Take a unit's rows, each in the course of the obligation that it belongs to, and return how many leaves that changed."""
        taker, part = self.taker, self.read.part
        year = hold_year(taker.store, transaction, taker.cycle)
        sheet = read_sheet(taker.store, transaction.connection, year, year.people.ids[unit])
        shares = {} if sheet is None else obligations_by_leaf(transaction.connection, year, sheet, part, rows, now=taker.now)
        if not shares:
            raise no_sheet()
        return sum(self._share(transaction, ident, {node: rows[node] for node in nodes}) for ident, nodes in shares.items())

    def _share(self, transaction: Transaction, obligation: int, rows: Mapping[str, BookRow]) -> int:
        taker, part = self.taker, self.read.part
        authorise_leaves(taker.store, transaction, obligation, STAGES[part][1], nodes=tuple(rows), facts=taker.facts)
        if part is Part.SELF:
            held = hold_sheet(taker.store, transaction, obligation, kinds=SELF)
            require_in_hand(held)
        else:
            held = hold_appraisal(taker.store, transaction, obligation)
        hidden = hidden_leaves(taker.store, transaction.connection, held.year, held.unit, viewer=taker.facts, now=taker.now)
        seen = as_seen(held.unit, hidden).sheet
        with refusing():
            faults = list(claimed_faults(transaction, held, rows)) if part is Part.APPRAISED else []
            free = {node: row for node, row in rows.items() if node not in {one.node for one in faults}}
            after, refused = take_rows(held.sheet, free, seen=seen, part=part, act=act_of(transaction))
            require((*faults, *refused))
        return len(keep(transaction, held, after, action=_JOURNALED[part]))

    def _refused(self, before: UnitOutcome, error: Exception) -> UnitOutcome:
        """Return what is wrong with a unit, each fault at the cell that it is about, else in the unit's first row."""
        rows, faults = self.read.rows[before.unit], FaultList(file=self.read.file)
        first = min(row.number for row in rows.values())
        if isinstance(error, SheetFaultsError):
            for one in error.faults:
                place = self.read.place(rows[one.node].number if one.node in rows else first, one.about)
                faults.add("sheet-score", place, said=Both(en=one.en, vi=one.vi), mend=Both(en=one.mend_en, vi=one.mend_vi))
        else:
            row = rows[error.node].number if isinstance(error, StaleLeafError) and error.node in rows else first
            vi, en = (error.vi, error.en) if isinstance(error, RefusalError) else (str(error), str(error))
            faults.add("book-unit-refused", self.read.place(row, "key"), said=Both(en=en, vi=vi))
        return replace(before, changed=0, faults=tuple(sorted(faults, key=lambda one: (one.line, one.column))), refused=len(faults.found))
