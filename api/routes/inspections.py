"""Inspections: the year's choice of units, one inspection from its day to its conclusions, its findings to their end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import Changing, Doing, MayChange, MayMove
from api.changing.idempotency import answer_of
from api.problems.errors import NoObligationError
from api.routes.cycles import Number, head_for
from api.routes.obligations import refuse
from api.sight import MaySee, Seeing
from api.wire.described import OF_A_CHANGE, OF_A_MOVE, of_a_look, problems
from api.wire.inspection_answers import (
    DrawOut,
    FindingOut,
    FindingsOut,
    InspectionDetailOut,
    InspectionOut,
    InspectionsOut,
    PlannedOut,
    ReachedOut,
)
from api.wire.inspections import (
    ConclusionsIn,
    DrawIn,
    LookIn,
    MinutesIn,
    PlanInspectionsIn,
    RemedyIn,
    ReopenIn,
    ScheduleIn,
    TeamIn,
)
from api.wire.work import ReasonIn
from api.wire.work_answers import WorkOut
from evaluation.rights_table import Action
from store.commands.inspections import concluding, drawing, holding, planning, reinspecting, remedying
from store.commands.inspections.held import NoSuchInspectionError, finding_numbered, finding_remedied_by
from store.commands.papers import require_paper
from store.queries.health import answering
from store.queries.inspection_coverage import coverage_of, list_draws
from store.queries.inspections import cycle_of, list_findings, list_inspections
from store.queries.people import authority_of_obligation, contact_named
from store.queries.rights import cycle_resource
from store.queries.sight import of_sandboxes, permitted
from store.rights import NotAllowedError
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from store.idempotency import Answer
    from store.queries.health import View
    from store.queries.inspection_lines import InspectionLine
    from store.queries.people import AuthorityFacts
    from store.queries.sight import Readable
    from store.session import Store, Transaction

of_cycle = APIRouter(prefix="/cycles/{id}", tags=["inspections"])
of_inspection = APIRouter(prefix="/inspections/{id}", tags=["inspections"])
of_remedy = APIRouter(prefix="/obligations/{id}", tags=["inspections"])
Found = Annotated[str, Path(pattern="^[1-9][0-9]{0,5}$", description="Số tồn tại, như trong khóa / as its key ends", examples=["1"])]


@of_cycle.get("/inspections", responses=problems(401, 404, about="cycle"))
def list_of_cycle(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> InspectionsOut:
    """The inspections of a cycle that one may read; of a surprise its unit sees nothing before its day."""
    with answering(served.store) as connection:
        readable, whole = sight_of(served.store, connection, seen, now=now)
        lines = list_inspections(served.store, connection, cycle=cycle, now=now, readable=readable, whole=whole)
    return InspectionsOut(items=[InspectionOut.of(line) for line in lines])


@of_cycle.get("/findings", responses=problems(401, 404, about="cycle"))
def findings_of_cycle(
    cycle: Number, seen: MaySee, served: HasServed, now: Now, *, open_only: Annotated[bool, Query()] = False
) -> FindingsOut:
    """The findings of a cycle that one may read, each with its way: remedy, re-inspection, end."""
    with answering(served.store) as connection:
        readable, _ = sight_of(served.store, connection, seen, now=now)
        lines = list_findings(served.store, connection, cycle=cycle, now=now, readable=readable, open_only=open_only)
    return FindingsOut(items=[FindingOut.of(line) for line in lines])


@of_cycle.get("/inspections/coverage", responses=of_a_look("cycle"))
def reached_by_cycle(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> ReachedOut:
    """Of how many units the inspections reach how many, per group; who was not inspected for long; the draws with their seeds."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        readable, _ = sight_of(served.store, connection, seen, now=now)
        reached = coverage_of(served.store, connection, cycle=cycle, now=now, readable=readable)
        return ReachedOut.of(reached, list_draws(connection, cycle=cycle, readable=readable))


@of_inspection.get("", responses=of_a_look("obligation"))
def read_inspection(inspection: Number, seen: MaySee, served: HasServed, now: Now) -> InspectionDetailOut:
    """One inspection with its findings; its number is that of the team's obligation."""
    with answering(served.store) as connection:
        line, readable = inspection_seen(served.store, connection, seen, inspection, now=now)
        findings = list_findings(served.store, connection, inspection=inspection, now=now, readable=readable)
        own = InspectionOut.of(line).model_dump()
        return InspectionDetailOut(**own, finding_lines=[FindingOut.of(line) for line in findings])


