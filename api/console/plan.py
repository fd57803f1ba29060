"""The plan of a year: its stages over the days of the year, each line word by word, and in what it differs from the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.console.gantt import Band, Scale, months_of, off_days_of, percent, scale_of
from api.console.plan_changes import ChangeView, change_views
from api.console.plan_lines import LineView, PlanSaid, line_views
from api.console.visiting import Visitor, Visits, frame_of, page
from api.problems.errors import NoCycleError
from api.routes.cycles import Number, head_for
from evaluation.plan_changes import plan_changes
from evaluation.rights import Action
from evaluation.workdays import UnknownYearError
from store.queries.health import answering
from store.queries.letter_facts import read_names
from store.queries.plan_years import Owing, RunningPlan, owing_of, progress_of, running_plan, year_before
from store.queries.sight import cycles_permitted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from store.queries.frame import FrameCycle
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What stands behind the bars."""

    months: list[Band]
    off: list[Band]
    today: str  #: where today's line is; empty outside the drawing


@dataclass(frozen=True, kw_only=True)
class Before:
    """The year before, and in what this one differs from it."""

    cycle: int
    year: int
    changes: list[ChangeView]


@router.get("/cycles/{id}/plan")  # noqa: FAST003  `Number` is its alias
def plan(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The plan of a year. NoCycleError, NotAllowedError."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="plan", cycle=cycle)
        head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        try:
            facts = _facts(visitor, connection, frame.cycle)
        except UnknownYearError as error:
            return page(visitor, "plan.html", frame, {"missing": error.year})
        return page(visitor, "plan.html", frame, {"missing": None, **facts})


def _facts(visitor: Visitor, connection: View, cycle: FrameCycle) -> Mapping[str, object]:
    store, now, visible = visitor.served.store, visitor.now, visitor.seen.sandboxes
    earlier = _earlier(visitor, connection, cycle)
    owing = owing_of(connection, [cycle.id, *([] if earlier is None else [earlier])], now=now, visible=visible)
    running = running_plan(store, connection, cycle.id, owing=owing[cycle.id], now=now)
    today = visitor.today(cycle.zone)
    scale = scale_of(running.plan.windows, today=today)
    said = PlanSaid(
        visitor=visitor,
        running=running,
        scale=scale,
        owing=owing[cycle.id],
        progress=progress_of(connection, cycle.id, now=now, visible=visible),
        names=read_names(store, connection, cycle.authority),
        today=today,
    )
    lines: list[LineView] = line_views(said)
    return {
        "lines": lines,
        "drawing": _drawing(scale, running, today=today),
        "running": running,
        "before": None if earlier is None else _before(visitor, connection, earlier, running=running, owing=owing),
    }


def _earlier(visitor: Visitor, connection: View, cycle: FrameCycle) -> int | None:
    """Return the cycle of the year before, if it may be read."""
    found, seen = year_before(connection, cycle.id), visitor.seen
    if found is None or seen.person is None:
        return found
    permitted = cycles_permitted(connection, seen.facts(connection), Action.READ_STATUS, now=visitor.now)
    return found if found in permitted else None


def _before(
    visitor: Visitor, connection: View, earlier: int, *, running: RunningPlan, owing: Mapping[int, Mapping[str, list[Owing]]]
) -> Before | None:
    """Return in what the year differs from that one; None where its dates cannot be told any more."""
    try:
        was = running_plan(visitor.served.store, connection, earlier, owing=owing[earlier], now=visitor.now)
    except UnknownYearError:
        return None
    names = {one.key: one.name for of_cycle in owing.values() for parties in of_cycle.values() for one in parties}
    changes = change_views(visitor, plan_changes(was.plan, running.plan), names=names)
    return Before(cycle=earlier, year=was.plan.year, changes=changes)


def _drawing(scale: Scale, running: RunningPlan, *, today: date) -> Drawing:
    line = percent(scale.x(today)) if scale.holds(today) else ""
    return Drawing(months=months_of(scale), off=off_days_of(scale, calendar=running.year.rulebook.calendar), today=line)
