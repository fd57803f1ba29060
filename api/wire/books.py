"""Books of sheets on the wire: what became, or would become, of each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.wire.schemas import FaultOut, Wire

if TYPE_CHECKING:
    from notifications.letters import Language
    from store.commands.scores.books import UnitOutcome


class BookUnitOut(Wire):
    """A unit of a book."""

    unit: str
    """Key, as the book names it."""
    name: str
    """Empty: there is no such unit."""
    rows: int
    """That the book has of it."""
    changed: int
    """Leaves that are, or would be, changed."""
    refused: int
    """Faults; while there is one nothing of the unit is taken."""
    faults: list[FaultOut]
    """Each at its cell; of a book with very many the first of them."""


class BookOut(Wire):
    """What became of a book."""

    written: bool
    """False: it was only looked at, or nothing was taken."""
    units: list[BookUnitOut]

    @classmethod
    def of(cls, outcomes: tuple[UnitOutcome, ...], *, written: bool, language: Language) -> BookOut:
        """Return it as it is told."""
        return cls(written=written, units=[_unit(one, language=language) for one in outcomes])


def _unit(one: UnitOutcome, *, language: Language) -> BookUnitOut:
    said = [
        FaultOut(where=fault.cell, text=f"{fault.what_vi} — {fault.instead_vi}" if language == "vi" else f"{fault.what} — {fault.instead}")
        for fault in one.faults
    ]
    return BookUnitOut(unit=one.unit, name=one.name, rows=one.rows, changed=one.changed, refused=one.refused, faults=said)