@of_cycle.post("/inspections", response_model=PlannedOut, responses=OF_A_CHANGE)
def plan_inspections(cycle: Number, asked: PlanInspectionsIn, changing: MayChange) -> Response:
    """Put units into the year's plan of inspections, named or chosen by how often they were late."""

    def act(transaction: Transaction) -> Answer:
        _may_plan(changing, transaction, cycle)
        choice = asked.choice
        if asked.by_record is not None:
            units = drawing.units_by_record(changing.store, transaction, cycle, choice=choice, wanted=asked.by_record)
            choice = replace(choice, units=units, chosen="record")
        return answer_of(PlannedOut(inspections=planning.plan_inspections(changing.store, transaction, cycle, choice=choice)))

    return changing.change(act)


@of_cycle.post("/inspections/draw", response_model=DrawOut, responses=OF_A_CHANGE)
def draw_inspections(cycle: Number, asked: DrawIn, changing: MayChange) -> Response:
    """Choose units at random; seed, pool and result are kept, so that anybody can repeat the draw."""

    def act(transaction: Transaction) -> Answer:
        _may_plan(changing, transaction, cycle)
        drawn = drawing.draw_units(changing.store, transaction, cycle, asked=asked.draw)
        answer = DrawOut(id=drawn.id, seed=drawn.seed, wanted=drawn.wanted, pool=list(drawn.pool), result=list(drawn.result))
        return answer_of(answer)

    return changing.change(act)


@of_inspection.post("/schedule", response_model=WorkOut, responses=OF_A_MOVE)
def schedule(asked: ScheduleIn, doing: MayMove) -> Response:
    """Set or move the day; a planned inspection's unit is told in time."""
    return doing.move(Action.INSPECT, lambda store, transaction, ident: holding.schedule(store, transaction, ident, day=asked.day))


@of_inspection.post("/team", response_model=WorkOut, responses=OF_A_MOVE)
def name_team(asked: TeamIn, doing: MayMove) -> Response:
    """Name the team, in the place of whoever was named before."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        whose = _authority(transaction, ident)
        members = [
            holding.Member(
                contact=contact_named(transaction.connection, whose, one.contact).id,
                is_lead=one.is_lead,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for one in asked.members
        ]
        holding.name_team(store, transaction, ident, members=members)

    return doing.move(Action.INSPECT, act)


@of_inspection.post("/minutes", response_model=WorkOut, responses=OF_A_MOVE)
def write_minutes(asked: MinutesIn, doing: MayMove) -> Response:
    """Write down that it took place, with number and date of the minutes."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        holding.write_minutes(store, transaction, ident, held_on=asked.held_on, number=asked.number, text=asked.text, hours=asked.hours)

    return doing.move(Action.INSPECT, act)


@of_inspection.post("/conclude", response_model=WorkOut, responses=OF_A_MOVE)
def conclude(asked: ConclusionsIn, doing: MayMove) -> Response:
    """Issue the conclusions: each finding asks its unit for a remedy within its term."""
    given = asked.conclusions
    return doing.move(Action.CONCLUDE, lambda store, transaction, ident: concluding.conclude(store, transaction, ident, conclusions=given))


def _on_finding(doing: Doing, action: Action, key: str, act: Callable[[Store, Transaction, int], object]) -> Response:
    """Let a command do something with a finding, named by its number in the inspection of the path."""
    return doing.move(
        action, lambda store, transaction, ident: act(store, transaction, finding_numbered(transaction.connection, ident, int(key)))
    )


@of_inspection.post("/findings/{key}/reinspect", response_model=WorkOut, responses=OF_A_MOVE)
def reinspect(key: Found, asked: LookIn, doing: MayMove) -> Response:
    """Write down what a re-inspection of a finding came to; it stays open whatever the outcome."""
    return _on_finding(
        doing,
        Action.REINSPECT,
        key,
        lambda store, transaction, finding: reinspecting.reinspect(store, transaction, finding, look=asked.look),
    )


