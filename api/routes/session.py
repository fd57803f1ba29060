"""The session: signing in by password, by link and by code, looking at it, signing out."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

import structlog
from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.asking import HasServed, Now, Served
from api.doors.entering import Entering, MayEnter, session_out
from api.doors.errors import WrongSignInError
from api.doors.limits import Doorman
from api.doors.signing_in import HalfSignedIn
from api.wire.accounts import AddressIn, CodeIn, LinkIn, SessionOut, SignInIn
from api.wire.described import problems
from evaluation.account_addresses import UnfitAccountAddressError, account_address
from evaluation.accounts import AccountEvent, Purpose, SignedInBy
from store.commands.links import send_link, use_link
from store.commands.passwords import activate
from store.commands.second_factors import use_second_factor
from store.commands.sessions import end_session, keep_rehashed, renew_session
from store.doors import TooManyTriesError, count_tries
from store.queries.accounts import Account, account_of
from store.queries.health import answering

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.sessions import Opened
    from store.doors import Limit

router = APIRouter(prefix="/session", tags=["session"])
log = structlog.get_logger()
#: Asking for a link takes so long whether there is such an account or not.
ASKING_SECONDS = 0.3


@router.post("", status_code=201)
async def sign_in(asked: SignInIn, entering: MayEnter, response: Response) -> SessionOut:
    """Sign in by address and password; what is wrong is not said."""
    email = spelled(asked.email)
    account = await run_in_threadpool(_account, entering.served, email)
    doorman = entering.doorman
    limits = [doorman.by_address("password"), doorman.by_account("password", email, account=account.id if account else None)]
    await doorman.count(limits)
    kept = account.password_hash if account is not None and not account.disabled else ""
    password = asked.password.get_secret_value()
    async with doorman.noting(AccountEvent.PASSWORD_REFUSED, "password", account=account.id if account else None):
        if not await entering.served.hashing.is_right(password, kept=kept) or account is None:
            log.warning("session.refused", account=account.id if account else None)
            raise WrongSignInError
    await doorman.forgive(limits)
    outdated = entering.served.hashing.keeper.is_outdated(kept)
    fresh = await entering.served.hashing.hash(password) if outdated else ""
    opened = await run_in_threadpool(_open, entering, account, fresh)
    return await run_in_threadpool(entering.let_in, response, opened)


def spelled(address: str) -> str:
    """Return an address as accounts are known by; of one that can be no account's a text that none has."""
    try:
        return account_address(address)
    except UnfitAccountAddressError:
        return address.strip().casefold()


def _account(served: Served, email: str) -> Account | None:
    with answering(served.store) as connection:
        return account_of(connection, email)


def _open(entering: Entering, account: Account, fresh: str) -> Opened:
    with entering.served.store.transaction(now=entering.now) as transaction:
        if fresh:
            keep_rehashed(transaction, account.id, old=account.password_hash, new=fresh)
        return entering.open(transaction, account.id, how=SignedInBy.PASSWORD)


@router.get("", responses=problems(401))
async def read_session(person: HalfSignedIn) -> SessionOut:
    """Who is signed in here, whether a second factor is awaited, and the token that changes need."""
    return session_out(person)


@router.delete("", responses=problems(401), status_code=204)
async def sign_out(person: HalfSignedIn, served: HasServed, now: Now, response: Response) -> None:
    """Sign out here."""

    def end() -> None:
        assert person.session is not None  # noqa: S101  half signed in
        with served.store.transaction(now=now) as transaction:
            end_session(transaction, person.account.id, person.session.id)

    await run_in_threadpool(end)
    served.cookies.drop_session(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


@router.post("/link", status_code=202)
async def ask_for_link(asked: AddressIn, entering: MayEnter) -> None:
    """Have a sign-in link mailed, if there is such an account; the answer is the same if not."""
    await mail_link(entering.doorman, asked.email, purpose=Purpose.SIGN_IN)


async def mail_link(doorman: Doorman, address: str, *, purpose: Purpose) -> None:
    """Mail a link to an account's address, at most three in a quarter of an hour; nothing tells whether there is such an account."""
    began = time.perf_counter()
    await doorman.count([doorman.by_address("links")])
    email = spelled(address)
    await run_in_threadpool(_send, doorman.served, email, purpose, doorman.of_links(email), doorman.now)
    await asyncio.sleep(max(0.0, ASKING_SECONDS - (time.perf_counter() - began)))


def _send(served: Served, email: str, purpose: Purpose, limit: Limit, now: datetime) -> None:
    try:
        count_tries(served.store, [limit], now=now)
    except TooManyTriesError:
        log.info("link.not_sent", door=limit.door)
        return  # the owner has the links that were sent before
    with served.store.transaction(now=now) as transaction:
        account = account_of(transaction.connection, email)
        if account is not None and not account.disabled:
            send_link(transaction, served.secrets, account.id, purpose=purpose)


@router.post("/link/use", status_code=201)
async def sign_in_by_link(asked: LinkIn, entering: MayEnter, response: Response) -> SessionOut:
    """Sign in by the token of a mailed link."""
    doorman = entering.doorman
    limits = [doorman.by_address("links-used")]
    await doorman.count(limits)

    def enter() -> Opened:
        with entering.served.store.transaction(now=entering.now) as transaction:
            account = use_link(transaction, asked.token.get_secret_value(), purpose=Purpose.SIGN_IN)
            activate(transaction, account)
            return entering.open(transaction, account, how=SignedInBy.LINK)

    async with doorman.noting(AccountEvent.LINK_REFUSED, "sign-in"):
        opened = await run_in_threadpool(enter)
    await doorman.forgive(limits)
    return await run_in_threadpool(entering.let_in, response, opened)


@router.post("/second-factor", responses=problems(401))
async def give_second_factor(asked: CodeIn, person: HalfSignedIn, entering: MayEnter, response: Response) -> SessionOut:
    """Give the code of the app, or a recovery code; the session goes on under a new cookie."""
    session = person.session
    assert session is not None  # noqa: S101  half signed in
    doorman = entering.doorman
    account = person.account.id
    limits = [doorman.by_session("code", session.id, account=account), doorman.by_account("code", person.account.email, account=account)]
    try:
        await doorman.count(limits)
    except TooManyTriesError:
        await run_in_threadpool(partial(_end, entering.served, person.account.id, session.id, entering.now))
        raise
    code = asked.code.get_secret_value()

    def use() -> Opened:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor(person)) as transaction:
            use_second_factor(transaction, entering.served.secrets, person.account.id, code=code)
            return renew_session(transaction, session.id)

    async with doorman.noting(AccountEvent.CODE_REFUSED, "code", account=account):
        opened = await run_in_threadpool(use)
    await doorman.forgive(limits)
    return await run_in_threadpool(entering.let_in, response, opened)


def _end(served: Served, account: int, session: int, now: datetime) -> None:
    with served.store.transaction(now=now) as transaction:
        end_session(transaction, account, session)
