"""Many obligations at once: each is treated alone and reported alone; one that is refused keeps no other from being done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.changing.doing import Changing, MayChange
from api.changing.idempotency import answer_of, response_of
from api.problems.answering import problem_of
from api.wire.described import OF_A_CHANGE
from api.wire.work import ExtendManyIn, UrgeManyIn, WaiveManyIn
from api.wire.work_answers import RowOut, RowOutcome, RowsOut, ToldOut
from evaluation.actions import Remark
from store.commands.bulk import BulkMove, do_many, extending, preview_many, urging, waiving
from store.commands.bulk_rows import Row, RowByRow
from store.idempotency import Answer, reserve, settle
from store.queries.health import answering
from store.queries.recipients import recipients_named
from store.queries.rights import facts_of_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.rights import ActorFacts

router = APIRouter(prefix="/obligations", tags=["bulk"], responses=OF_A_CHANGE)


@router.post("/extend-many", response_model=RowsOut)
def make_longer(asked: ExtendManyIn, changing: MayChange, request: Request) -> Response:
    """Make many terms longer; `preview`: look first at who would be told and what would be refused."""
    return _asked(changing, request, extending(asked.obligations, due_on=asked.due_on, remark=asked.remark), preview=asked.preview)


@router.post("/urge-many", response_model=RowsOut)
def urge_each(asked: UrgeManyIn, changing: MayChange, request: Request) -> Response:
    """Urge whoever's turn it is in many obligations; `preview`: look first at who would be told and what would be refused."""
    order = urging(asked.obligations, by=asked.by.value, remark=Remark(reason=asked.note))
    return _asked(changing, request, order, preview=asked.preview)


@router.post("/waive-many", response_model=RowsOut)
def waive_each(asked: WaiveManyIn, changing: MayChange, request: Request) -> Response:
    """Say of many that they are no longer owed; `preview`: look first at who would be told and what would be refused."""
    return _asked(changing, request, waiving(asked.obligations, remark=asked.remark), preview=asked.preview)


def _asked(changing: Changing, request: Request, order: BulkMove, *, preview: bool) -> Response:
    def work(facts: ActorFacts) -> list[Row]:
        if preview:
            return preview_many(changing.store, order, now=changing.now, actor=changing.person.actor, facts=facts)
        return do_many(_working(changing), order, facts=facts)

    return _reported(changing, request, work, done=RowOutcome.POSSIBLE if preview else RowOutcome.DONE)


def _working(changing: Changing) -> RowByRow:
    return RowByRow(store=changing.store, now=changing.now, actor=changing.person.actor, keyed=changing.keyed)


def _reported(changing: Changing, request: Request, work: Callable[[ActorFacts], list[Row]], *, done: RowOutcome) -> Response:
    """Do it under the request's key, if it brought one, and answer row by row."""
    store, keyed, now = changing.store, changing.keyed, changing.now
    before = None if keyed is None else reserve(store, keyed, now=now)
    if before is not None:
        return response_of(before)
    answer: Answer | None = None
    try:
        with answering(store) as connection:
            facts = facts_of_account(connection, changing.person.account.id)
        answer = answer_of(_rows(changing, request, work(facts), done=done))
    finally:
        if keyed is not None:
            settle(store, keyed, answer, now=now)
    return response_of(answer)


def _rows(changing: Changing, request: Request, rows: list[Row], *, done: RowOutcome) -> RowsOut:
    with answering(changing.store) as connection:
        named = recipients_named(connection, {one for row in rows for one in row.told})
    items = [
        RowOut(
            obligation=row.obligation,
            outcome=RowOutcome.REFUSED if row.is_refused else done,
            old_due_on=row.old_due_on,
            told=[ToldOut.model_validate(named[one]) for one in row.told if one in named],
            problem=None if row.error is None else problem_of(request, row.error),
        )
        for row in rows
    ]
    refused = sum(row.is_refused for row in rows)
    return RowsOut(done=0 if done is RowOutcome.POSSIBLE else len(rows) - refused, refused=refused, items=items)
