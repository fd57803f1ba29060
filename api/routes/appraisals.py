"""How far the appraisals of a cycle are."""

from __future__ import annotations

from fastapi import APIRouter

from api.asking import HasServed, Now
from api.routes.cycles import Number
from api.routes.inspections import sight_of
from api.sight import MaySee
from api.wire.described import problems
from api.wire.score_answers import AppraisalsOut
from store.queries.appraisals import list_appraisals
from store.queries.health import answering

router = APIRouter(prefix="/cycles/{id}", tags=["scores"])


@router.get("/appraisals", responses=problems(401, 404, about="cycle"))
def read_appraisals(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> AppraisalsOut:
    """The appraisals of a cycle that one may read: of your leaves how many are done, returned and waiting, and the days left."""
    with answering(served.store) as connection:
        readable, _ = sight_of(served.store, connection, seen, now=now)
        return AppraisalsOut.of(list_appraisals(served.store, connection, cycle, now=now, readable=readable, viewer=seen.facts(connection)))
