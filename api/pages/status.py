"""
The status page: each cycle's stages with their counts, and who owes what.

The links of mails lead here too: `/cycles/{id}` shows one cycle, `/obligations/{id}` one obligation within its cycle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.asking import HasServed, Now, Served
from api.errors import NoCycleError, NoObligationError
from api.languages import Spoken
from api.pages.rendering import render_page
from api.pages.subjects import read_subjects
from api.pages.views import CycleView, Seen, cycle_view, last_tick_said
from api.responses import html
from api.routes.cycles import Number
from api.sight import MaySee
from store.queries.health import answering
from store.queries.obligations import Page, Wanted, find_obligations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.queries.health import View
    from store.queries.obligations import ObligationLine
    from store.queries.status import CycleStatus

router = APIRouter(default_response_class=HTMLResponse)
MOST_OF_MANY = 20  #: owed lines of each cycle where there are several
MOST_OF_ONE = 200


@router.get("/")
def all_cycles(rows: MaySee, served: HasServed, now: Now, language: Spoken) -> HTMLResponse:
    """Every cycle that may be seen."""
    seen = Seen(language=language, now=now)
    with answering(served.store) as connection:
        cycles = [one.status for one in rows.cycles(served.store, connection, now=now)]
        wanted = rows.narrowed(Wanted(in_force=True), served.store, connection, now=now)
        page = Page(per_cycle=MOST_OF_MANY + 1)
        owed = find_obligations(served.store, connection, wanted, now=now, page=page)
        views = _views(connection, cycles, owed=owed, most=MOST_OF_MANY, seen=seen)
    return _page(served, views, seen=seen, narrowed="")


@router.get("/cycles/{id}")  # noqa: FAST003  `Number` is its alias
def one_cycle(cycle: Number, rows: MaySee, served: HasServed, now: Now, language: Spoken) -> HTMLResponse:
    """One cycle, with more of what is owed in it."""
    seen = Seen(language=language, now=now)
    with answering(served.store) as connection:
        cycles = [one.status for one in rows.cycles(served.store, connection, now=now, cycle=cycle)]
        if not cycles:
            raise NoCycleError(cycle)
        wanted = rows.narrowed(Wanted(cycle=cycle, in_force=True), served.store, connection, now=now)
        owed = find_obligations(served.store, connection, wanted, now=now, page=Page(at_most=MOST_OF_ONE + 1))
        views = _views(connection, cycles, owed=owed, most=MOST_OF_ONE, seen=seen)
    return _page(served, views, seen=seen, narrowed="cycle")


@router.get("/obligations/{id}")  # noqa: FAST003  `Number` is its alias
def one_obligation(obligation: Number, rows: MaySee, served: HasServed, now: Now, language: Spoken) -> HTMLResponse:
    """One obligation, whatever its state, within its cycle."""
    seen = Seen(language=language, now=now)
    with answering(served.store) as connection:
        wanted = rows.narrowed(Wanted(obligation=obligation), served.store, connection, now=now)
        owed = find_obligations(served.store, connection, wanted, now=now)
        if not owed:
            raise NoObligationError(obligation)
        cycles = [one.status for one in rows.cycles(served.store, connection, now=now, cycle=owed[0].cycle)]
        views = _views(connection, cycles, owed=owed, most=1, seen=seen)
    return _page(served, views, seen=seen, narrowed="obligation")


def _views(connection: View, cycles: Sequence[CycleStatus], *, owed: Sequence[ObligationLine], most: int, seen: Seen) -> list[CycleView]:
    stages = {(cycle.cycle, stage.stage): stage for cycle in cycles for stage in cycle.stages}
    subjects = read_subjects(connection, owed, stages=stages)
    of_cycle: dict[int, list[ObligationLine]] = {cycle.cycle: [] for cycle in cycles}
    for line in owed:
        of_cycle[line.cycle].append(line)
    return [cycle_view(cycle, owed=of_cycle[cycle.cycle], most=most, subjects=subjects, seen=seen) for cycle in cycles]


def _page(served: Served, views: Sequence[CycleView], *, seen: Seen, narrowed: str) -> HTMLResponse:
    found = served.vitals.find(seen.now)
    page = render_page(
        "status.html",
        language=seen.language,
        cycles=views,
        narrowed=narrowed,
        warnings=[reason.said(seen.language) for reason in found.reasons],
        last_tick=last_tick_said(found.health.last_tick if found.health else None, language=seen.language),
    )
    return html(page, language=seen.language)
