"""Passwords: a new one by a mailed link, by an invitation, or by whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.asking import Served
from api.doors.entering import MayEnter
from api.doors.errors import WrongPasswordError
from api.doors.limits import Doorman
from api.doors.signing_in import InSession, Person
from api.routes.session import mail_link
from api.wire.accounts import AddressIn, ChangePasswordIn, NewPasswordIn, SessionOut
from api.wire.described import problems
from evaluation.accounts import AccountEvent, Purpose, SignedInBy
from store.commands.links import owner_of_link
from store.commands.passwords import accept_invitation, reset_password, set_password
from store.passwords import check_new_password
from store.queries.health import answering

if TYPE_CHECKING:
    from store.commands.sessions import Opened

router = APIRouter(tags=["passwords"])


@router.post("/password/reset", status_code=202)
async def ask_for_reset(asked: AddressIn, entering: MayEnter) -> None:
    """Have a link mailed that sets a new password, if there is such an account; the answer is the same if not."""
    await mail_link(entering.doorman, asked.email, purpose=Purpose.RESET)


@router.post("/password/reset/use", status_code=204)
async def reset(asked: NewPasswordIn, entering: MayEnter) -> None:
    """Set a new password by a mailed link; every session of the account ends."""
    doorman = entering.doorman
    limits = [doorman.by_address("links-used")]
    await doorman.count(limits)
    async with doorman.noting(AccountEvent.LINK_REFUSED, "reset"):
        kept = await _hashed(asked, entering.served, purpose=Purpose.RESET)

    def keep() -> None:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor()) as transaction:
            reset_password(transaction, asked.token.get_secret_value(), kept=kept)

    await run_in_threadpool(keep)
    await doorman.forgive(limits)


@router.post("/invitation", status_code=201)
async def accept(asked: NewPasswordIn, entering: MayEnter, response: Response) -> SessionOut:
    """Take up an invitation: set the password, and be signed in."""
    doorman = entering.doorman
    limits = [doorman.by_address("links-used")]
    await doorman.count(limits)
    async with doorman.noting(AccountEvent.LINK_REFUSED, "invitation"):
        kept = await _hashed(asked, entering.served, purpose=Purpose.INVITATION)

    def enter() -> Opened:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor()) as transaction:
            account = accept_invitation(transaction, asked.token.get_secret_value(), kept=kept)
            return entering.open(transaction, account, how=SignedInBy.LINK)

    opened = await run_in_threadpool(enter)
    await doorman.forgive(limits)
    return await run_in_threadpool(entering.let_in, response, opened)


async def _hashed(asked: NewPasswordIn, served: Served, *, purpose: Purpose) -> str:
    """Return what is kept of a new password; the link is looked at first, so that only its reader learns what is weak about it."""

    def look() -> str:
        with answering(served.store) as connection:
            return owner_of_link(connection, asked.token.get_secret_value(), purpose=purpose)

    email = await run_in_threadpool(look)
    password = asked.password.get_secret_value()
    check_new_password(password, email=email)
    return await served.hashing.hash(password)


@router.put("/password", responses=problems(401), status_code=204)
async def change(asked: ChangePasswordIn, person: InSession, entering: MayEnter) -> None:
    """Change one's own password; every other session ends."""
    await prove(person, asked.current.get_secret_value(), doorman=entering.doorman)
    password = asked.password.get_secret_value()
    check_new_password(password, email=person.account.email)
    kept = await entering.served.hashing.hash(password)

    def keep() -> None:
        assert person.session is not None  # noqa: S101  in a session
        with entering.served.store.transaction(now=entering.now, actor=entering.doorman.actor(person)) as transaction:
            set_password(transaction, person.account.id, kept=kept, but=person.session.id)

    await run_in_threadpool(keep)


async def prove(person: Person, password: str, *, doorman: Doorman) -> None:
    """Let go on who knows the account's password; an account without one has nothing to prove. WrongPasswordError."""
    account = person.account
    if not account.password_hash:
        return
    limits = [doorman.by_address("password"), doorman.by_account("password", account.email, account=account.id)]
    await doorman.count(limits)
    async with doorman.noting(AccountEvent.PASSWORD_REFUSED, "password", account=account.id):
        if not await doorman.served.hashing.is_right(password, kept=account.password_hash):
            raise WrongPasswordError
    await doorman.forgive(limits)
