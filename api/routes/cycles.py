"""Cycles: which years are under way and how far they are; the status table; the plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Path, Request, Response

from api.asking import HasServed, Now
from api.kept import HasKept, Kept, kept, tagged
from api.problems.errors import NoCycleError
from api.sight import MaySee, Seeing
from api.wire.described import of_a_look, problems
from api.wire.etags import etag_of
from api.wire.office import PlanOut
from api.wire.reading import StatusOut
from api.wire.schemas import CycleDetailOut, CycleOut, CyclesOut
from evaluation.rights import Action, Resource, decide
from store.queries.health import answering
from store.queries.plans import plan_in_force
from store.queries.status_table import CycleHead, cycle_head, next_change, status_table
from store.rights import NotAllowedError

if TYPE_CHECKING:
    from store.queries.health import View

router = APIRouter(tags=["cycles"])
#: The largest number that a key can be.
LARGEST = 2**63 - 1
Number = Annotated[int, Path(alias="id", ge=1, le=LARGEST)]
UNCHANGED: dict[int | str, dict[str, str]] = {304: {"description": "Như lần trước (`If-None-Match`) / as it was (`If-None-Match`)"}}


@router.get("/cycles", responses=problems(401))
def list_cycles(seen: MaySee, served: HasServed, now: Now) -> CyclesOut:
    """Every cycle of which one may read anything; counted is what one may read."""
    with answering(served.store) as connection:
        found = seen.cycles(served.store, connection, now=now)
    return CyclesOut(items=[CycleOut.of(one.status, whole=one.whole) for one in found])


@router.get("/cycles/{id}", responses=problems(401, 404, about="cycle"))  # noqa: FAST003  `Number` is its alias
def read_cycle(cycle: Number, seen: MaySee, served: HasServed, now: Now, response: Response) -> CycleDetailOut:
    """One cycle, with its stages in the plan's order; counted is what one may read; `ETag`, for a change of the whole."""
    with answering(served.store) as connection:
        found = seen.cycles(served.store, connection, now=now, cycle=cycle)
    if not found:
        raise NoCycleError(cycle)
    response.headers["ETag"] = etag_of(found[0].status.moves)
    return CycleDetailOut.of(found[0].status, whole=found[0].whole)


@router.get("/cycles/{id}/status", response_model=StatusOut, responses={**of_a_look("cycle"), **UNCHANGED})  # noqa: FAST003
def read_status(  # noqa: PLR0913
    cycle: Number, seen: MaySee, served: HasServed, now: Now, *, answers: HasKept, request: Request
) -> Response:
    """
    A cycle as a table, units by stages.

    Its `ETag` changes when the journal of the authority has moved, when something falls due, and with the day; until then it is answered
    from memory, and `If-None-Match` with 304.
    """
    with answering(served.store) as connection:
        head = head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        answer = answers.get((cycle, seen.sandboxes))
        if answer is None or not answer.holds(journal=head.journal, day=_day(head, now), now=now):
            answer = _fresh(connection, head, visible=seen.sandboxes, now=now)
            answers.put((cycle, seen.sandboxes), answer)
    return tagged(request, answer.body, tag=answer.tag)


@router.get("/cycles/{id}/plan", response_model=PlanOut, responses={**of_a_look("cycle"), **UNCHANGED})  # noqa: FAST003
def read_plan(cycle: Number, seen: MaySee, served: HasServed, now: Now, request: Request) -> Response:
    """The plan of a cycle, word by word, in the version in force; `ETag`."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        plan = PlanOut.model_validate(plan_in_force(connection, cycle))
    body = orjson.dumps(plan.model_dump(mode="json"))
    return tagged(request, body, tag=f'"{cycle}-{plan.version}-{plan.sha256[:12]}"')


def head_for(  # noqa: PLR0913  of what, for whom, and what they do
    connection: View, cycle: int, seen: Seeing, *, action: Action, now: datetime, resource: Resource | None = None
) -> CycleHead:
    """
    Return the head of a cycle on which the policy lets somebody do something.

    The posts that they hold today are asked first: signing in has read them. Only where these do not give it, those that they stand in for
    are read. `resource`: the cycle as far as this right goes, where more is asked than who runs it.

    Raises:
        NoCycleError: there is none, or none that one may know of.
        NotAllowedError: the policy says no.

    """
    head = cycle_head(connection, cycle)
    if head is None or (seen.sandboxes and not head.sandbox):
        raise NoCycleError(cycle)
    if seen.person is None:
        return head
    plain = Resource(authority=head.authority, standing_bodies=frozenset({head.standing_body}), chairs=frozenset({head.chair}))
    resource = plain if resource is None else resource
    if decide(seen.own_facts(), action, resource, on=_day(head, now)).allowed:
        return head
    verdict = decide(seen.facts(connection), action, resource, on=_day(head, now))
    if verdict.hidden:
        raise NoCycleError(cycle)
    if not verdict.allowed:
        raise NotAllowedError(verdict, action=action)
    return head


def _day(head: CycleHead, now: datetime) -> date:
    return now.astimezone(ZoneInfo(head.zone)).date()


def _fresh(connection: View, head: CycleHead, *, visible: bool, now: datetime) -> Kept:
    table = status_table(connection, head.id, now=now, visible=visible)
    until = next_change(connection, head.id, now=now, visible=visible)
    body = orjson.dumps({"cycle": head.id, **table})
    return kept(body, journal=head.journal, day=_day(head, now), since=now, until=until)
