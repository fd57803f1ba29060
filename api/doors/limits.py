"""
Limits of the doors: by network address, by account, and by known browser.

Whoever has signed in wholly from a browser before has a count of his own there (the "device cookie" of OWASP), so a stranger who fails on
purpose shuts the account's password to unknown browsers only; and a sign-in link, which a stranger cannot read, is never shut with it.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from api.doors.errors import OidcError, WrongPasswordError, WrongSignInError
from store.account_events import Refusal, note_refusal
from store.actors import Actor
from store.commands.identities import UnknownIdentityError
from store.commands.links import LinkError
from store.commands.second_factors import WrongCodeError
from store.doors import Limit, count_tries, give_back

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from fastapi import Request

    from api.asking import Served
    from api.doors.signing_in import Person
    from evaluation.accounts import AccountEvent

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LINKS_PER_ACCOUNT = 3  #: mails with links that anybody can cause to one account in a quarter of an hour
TRIES_PER_DEVICE = 10
CODES_PER_SESSION = 5
#: What a door says to whom it does not let in.
REFUSED = (WrongSignInError, WrongPasswordError, WrongCodeError, LinkError, OidcError, UnknownIdentityError)
_PREFIX = 64  #: what one customer gets of IPv6


def network_address(request: Request) -> str:
    """Return from where a request comes; the whole network of an IPv6 address, since one browser has many of them."""
    host = request.client.host if request.client is not None else ""
    with suppress(ValueError):
        if isinstance(ip_address(host), IPv6Address):
            return str(ip_network(f"{host.partition('%')[0]}/{_PREFIX}", strict=False))
    return host


@dataclass(frozen=True, kw_only=True)
class Doorman:
    """Counts the tries of one request."""

    served: Served
    request: Request
    now: datetime

    @property
    def address(self) -> str:
        """From where the request comes."""
        return network_address(self.request)

    def actor(self, person: Person | None = None) -> Actor:
        """Return who acts in this request, and from where; nobody known where nobody has signed in."""
        return replace(Actor() if person is None else person.actor, address=self.address)

    @asynccontextmanager
    async def noting(self, what: AccountEvent, door: str, *, account: int | None = None) -> AsyncIterator[None]:
        """Let a refusal that happens meanwhile be kept for the administrator."""
        try:
            yield
        except REFUSED:
            refusal = Refusal(what=what, door=door, account=account, address=self.address)
            await run_in_threadpool(self._note, refusal)
            raise

    def _note(self, refusal: Refusal) -> None:
        with self.served.store.transaction(now=self.now) as transaction:
            note_refusal(transaction, refusal)

    def by_address(self, door: str) -> Limit:
        """Return the limit of a network address at a door."""
        subject = self.served.secrets.subject("address", self.address)
        most = self.served.settings.tries_per_address
        return Limit(door=f"{door}/address", subject=subject, most=most, window=QUARTER, address=self.address)

    def by_account(self, door: str, email: str, *, account: int | None) -> Limit:
        """Return the limit of an account at a door: the known browser's own, else that of all unknown ones together."""
        device = "" if account is None else self.served.cookies.known_device(self.request, self.served.secrets, account=account)
        if device:
            subject = self.served.secrets.subject("device", device)
            known = Limit(door=f"{door}/device", subject=subject, most=TRIES_PER_DEVICE, window=QUARTER)
            return replace(known, account=account, address=self.address)
        subject = self.served.secrets.subject("account", email)
        every = Limit(door=f"{door}/account", subject=subject, most=self.served.settings.tries_per_account, window=QUARTER)
        return replace(every, account=account, address=self.address)

    def by_session(self, door: str, session: int, *, account: int) -> Limit:
        """Return the limit of one session at a door."""
        subject = self.served.secrets.subject("session", str(session))
        return Limit(door=f"{door}/session", subject=subject, most=CODES_PER_SESSION, window=HOUR, account=account, address=self.address)

    def of_links(self, email: str) -> Limit:
        """Return the limit of mails with links to one address."""
        subject = self.served.secrets.subject("account", email)
        return Limit(door="links/account", subject=subject, most=LINKS_PER_ACCOUNT, window=QUARTER, address=self.address)

    async def count(self, limits: Sequence[Limit]) -> None:
        """Count a try; TooManyTriesError if a limit is passed."""
        await run_in_threadpool(count_tries, self.served.store, limits, now=self.now)

    async def forgive(self, limits: Sequence[Limit]) -> None:
        """Take back a try that succeeded."""
        await run_in_threadpool(give_back, self.served.store, limits, now=self.now)
