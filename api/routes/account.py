"""One's own account: who one is, the second factor, the sessions, the tokens."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.asking import HasServed, Now
from api.doors.entering import MayEnter
from api.doors.signing_in import HalfSignedIn, InSession, SecondFactor, SignedIn
from api.routes.cycles import Number
from api.routes.passwords import prove
from api.wire.accounts import (
    AccountOut,
    CodeIn,
    EndedOut,
    EnrolmentOut,
    PasswordIn,
    RecoveryCodesOut,
    SessionLineOut,
    SessionsOut,
    TokenIn,
    TokenLineOut,
    TokenMadeOut,
    TokensOut,
    holdings_out,
)
from api.wire.described import problems
from evaluation.accounts import AccountEvent
from store.commands import second_factors, sessions, tokens
from store.commands.second_factors import SecondFactorError
from store.queries.account_lists import recovery_codes_left, sessions_of, tokens_of
from store.queries.health import answering

if TYPE_CHECKING:
    from store.commands.sessions import Opened

router = APIRouter(tags=["account"], responses=problems(401))


@router.get("/account")
def read_account(person: SignedIn, served: HasServed) -> AccountOut:
    """The account that asks, and the contacts that it is today."""
    account = person.account
    with answering(served.store) as connection:
        left = recovery_codes_left(connection, account.id)
    return AccountOut(
        id=account.id,
        email=account.email,
        language=account.language,
        demo=account.demo,
        has_password=bool(account.password_hash),
        has_second_factor=account.has_totp,
        recovery_codes_left=left,
        contacts=holdings_out(person),
    )


@router.post("/account/second-factor", status_code=201)
async def begin_second_factor(asked: PasswordIn, person: HalfSignedIn, entering: MayEnter) -> EnrolmentOut:
    """Begin to set up a second factor; it counts once one of its codes was given."""
    if person.second_factor is SecondFactor.NEEDED:
        vi = "tài khoản này đã có bước xác thực thứ hai; hãy nhập mã"
        raise SecondFactorError(vi, "this account has a second factor already; give its code")
    await prove(person, asked.password.get_secret_value(), doorman=entering.doorman)

    def begin() -> second_factors.Enrolment:
        with entering.served.store.transaction(now=entering.now, actor=person.actor) as transaction:
            return second_factors.begin_second_factor(transaction, entering.served.secrets, person.account.id)

    enrolment = await run_in_threadpool(begin)
    drawn = io.BytesIO()
    segno.make(enrolment.uri, error="m").save(drawn, kind="svg", scale=4, xmldecl=False)
    return EnrolmentOut(secret=enrolment.secret, uri=enrolment.uri, svg=drawn.getvalue().decode())


@router.post("/account/second-factor/confirm")
async def confirm_second_factor(asked: CodeIn, person: HalfSignedIn, entering: MayEnter, response: Response) -> RecoveryCodesOut:
    """Let the second factor count from now on; the session goes on under a new cookie, every other one ends."""
    session, account = person.session, person.account
    assert session is not None  # noqa: S101  half signed in
    doorman = entering.doorman
    await doorman.count([doorman.by_session("code", session.id, account=account.id)])
    code = asked.code.get_secret_value()

    def confirm() -> tuple[tuple[str, ...], Opened]:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor(person)) as transaction:
            codes = second_factors.confirm_second_factor(transaction, entering.served.secrets, account.id, code=code)
            sessions.end_others(transaction, account.id, but=session.id)
            return codes, sessions.renew_session(transaction, session.id)

    async with doorman.noting(AccountEvent.CODE_REFUSED, "code", account=account.id):
        codes, opened = await run_in_threadpool(confirm)
    await run_in_threadpool(entering.let_in, response, opened)
    return RecoveryCodesOut(codes=list(codes))


@router.post("/account/second-factor/drop", status_code=204)
async def drop_second_factor(asked: CodeIn, person: InSession, entering: MayEnter) -> None:
    """Sign in without a second factor from now on; it takes one of its codes."""
    doorman = entering.doorman
    await doorman.count([doorman.by_account("code", person.account.email, account=person.account.id)])

    def drop() -> None:
        with entering.served.store.transaction(now=entering.now, actor=doorman.actor(person)) as transaction:
            second_factors.use_second_factor(transaction, entering.served.secrets, person.account.id, code=asked.code.get_secret_value())
            second_factors.drop_second_factor(transaction, person.account.id)

    async with doorman.noting(AccountEvent.CODE_REFUSED, "code", account=person.account.id):
        await run_in_threadpool(drop)


@router.get("/sessions")
def list_sessions(person: InSession, served: HasServed) -> SessionsOut:
    """Where the account is signed in."""
    assert person.session is not None  # noqa: S101  in a session
    with answering(served.store) as connection:
        found = sessions_of(connection, person.account.id, idle=served.idle)
    return SessionsOut(items=[SessionLineOut(**vars(one), current=one.id == person.session.id) for one in found])


@router.delete("/sessions")
def end_other_sessions(person: InSession, served: HasServed, now: Now) -> EndedOut:
    """Sign out everywhere else."""
    assert person.session is not None  # noqa: S101  in a session
    with served.store.transaction(now=now, actor=person.actor) as transaction:
        return EndedOut(ended=sessions.end_others(transaction, person.account.id, but=person.session.id))


@router.delete("/sessions/{id}", status_code=204)  # noqa: FAST003  `Number` is its alias
def end_session(session: Number, person: InSession, served: HasServed, now: Now) -> None:
    """Sign out somewhere."""
    with served.store.transaction(now=now, actor=person.actor) as transaction:
        sessions.end_session(transaction, person.account.id, session)


@router.get("/tokens")
def list_tokens(person: InSession, served: HasServed) -> TokensOut:
    """The account's API tokens."""
    with answering(served.store) as connection:
        found = tokens_of(connection, person.account.id)
    return TokensOut(items=[TokenLineOut(**vars(one)) for one in found])


@router.post("/tokens", status_code=201)
def create_token(asked: TokenIn, person: InSession, entering: MayEnter) -> TokenMadeOut:
    """Make an API token; its text is shown this once."""
    with entering.served.store.transaction(now=entering.now, actor=entering.doorman.actor(person)) as transaction:
        made = tokens.create_token(transaction, person.account.id, name=asked.name, scopes=set(asked.scopes), lasts=asked.lasts)
    return TokenMadeOut.model_validate(made)


@router.delete("/tokens/{id}", status_code=204)  # noqa: FAST003  `Number` is its alias
def revoke_token(token: Number, person: InSession, entering: MayEnter) -> None:
    """Make an API token worthless."""
    with entering.served.store.transaction(now=entering.now, actor=entering.doorman.actor(person)) as transaction:
        tokens.revoke_token(transaction, person.account.id, token)
