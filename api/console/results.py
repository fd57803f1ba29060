"""The results of a year as they stand: the ranking of each group, and a unit's way from its index to its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse

from api.console.result_views import Beside, Printer, node_views, table_views
from api.console.visiting import Visitor, Visits, frame_of, page
from api.routes.cycles import Number, head_for
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.commands.improvement.published import Place, places_for
from store.queries.editions import list_exemptions, list_published
from store.queries.health import answering
from store.queries.results import read_results, trace_unit
from store.queries.rights import cycle_resource
from store.score_refusals import refusing

if TYPE_CHECKING:
    from api.console.visiting import Frame
    from store.queries.health import View
    from store.queries.results import CycleResults

router = APIRouter(default_response_class=HTMLResponse)
Unit = Annotated[str, Path(min_length=1, max_length=200)]


def beside_of(found: CycleResults) -> Beside:
    """Return what stands beside the lines of results as they stand."""
    return Beside(
        names={key: one.unit.name for key, one in found.units.items()},
        maxima={key: one.totals.maximum for key, one in found.units.items()},
        titles={one.unit.scope.group: {field.key: field.title for field in one.unit.scope.criteria.fields} for one in found.units.values()},
        comparisons=found.comparisons,
        unscored=frozenset(key for key, one in found.units.items() if not one.scored),
        open_leaves=lambda unit: (found.units[unit].provisional, found.units[unit].totals.missing),
    )


@router.get("/cycles/{id}/results")  # noqa: FAST003  `Number` is its alias
def ranking(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The ranking inside each group as it stands. NoCycleError, NotAllowedError."""
    with answering(visitor.served.store) as connection, refusing():
        head_for(connection, cycle, visitor.seen, action=Action.READ_RESULTS, now=visitor.now)
        frame = frame_of(visitor, connection, here="results", cycle=cycle)
        found = read_results(visitor.served.store, connection, cycle, now=visitor.now)
        editions = list_published(connection, cycle=cycle)
        places = _places(visitor, connection, frame) if editions else []
    printer = Printer(language=visitor.language, decimals=found.rules.ranking.decimals)
    facts = {
        "tables": table_views(found.tables, beside_of(found), printer=printer),
        "settled": found.is_settled,
        "compared_with": found.compared_with,
        "editions": editions,
        "places": places,
        "published": False,
    }
    return page(visitor, "results.html", frame, facts)


def _places(visitor: Visitor, connection: View, frame: Frame) -> list[Place]:
    """Return the cycles in which the reader may let weak criteria of this one be owed."""
    if visitor.seen.person is None or frame.cycle is None:
        return []
    facts, on = visitor.seen.facts(connection), visitor.today(frame.cycle.zone)
    found = places_for(visitor.served.store, connection, frame.cycle.authority, since=frame.cycle.year, now=visitor.now)
    return [one for one in found if decide(facts, Action.IMPORT_WEAK, cycle_resource(connection, one.cycle), on=on).allowed]


@router.get("/cycles/{id}/results/units/{unit}")  # noqa: FAST003  `Number` is its alias
def trace(cycle: Number, unit: Unit, visitor: Visits) -> HTMLResponse:
    """A unit's way from its index to its leaves. NoCycleError, NotAllowedError, NoSuchPartyError."""
    with answering(visitor.served.store) as connection, refusing():
        head_for(connection, cycle, visitor.seen, action=Action.READ_RESULTS, now=visitor.now)
        frame = frame_of(visitor, connection, here="results", cycle=cycle)
        found = trace_unit(visitor.served.store, connection, cycle, unit, now=visitor.now)
        exemptions = [one for one in list_exemptions(connection, cycle, unit=unit) if one.ended_at is None]
    printer = Printer(language=visitor.language, decimals=found.rules.ranking.decimals)
    facts = {
        "unit": found.unit,
        "index": found.index,
        "scored": found.scored,
        "nodes": node_views(found.index, found.parts, provisional=found.provisional, printer=printer),
        "weak": found.weak,
        "number": printer,
        "note": found.index.note(visitor.language.value),
        "exemptions": exemptions,
        "once": uuid4().hex,
    }
    return page(visitor, "result_trace.html", frame, facts)