@of_inspection.post("/findings/{key}/reopen", response_model=WorkOut, responses=OF_A_MOVE)
def reopen_finding(key: Found, asked: ReopenIn, doing: MayMove) -> Response:
    """Ask for a further remedy; the one before stays as it was."""
    return _on_finding(
        doing,
        Action.REINSPECT,
        key,
        lambda store, transaction, finding: remedying.reopen_finding(store, transaction, finding, days=asked.days),
    )


@of_inspection.post("/findings/{key}/close", response_model=WorkOut, responses=OF_A_MOVE)
def close_finding(key: Found, asked: ReasonIn, doing: MayMove) -> Response:
    """End a finding; without a passed re-inspection it takes a document."""
    return _on_finding(
        doing,
        Action.CLOSE_FINDING,
        key,
        lambda store, transaction, finding: reinspecting.close_finding(store, transaction, finding, remark=asked.remark),
    )


@of_remedy.post("/report-remedy", response_model=WorkOut, responses=OF_A_MOVE)
def report_remedy(asked: RemedyIn, doing: MayMove) -> Response:
    """Send the report of a remedy: done, partly or not; it confirms nothing."""
    return doing.move(Action.SUBMIT, lambda store, transaction, ident: _report(store, transaction, ident, asked, signed=True))


@of_remedy.post("/claim-remedy", response_model=WorkOut, responses=OF_A_MOVE)
def claim_remedy(asked: RemedyIn, doing: MayMove) -> Response:
    """Hand the report of a remedy to the head."""
    return doing.move(Action.PREPARE, lambda store, transaction, ident: _report(store, transaction, ident, asked, signed=False))


def _may_plan(changing: Changing, transaction: Transaction, cycle: int) -> None:
    try:
        changing.authorise(transaction, Action.PLAN_INSPECTIONS, cycle_resource(transaction.connection, cycle))
    except NotAllowedError as refused:
        if refused.verdict.hidden:
            raise NoSuchCycleError(cycle) from None
        raise


def inspection_seen(store: Store, connection: View, seen: Seeing, inspection: int, *, now: datetime) -> tuple[InspectionLine, Readable]:
    """
    Return an inspection that somebody may read, and what else they may.

    Raises:
        NoObligationError: there is none, or none that they may know of: the two are told alike.
        NotAllowedError: they may not read it.
        NoSuchInspectionError: they may read it, and it is no inspection.

    """
    try:
        cycle = cycle_of(connection, inspection)
    except NoSuchInspectionError:
        raise NoObligationError(inspection) from None
    readable, whole = sight_of(store, connection, seen, now=now)
    lines = list_inspections(store, connection, cycle=cycle, now=now, only=inspection, readable=readable, whole=whole)
    if lines:
        return lines[0], readable
    try:
        refuse(store, connection, seen, inspection, now=now)
    except NotAllowedError as refused:
        if refused.verdict.allowed:
            raise NoSuchInspectionError(inspection) from None
        raise


def sight_of(store: Store, connection: View, seen: Seeing, *, now: datetime) -> tuple[Readable, Readable]:
    """Return what somebody may read of inspections, and of which also what is not issued yet."""
    if seen.person is None:
        return of_sandboxes(now=now), of_sandboxes(now=now)
    facts = seen.facts(connection)
    whole = permitted(store, connection, facts, Action.DOWNLOAD, now=now)
    return permitted(store, connection, facts, Action.READ_OBLIGATION, now=now), whole


def _report(store: Store, transaction: Transaction, ident: int, asked: RemedyIn, *, signed: bool) -> None:
    require_paper(transaction, ident, asked.received_on, document=asked.document)
    finding = finding_remedied_by(transaction.connection, ident)
    given = {"text": asked.text, "document": asked.document, "no_evidence": asked.no_evidence}
    remedying.report_remedy(store, transaction, finding, claim=asked.claim, received_on=asked.received_on, signed=signed, **given)


def _authority(transaction: Transaction, obligation: int) -> AuthorityFacts:
    found = authority_of_obligation(transaction.connection, obligation)
    assert found is not None  # noqa: S101  it was moved a moment ago
    return found


router = APIRouter()
for one in (of_cycle, of_inspection, of_remedy):
    router.include_router(one)
