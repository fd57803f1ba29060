"""How far the appraisals of a cycle are, and what units are exempt from in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import Changing, MayChange, Work
from api.changing.idempotency import answer_of
from api.routes.cycles import Number, head_for
from api.routes.inspections import sight_of
from api.sight import MaySee
from api.wire.described import OF_A_CHANGE, of_a_look, problems
from api.wire.score_answers import AppraisalsOut, ExemptedOut, ExemptionsOut
from api.wire.scores import ExemptIn
from api.wire.work import LARGEST, ReasonIn
from evaluation.rights_table import Action
from store.commands.scores.exempting import Exempted, NoSuchExemptionError, cycle_of_exemption, end_exemption, exempt
from store.queries.appraisals import list_appraisals, list_exemptions
from store.queries.health import answering
from store.queries.rights import cycle_resource
from store.rights import NotAllowedError
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from store.session import Transaction

router = APIRouter(prefix="/cycles/{id}", tags=["scores"])
Which = Annotated[int, Path(ge=1, le=LARGEST, description="Số của miễn chấm / the exemption's number")]


@router.get("/appraisals", responses=problems(401, 404, about="cycle"))
def read_appraisals(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> AppraisalsOut:
    """The appraisals of a cycle that one may read: of how many leaves of each unit how many have an appraised score."""
    with answering(served.store) as connection:
        readable, _ = sight_of(served.store, connection, seen, now=now)
        return AppraisalsOut.of(list_appraisals(served.store, connection, cycle, now=now, readable=readable))


@router.get("/exemptions", responses=of_a_look("cycle"))
def read_exemptions(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> ExemptionsOut:
    """What units are, or were, not measured by in a cycle, why, and who approved it."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        return ExemptionsOut.of(list_exemptions(connection, cycle))


@router.post("/exemptions", response_model=ExemptedOut, responses=OF_A_CHANGE)
def exempt_unit(cycle: Work, asked: ExemptIn, changing: MayChange) -> Response:
    """Exempt a unit from a leaf, a criterion or a field, with a reason."""

    def work(transaction: Transaction) -> ExemptedOut:
        _permit(changing, transaction, cycle)
        given = Exempted(unit=asked.unit, node=asked.node, reason=asked.reason, document=asked.document)
        return ExemptedOut(exemption=exempt(changing.store, transaction, cycle, given))

    return changing.change(lambda transaction: answer_of(work(transaction)))


@router.post("/exemptions/{exemption}/end", response_model=ExemptionsOut, responses=OF_A_CHANGE)
def end(cycle: Work, exemption: Which, asked: ReasonIn, changing: MayChange) -> Response:
    """Take an exemption back, with a reason: the unit is measured by it again."""

    def work(transaction: Transaction) -> ExemptionsOut:
        _permit(changing, transaction, cycle)
        if cycle_of_exemption(transaction, exemption) != cycle:
            raise NoSuchExemptionError(exemption)
        end_exemption(changing.store, transaction, exemption, reason=asked.reason)
        return ExemptionsOut.of(list_exemptions(transaction.connection, cycle))

    return changing.change(lambda transaction: answer_of(work(transaction)))


def _permit(changing: Changing, transaction: Transaction, cycle: int) -> None:
    try:
        changing.authorise(transaction, Action.EXEMPT, cycle_resource(transaction.connection, cycle))
    except NotAllowedError as refused:
        if refused.verdict.hidden:
            raise NoSuchCycleError(cycle) from None
        raise
