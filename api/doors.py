"""
Limits of the doors: by network address, by account, and by known browser.

Whoever has signed in wholly from a browser before has a count of his own there (the "device cookie" of OWASP), so a stranger who fails on
purpose shuts the account's password to unknown browsers only; and a sign-in link, which a stranger cannot read, is never shut with it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from store.doors import Limit, count_tries, give_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request

    from api.asking import Served

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LINKS_PER_ACCOUNT = 3  #: mails with links that anybody can cause to one account in a quarter of an hour
TRIES_PER_DEVICE = 10
CODES_PER_SESSION = 5
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

    def by_address(self, door: str) -> Limit:
        """Return the limit of a network address at a door."""
        subject = self.served.secrets.subject("address", network_address(self.request))
        return Limit(door=f"{door}/address", subject=subject, most=self.served.settings.tries_per_address, window=QUARTER)

    def by_account(self, door: str, email: str, *, account: int | None) -> Limit:
        """Return the limit of an account at a door: the known browser's own, else that of all unknown ones together."""
        device = "" if account is None else self.served.cookies.known_device(self.request, self.served.secrets, account=account)
        if device:
            subject = self.served.secrets.subject("device", device)
            return Limit(door=f"{door}/device", subject=subject, most=TRIES_PER_DEVICE, window=QUARTER)
        subject = self.served.secrets.subject("account", email)
        return Limit(door=f"{door}/account", subject=subject, most=self.served.settings.tries_per_account, window=QUARTER)

    def by_session(self, door: str, session: int) -> Limit:
        """Return the limit of one session at a door."""
        subject = self.served.secrets.subject("session", str(session))
        return Limit(door=f"{door}/session", subject=subject, most=CODES_PER_SESSION, window=HOUR)

    def of_links(self, email: str) -> Limit:
        """Return the limit of mails with links to one address."""
        subject = self.served.secrets.subject("account", email)
        return Limit(door="links/account", subject=subject, most=LINKS_PER_ACCOUNT, window=QUARTER)

    async def count(self, limits: Sequence[Limit]) -> None:
        """Count a try; TooManyTriesError if a limit is passed."""
        await run_in_threadpool(count_tries, self.served.store, limits, now=self.now)

    async def forgive(self, limits: Sequence[Limit]) -> None:
        """Take back a try that succeeded."""
        await run_in_threadpool(give_back, self.served.store, limits, now=self.now)
