"""
Who asks: the account behind a session's cookie or an API token, and the contacts it is today.

A route that takes `SignedIn` serves whoever has signed in wholly. A change that comes with a cookie must bring the session's token too
(`X-CSRF-Token`, or the form field `csrf`), since browsers send cookies unasked; a token in `Authorization` needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.asking import HasServed, Now, Served
from api.doors.errors import CsrfError, NotSignedInError, ScopeError, SecondFactorNeededError, SessionNeededError
from evaluation.accounts import Scope
from store.actors import Actor
from store.commands import sessions, tokens
from store.queries.accounts import Account, Holding, SessionFacts, TokenFacts, holdings_of, must_give_second_factor, session_of, token_of
from store.queries.health import answering
from store.secrets import same

if TYPE_CHECKING:
    from datetime import datetime

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Said by a page that asks for itself anew.
BY_ITSELF = "x-by-itself"
_BEARER = "bearer "
_FORM = "application/x-www-form-urlencoded"


class SecondFactor(StrEnum):
    """How a session stands with its second factor."""

    NOT_ASKED = "not-asked"
    GIVEN = "given"
    NEEDED = "needed"  #: a code of the app is awaited
    TO_BE_SET_UP = "to-be-set-up"  #: an authority asks for one, and the account has none yet


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks: an account, the contacts it is today, and by what it is known."""

    account: Account
    holdings: tuple[Holding, ...]  #: in office today; those of real authorities first
    session: SessionFacts | None = None
    token: TokenFacts | None = None
    second_factor: SecondFactor = SecondFactor.NOT_ASKED

    @property
    def contacts(self) -> tuple[int, ...]:
        """The contacts as whom this person may act."""
        return tuple(holding.contact for holding in self.holdings)

    @property
    def authorities(self) -> tuple[int, ...]:
        """The authorities whose rows this person may see at all."""
        return tuple(sorted({holding.authority for holding in self.holdings}))

    @property
    def actor(self) -> Actor:
        """Who acts in the account's own affairs: its first contact."""
        return Actor(who=f"c{self.holdings[0].contact}") if self.holdings else Actor()

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is missing for acting."""
        return self.second_factor in {SecondFactor.NOT_ASKED, SecondFactor.GIVEN}


async def whoever(request: Request, served: HasServed, now: Now) -> Person | None:
    """Return who asks, even if the second factor is still to come; None if nobody is signed in. CsrfError, ScopeError."""
    found = await run_in_threadpool(_find, request, served, now)
    if found is None:
        return None
    if found.token is not None:
        wanted = Scope.READ if request.method in SAFE else Scope.WRITE
        if wanted not in found.token.scopes:
            raise ScopeError(wanted)
    elif found.session is not None and request.method not in SAFE:
        await _check_csrf(request, found.session)
    return found


async def half_signed_in(found: Annotated[Person | None, Depends(whoever)]) -> Person:
    """Return who asks in a session, even if its second factor is still to come."""
    if found is None:
        raise NotSignedInError
    if found.session is None:
        raise SessionNeededError
    return found


async def signed_in(found: Annotated[Person | None, Depends(whoever)]) -> Person:
    """Return who asks, by a session or a token."""
    if found is None:
        raise NotSignedInError
    if not found.is_whole:
        raise SecondFactorNeededError
    return found


async def in_session(found: Annotated[Person, Depends(signed_in)]) -> Person:
    """Return who asks in a session: what concerns the account itself is no token's business."""
    if found.session is None:
        raise SessionNeededError
    return found


def _find(request: Request, served: Served, now: datetime) -> Person | None:
    authorization = request.headers.get("authorization", "")
    if authorization:
        return _by_token(authorization, served, now)
    cookie = request.cookies.get(served.cookies.session, "")
    return person_of_session(cookie, served, now=now, seen=not _asks_by_itself(request)) if cookie else None


def _asks_by_itself(request: Request) -> bool:
    """Return whether a page asks without anybody at it: that keeps no session alive."""
    return BY_ITSELF in request.headers or "text/event-stream" in request.headers.get("accept", "")


def _by_token(authorization: str, served: Served, now: datetime) -> Person | None:
    if not authorization.lower().startswith(_BEARER):
        return None
    with answering(served.store) as connection:
        token = token_of(connection, authorization[len(_BEARER) :].strip())
        holdings = () if token is None else holdings_of(connection, token.account.id)
        bare = token is not None and not token.account.has_totp and must_give_second_factor(connection, token.account.id)
    if token is None or _is_demo_outside(token.account, holdings, served):
        return None
    if tokens.is_stale(token):
        with served.store.transaction(now=now) as transaction:
            tokens.see_token(transaction, token.id)
    factor = SecondFactor.TO_BE_SET_UP if bare else SecondFactor.NOT_ASKED  # a token does not get round what its account must have
    return Person(account=token.account, holdings=_today(holdings, now=now), token=token, second_factor=factor)


def person_of_session(cookie: str, served: Served, *, now: datetime, seen: bool = True) -> Person | None:
    """Return who has a session; None if it is not good. `seen`: somebody is at it, so it lives on."""
    with answering(served.store) as connection:
        session = session_of(connection, cookie, idle=served.idle)
        if session is None:
            return None
        holdings = holdings_of(connection, session.account.id)
        factor = SecondFactor.GIVEN
        if not session.second_factor:
            asked = not session.account.has_totp and must_give_second_factor(connection, session.account.id)
            factor = SecondFactor.NEEDED if session.account.has_totp else SecondFactor.TO_BE_SET_UP if asked else SecondFactor.NOT_ASKED
    if _is_demo_outside(session.account, holdings, served):
        return None
    if seen and sessions.is_stale(session):
        with served.store.transaction(now=now) as transaction:
            sessions.see_session(transaction, session.id)
    return Person(account=session.account, holdings=_today(holdings, now=now), session=session, second_factor=factor)


def _is_demo_outside(account: Account, holdings: tuple[Holding, ...], served: Served) -> bool:
    """Return whether the password of this account was printed, and it would open more than a sandbox on this machine."""
    return account.demo and not (served.is_local and all(holding.sandbox for holding in holdings))


def _today(holdings: tuple[Holding, ...], *, now: datetime) -> tuple[Holding, ...]:
    return tuple(one for one in holdings if one.is_in_office(now.astimezone(ZoneInfo(one.zone)).date()))


async def _check_csrf(request: Request, session: SessionFacts) -> None:
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
        given = parse_qs((await request.body()).decode(errors="replace")).get("csrf", [""])[0]
    if not same(given, session.csrf):
        raise CsrfError


MaybeSignedIn = Annotated[Person | None, Depends(whoever)]
HalfSignedIn = Annotated[Person, Depends(half_signed_in)]
SignedIn = Annotated[Person, Depends(signed_in)]
InSession = Annotated[Person, Depends(in_session)]
