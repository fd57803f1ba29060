"""Reports that are asked for: asked, looked at, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from api.asking import HasServed, Now
from api.changing.cycles import ChangingCycle, MayLookAtCycle, authorise_on_cycle
from api.changing.idempotency import answer_of
from api.problems.errors import NoReportRequestError
from api.routes.cycles import Number, head_for
from api.sight import MaySee
from api.wire.asking import AskedOut, AskIn, CancelledOut, RequestDetailOut, RequestOut, RequestsOut
from api.wire.described import of_a_look, problems
from api.wire.work import ReasonIn
from evaluation.rights_table import Action
from store.commands.asking import ask, cancel_request
from store.queries.asking import answers_to, request_named, requests_of
from store.queries.health import answering
from store.queries.names import keys_of
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(prefix="/cycles/{id}/requests", tags=["requests"])
_OF_A_REQUEST = problems(401, 403, 404, 409, 422, about="cycle")
Key = Annotated[str, Path(max_length=20, examples=["YC-03"])]


@router.get("", response_model=RequestsOut, responses=of_a_look("cycle"))
def read_requests(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> RequestsOut:
    """The requests of a cycle, the last first."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        lines = requests_of(connection, now=now, cycle=cycle)
    return RequestsOut(items=[RequestOut.model_validate(line) for line in lines])


@router.get("/{key}", response_model=RequestDetailOut, responses=of_a_look("cycle"))
def read_request(cycle: Number, key: Key, seen: MaySee, served: HasServed, now: Now) -> RequestDetailOut:
    """One request: how far it is, and everybody who was asked."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_STATUS, now=now)
        request = request_named(connection, cycle, key)
        if request is None:
            raise NoReportRequestError(key)
        (line,) = requests_of(connection, now=now, request=request)
        return RequestDetailOut.with_answers(line, answers_to(connection, request))


@router.post("", status_code=201, response_model=AskedOut, responses=_OF_A_REQUEST)
def ask_report(asked: AskIn, changing: MayLookAtCycle) -> Response:
    """Ask for a report; the units are told by the next tick. `preview`: 201, nothing is kept."""
    work = asking(asked, changing)
    return changing.look(work) if asked.preview else changing.change(work)


def asking(asked: AskIn, changing: ChangingCycle) -> Callable[[Transaction], Answer]:
    """Return the work of asking, for a transaction."""

    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, changing.cycle, Action.ASK_REPORT)
        sent = ask(changing.store, transaction, changing.cycle, asked.order)
        keys = keys_of(transaction.connection, contacts=[], parties=list(sent.parties)).parties
        location = {} if asked.preview else {"Location": f"/api/v1/cycles/{changing.cycle}/requests/{sent.key}"}
        return answer_of(AskedOut.of(sent, keys=keys), status=201, **location)

    return work


@router.post("/{key}/cancel", response_model=CancelledOut, responses=_OF_A_REQUEST)
def cancel(key: Key, asked: ReasonIn, changing: MayLookAtCycle) -> Response:
    """Take a request back: what is still owed for it is waived."""
    return changing.change(cancelling(key, asked, changing))


def cancelling(key: str, asked: ReasonIn, changing: ChangingCycle) -> Callable[[Transaction], Answer]:
    """Return the work of taking a request back, for a transaction."""

    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, changing.cycle, Action.CANCEL_REQUEST)
        facts = changing.facts(transaction)
        request = request_named(transaction.connection, changing.cycle, key)
        if request is None:
            raise NoReportRequestError(key)
        waived = cancel_request(
            changing.store,
            transaction,
            request,
            remark=asked.remark,
            allow=lambda ident: authorise(changing.store, transaction, ident, Action.WAIVE, facts=facts),
        )
        return answer_of(CancelledOut(key=key, waived=len(waived)))

    return work
