"""Entering: what every way of signing in ends with: a new session, its cookie, and the word of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import structlog
from fastapi import Depends, Request, Response

from api.asking import HasServed, Now, Served
from api.doors.errors import WrongSignInError
from api.doors.limits import Doorman, network_address
from api.doors.signing_in import person_of_session
from api.wire.accounts import SessionOut, holdings_out
from evaluation.accounts import SignedInBy
from store.commands.sessions import Browser, Opened, forget_cookie, open_session

if TYPE_CHECKING:
    from api.doors.signing_in import Person
    from store.session import Transaction

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Entering:
    """A request that signs somebody in."""

    served: Served
    request: Request
    now: datetime

    @property
    def doorman(self) -> Doorman:
        """Who counts its tries."""
        return Doorman(served=self.served, request=self.request, now=self.now)

    def open(self, transaction: Transaction, account: int, *, how: SignedInBy) -> Opened:
        """Begin a session of the account, and end the one that the browser had before."""
        forget_cookie(transaction, self.request.cookies.get(self.served.cookies.session, ""))
        browser = Browser(
            address=network_address(self.request),
            user_agent=self.request.headers.get("user-agent", ""),
            lasts=timedelta(hours=self.served.settings.session_hours),
        )
        return open_session(transaction, account, how=how, browser=browser)

    def let_in(self, response: Response, opened: Opened) -> SessionOut:
        """
        Give the browser its session, and return what its page needs.

        Raises:
            WrongSignInError: it is an account of the demo, and this is no sandbox on this machine.

        """
        person = person_of_session(opened.token, self.served, now=self.now)
        if person is None:
            raise WrongSignInError
        self.served.cookies.keep_session(response, opened)
        if person.is_whole:
            self.served.cookies.keep_device(response, self.served.secrets, account=person.account.id)
        log.info("session.opened", account=person.account.id, session=opened.id, second_factor=person.second_factor.value)
        return session_out(person)


def entering(request: Request, served: HasServed, now: Now) -> Entering:
    """Return the request as one that may sign somebody in."""
    return Entering(served=served, request=request, now=now)


MayEnter = Annotated[Entering, Depends(entering)]


def session_out(person: Person) -> SessionOut:
    """Return what is sent of the session that asks."""
    assert person.session is not None  # noqa: S101  the dependency lets nobody else in
    return SessionOut(
        id=person.session.id,
        email=person.account.email,
        how=SignedInBy(person.session.how),
        second_factor=person.second_factor,
        csrf=person.session.csrf,
        contacts=holdings_out(person),
    )
