"""Longer terms: asked for by who owes, granted or refused by the standing body; and a lapsed one opened again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.changing.doing import MayMove
from api.wire.described import OF_A_MOVE
from api.wire.work import DueIn, ReasonIn, WishIn
from api.wire.work_answers import WorkOut
from evaluation.rights_table import Action
from store.commands import extensions, moves

router = APIRouter(prefix="/obligations/{id}", tags=["extensions"], responses=OF_A_MOVE)


@router.post("/ask-extension", response_model=WorkOut)
def ask_extension(asked: WishIn, doing: MayMove) -> Response:
    """Ask for a longer term; the standing body is told."""
    return doing.move(
        Action.ASK_EXTENSION,
        lambda store, transaction, ident: extensions.ask_extension(store, transaction, ident, wanted_on=asked.due_on, reason=asked.reason),
    )


@router.post("/extend", response_model=WorkOut)
def extend(asked: DueIn, doing: MayMove) -> Response:
    """Grant a longer term; a request that is open is decided with it."""
    return doing.move(
        Action.EXTEND,
        lambda store, transaction, ident: moves.extend(store, transaction, ident, due_on=asked.due_on, remark=asked.remark),
    )


@router.post("/refuse-extension", response_model=WorkOut)
def refuse_extension(asked: ReasonIn, doing: MayMove) -> Response:
    """Refuse a longer term that was asked for."""
    return doing.move(
        Action.REFUSE_EXTENSION,
        lambda store, transaction, ident: extensions.decline_extension(store, transaction, ident, remark=asked.remark),
    )


@router.post("/reopen", response_model=WorkOut)
def reopen(asked: DueIn, doing: MayMove) -> Response:
    """Open a lapsed one again, until another day."""
    return doing.move(
        Action.REOPEN,
        lambda store, transaction, ident: moves.reopen(store, transaction, ident, due_on=asked.due_on, remark=asked.remark),
    )
