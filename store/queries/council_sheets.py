"""What a member of the council reads before voting on a unit: its index, the three scores of each leaf, explanations, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.scores.index import deepening
from evaluation.scores.sheets import Entry
from store.queries.results import read_results, trace_unit
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from evaluation.scores.index import Figure
    from store.queries.council_lines import CouncilView
    from store.queries.results import UnitTrace
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A unit that the council may be asked about, as its scores stand."""

    unit: str  #: key
    name: str
    index: Decimal | None  #: None: none of its leaves but the survey's has a score
    provisional: int  #: leaves of which only the unit's own score is there
    missing: int  #: leaves without a score


@dataclass(frozen=True, kw_only=True)
class LeafLine:
    """A node of a unit's sheet; of a leaf its three scores and the words beside them."""

    figure: Figure
    depth: int
    entry: Entry
    proposed: str  #: the final score that an open matter settles if it is carried; empty: none


@dataclass(frozen=True, kw_only=True)
class CouncilSheet:
    """A unit's sheet as the council reads it."""

    trace: UnitTrace
    lines: tuple[LeafLine, ...]


def council_units(store: Store, connection: Connection, view: CouncilView, *, now: datetime) -> tuple[UnitLine, ...]:
    """Return the units of the council's cycle with their index as it stands. ScoreError."""
    found = read_results(store, connection, view.cycle, now=now)
    return tuple(
        UnitLine(
            unit=key,
            name=one.unit.name,
            index=one.totals.index if one.scored else None,
            provisional=one.provisional,
            missing=one.totals.missing,
        )
        for key, one in found.units.items()
    )


def council_sheet(store: Store, connection: Connection, view: CouncilView, unit: str, *, now: datetime) -> CouncilSheet:
    """
    Return a unit's sheet as the council reads it.

    Raises:
        NoSuchPartyError: the cycle measures no such unit.
        ScoreError: a score is not in order.

    """
    trace = trace_unit(store, connection, view.cycle, unit, now=now)
    year = load_year(store, connection, view.cycle, now=now)
    held = read_sheet(store, connection, year, trace.unit.party)
    entries: Mapping[str, Entry] = {} if held is None else held.sheet.entries
    open_ones = [one for session in view.sessions for one in session.matters if one.unit == unit and not one.outcome]
    proposed = {node: points for one in open_ones for node, points in one.scores.items()}
    lines = tuple(
        LeafLine(
            figure=figure, depth=depth, entry=entries.get(figure.node, Entry(node=figure.node)), proposed=proposed.get(figure.node, "")
        )
        for figure, depth in deepening(trace.index.fields)
    )
    return CouncilSheet(trace=trace, lines=lines)
