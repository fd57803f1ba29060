"""Improvement: last year's results taken in, criteria with who answers for each, measures planned and followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.cycles import ChangingCycle, MayLookAtCycle, authorise_on_cycle
from api.changing.doing import MayMove
from api.changing.idempotency import answer_of
from api.routes.cycles import Number
from api.routes.inspections import sight_of
from api.sight import MaySee
from api.wire.described import OF_A_MOVE, problems
from api.wire.improvement import (
    ImprovedOut,
    ImprovementOut,
    MeasureIn,
    ProgressIn,
    WeakFileIn,
    WeakPublishedIn,
    WeakPublishedOut,
    WeakTakenOut,
)
from api.wire.work_answers import WorkOut
from config.weak_files import read_uploaded_weak
from evaluation.rights_table import Action
from store.commands.improvement.measures import plan_measure, report_progress
from store.commands.improvement.published import published_results, take_published
from store.commands.improvement.taken import Until
from store.commands.improvement.weak import take_weak, weak_known
from store.idempotency import Answer
from store.queries.health import answering
from store.queries.improvement import list_improvement

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.session import Store, Transaction

of_cycle = APIRouter(prefix="/cycles/{id}", tags=["improvement"])
of_obligation = APIRouter(prefix="/obligations/{id}", tags=["improvement"])


@of_cycle.get("/improvement", responses=problems(401, 404, about="cycle"))
def read_improvement(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> ImprovementOut:
    """The criteria and own plans of a cycle that one may read: who answers, what was reached, measures and how far they are."""
    with answering(served.store) as connection:
        readable, _ = sight_of(served.store, connection, seen, now=now)
        lines = list_improvement(served.store, connection, cycle, now=now, readable=readable)
    return ImprovementOut(items=[ImprovedOut.of(line) for line in lines])


@of_cycle.post("/weak-criteria", response_model=WeakTakenOut, status_code=201, responses=problems(401, 403, 404, 409, 422, about="cycle"))
def import_weak(asked: WeakFileIn, changing: MayLookAtCycle) -> Response:
    """Take in what criteria reached last year: the weak ones become obligations. `preview`: 201, nothing is kept."""
    work = taking_in(asked, changing)
    return changing.look(work) if asked.preview else changing.change(work)


def taking_in(asked: WeakFileIn, changing: ChangingCycle) -> Callable[[Transaction], Answer]:
    """Return the work of taking results in, for a transaction; WeakError, all or nothing."""
    name, content = asked.file
    return take_results(changing, content, name=name, criteria=asked.criteria, until=asked.until)


def take_results(changing: ChangingCycle, content: bytes, *, name: str, criteria: str, until: Until) -> Callable[[Transaction], Answer]:
    """Return the work of taking a file of results in; it is read by the ending of its name."""

    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, changing.cycle, Action.IMPORT_WEAK)
        known = weak_known(changing.store, transaction.connection, changing.cycle, criteria, now=transaction.now)
        results = read_uploaded_weak(content, known=known, name=name)
        done = take_weak(changing.store, transaction, changing.cycle, results, criteria=criteria, until=until)
        return answer_of(WeakTakenOut.of(done), status=201)

    return work


@of_cycle.post(
    "/weak-criteria/published", response_model=WeakPublishedOut, status_code=201, responses=problems(401, 403, 404, 409, 422, about="cycle")
)
def take_published_weak(asked: WeakPublishedIn, changing: MayLookAtCycle) -> Response:
    """Turn what was weak in a published edition into obligations of the cycle; again: nothing twice. `preview`: 201, nothing is kept."""
    work = taking_published(asked, changing)
    return changing.look(work) if asked.preview else changing.change(work)


def taking_published(asked: WeakPublishedIn, changing: ChangingCycle) -> Callable[[Transaction], Answer]:
    """Return the work of opening obligations from an edition; what its leaves reached is worked out beside any write."""

    def allowed(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, changing.cycle, Action.IMPORT_WEAK)
        return Answer(status=200, body=b"")

    changing.look(allowed)
    with answering(changing.store) as connection:
        results = published_results(changing.store, connection, changing.cycle, sha256=asked.edition, now=changing.now)

    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, changing.cycle, Action.IMPORT_WEAK)
        done = take_published(changing.store, transaction, changing.cycle, results=results, until=asked.until)
        return answer_of(WeakPublishedOut.opened(done, results), status=201)

    return work


@of_obligation.post("/plan-measure", response_model=WorkOut, responses=OF_A_MOVE)
def plan(asked: MeasureIn, doing: MayMove) -> Response:
    """Plan a measure within a criterion's obligation, or the unit's own plan; it is owed from then on."""
    return doing.move(Action.PLAN_MEASURE, lambda store, transaction, ident: plan_measure(store, transaction, ident, planned=asked.planned))


@of_obligation.post("/report-progress", response_model=WorkOut, responses=OF_A_MOVE)
def progress(asked: ProgressIn, doing: MayMove) -> Response:
    """Say how far a measure is, by its own obligation; it is done once that is handed in and accepted."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        report_progress(store, transaction, ident, percent=asked.percent, remark=asked.remark)

    return doing.move(Action.REPORT_PROGRESS, act)


router = APIRouter()
router.include_router(of_cycle)
router.include_router(of_obligation)
