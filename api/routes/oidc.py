"""Signing in by the organisation's own service: there, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import structlog
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.doors.entering import MayEnter
from api.doors.oidc import service_of
from evaluation.accounts import AccountEvent, SignedInBy, local_path
from store.commands.identities import account_behind

if TYPE_CHECKING:
    from store.commands.identities import Claimed
    from store.commands.sessions import Opened

router = APIRouter(prefix="/oidc", tags=["session"])
log = structlog.get_logger()


@router.get("/start", status_code=302, response_class=Response)
async def start(request: Request, asked: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    """Go to the sign-in service; `next` is where to go on afterwards, on this site only."""
    return await service_of(request).send_there(request, next_path=local_path(asked))


@router.get("/callback", status_code=302, response_class=Response)
async def callback(entering: MayEnter) -> Response:
    """Come back from the sign-in service, and be signed in as whom it says."""
    doorman = entering.doorman
    limits = [doorman.by_address("oidc")]
    await doorman.count(limits)
    service = service_of(entering.request)

    def enter(claimed: Claimed) -> Opened:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor()) as transaction:
            account = account_behind(transaction, claimed)
            return entering.open(transaction, account.id, how=SignedInBy.OIDC)

    async with doorman.noting(AccountEvent.SERVICE_REFUSED, "oidc"):
        claimed, next_path = await service.come_back(entering.request)
        opened = await run_in_threadpool(enter, claimed)
    await doorman.forgive(limits)
    answer = RedirectResponse(local_path(next_path), status_code=302)
    await run_in_threadpool(entering.let_in, answer, opened)
    return answer
