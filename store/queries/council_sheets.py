"""What a member of the council reads before voting on a unit: its index, the three scores of each leaf, explanations, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.scores.index import deepening
from evaluation.scores.sheets import Entry
from store.queries.council_sight import hidden_of_own
from store.queries.results import read_results, trace_unit
from store.queries.score_sight import as_seen
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from evaluation.rights import ActorFacts
    from evaluation.scores.index import Figure
    from store.queries.council_lines import CouncilView
    from store.queries.results import UnitStanding, UnitTrace
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
    hidden: bool = False  #: something was given or is proposed that the viewer does not see yet


@dataclass(frozen=True, kw_only=True)
class CouncilSheet:
    """A unit's sheet as the council reads it."""

    trace: UnitTrace
    lines: tuple[LeafLine, ...]


def council_units(
    store: Store, connection: Connection, view: CouncilView, *, now: datetime, viewer: ActorFacts | None = None
) -> tuple[UnitLine, ...]:
    """Return the units of the council's cycle with their index as a viewer sees it (`store.queries.council_sight`). ScoreError."""
    found = read_results(store, connection, view.cycle, now=now)
    hidden = hidden_of_own(store, connection, view, viewer=viewer, now=now)
    own = {
        key: _of_trace(trace_unit(store, connection, view.cycle, key, now=now, without=nodes))
        for key, nodes in hidden.items()
        if nodes and key in found.units
    }
    return tuple(own[key] if key in own else _of_standing(key, one) for key, one in found.units.items())


def _of_standing(key: str, one: UnitStanding) -> UnitLine:
    index = one.totals.index if one.scored else None
    return UnitLine(unit=key, name=one.unit.name, index=index, provisional=one.provisional, missing=one.totals.missing)


def _of_trace(trace: UnitTrace) -> UnitLine:
    return UnitLine(
        unit=trace.unit.key,
        name=trace.unit.name,
        index=trace.index.index if trace.scored else None,
        provisional=len(trace.provisional),
        missing=len(trace.index.whole.missing),
    )


def council_sheet(  # noqa: PLR0913  of which unit, when, for whom
    store: Store, connection: Connection, view: CouncilView, unit: str, *, now: datetime, viewer: ActorFacts | None = None
) -> CouncilSheet:
    """
    Return a unit's sheet as the council reads it; a member of that unit sees of it what the unit does (`store.queries.council_sight`).

    Raises:
        NoSuchPartyError: the cycle measures no such unit.
        ScoreError: a score is not in order.

    """
    hidden = hidden_of_own(store, connection, view, viewer=viewer, now=now).get(unit, frozenset())
    trace = trace_unit(store, connection, view.cycle, unit, now=now, without=hidden)
    year = load_year(store, connection, view.cycle, now=now)
    held = read_sheet(store, connection, year, trace.unit.party)
    entries: Mapping[str, Entry] = {} if held is None else as_seen(held, hidden).sheet.entries
    open_ones = [one for session in view.sessions for one in session.matters if one.unit == unit and not one.outcome]
    proposed = {node: points for one in open_ones for node, points in one.scores.items() if node not in hidden}
    lines = tuple(
        LeafLine(
            figure=figure,
            depth=depth,
            entry=entries.get(figure.node, Entry(node=figure.node)),
            proposed=proposed.get(figure.node, ""),
            hidden=figure.node in hidden,
        )
        for figure, depth in deepening(trace.index.fields)
    )
    return CouncilSheet(trace=trace, lines=lines)
