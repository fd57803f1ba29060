"""
Delivery: notices become messages, and messages leave on a few connections, the first while the next are being made.

Connections are coroutines on the event loop; letters are made, and the database is touched, in worker threads only.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.composing import composer_of
from notifications.gather import Gatherer, gather_all
from notifications.servers import real_server, sandbox_server
from notifications.smtp import Line, Mail
from notifications.turnstile import Turnstile
from store.outbox.claiming import Claimant, Route
from store.outbox.fuses import Fuse
from store.outbox.recording import Result, say_no_server

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from config.settings import Settings
    from notifications.composing import Composer
    from notifications.smtp import MailServer
    from store.outbox.states import Outcome
    from store.session import Store

#: One try is at most so many answers: greeting, EHLO, STARTTLS, EHLO, signing in three ways, MAIL, RCPT, DATA, content.
MOST_ANSWERS = 16


@dataclass(frozen=True, kw_only=True)
class PostOffice:
    """What one engine delivers with."""

    store: Store
    compose: Composer
    claimant: Claimant
    sender: str
    sandbox: MailServer
    real: MailServer | None
    connections: int = 4


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one delivery did."""

    gathered: int = 0  #: messages made
    outcomes: Counter[Outcome]  #: tries, by what they came to

    def __getitem__(self, outcome: Outcome) -> int:
        """Return how many tries came to that."""
        return self.outcomes[outcome]


def post_office(store: Store, settings: Settings, *, holder: str) -> PostOffice:
    """
    Return what the settings deliver with; `holder` names this engine in its claims.

    Raises:
        UnsafeServerError: a sandbox's mail would leave the machine, or real mail would cross a network unprotected.

    """
    fuse = Fuse(per_recipient=settings.fuse_per_recipient, per_slot=settings.fuse_per_slot, refused_share=settings.fuse_refused_share)
    return PostOffice(
        store=store,
        compose=composer_of(settings),
        claimant=Claimant(
            holder=holder,
            fuse=fuse,
            mail_until=settings.mail_until,
            claim_seconds=MOST_ANSWERS * settings.smtp_timeout_seconds + 30,
        ),
        sender=settings.mail_from,
        sandbox=sandbox_server(settings),
        real=real_server(settings),
        connections=settings.smtp_connections,
    )


async def send_waiting(office: PostOffice, route: Route, *, now: datetime) -> Sent:
    """Send what waits and may leave, until nothing is left or the server takes nothing; return what came of it."""
    gate = Turnstile(office.store, office.claimant, route, now=now)
    return Sent(outcomes=await _send(office, gate))


async def deliver_all(office: PostOffice, *, now: datetime, authority: int | None = None) -> Sent:
    """
    Make messages of what is to leave by `now` and send them, the first while the next are being made; return what came of it.

    When it is cancelled, what is on its way is still brought to its end.
    """
    routes = [Route(sandbox=sandbox, authority=authority) for sandbox in (True, False)]
    gates = [Turnstile(office.store, office.claimant, route, now=now) for route in routes]
    for gate in gates:
        gate.expect_more()
    stop = threading.Event()
    gathering = asyncio.create_task(_gather(office, gates, now=now, authority=authority, stop=stop))
    try:
        outcomes = await asyncio.gather(*(_send(office, gate) for gate in gates))
    except BaseException:
        stop.set()
        with suppress(Exception):
            await gathering
        raise
    gathered = await gathering
    if office.real is None:
        await asyncio.to_thread(say_no_server, office.store, now=now)
    return Sent(gathered=gathered, outcomes=outcomes[0] + outcomes[1])


async def _gather(office: PostOffice, gates: Sequence[Turnstile], *, now: datetime, authority: int | None, stop: threading.Event) -> int:
    """Gather in a worker thread, and tell the gates of each slice."""
    loop = asyncio.get_running_loop()

    def tell(*, last: bool = False) -> None:
        for gate in gates:
            gate.tell_of_more(last=last)

    def told() -> bool:
        loop.call_soon_threadsafe(tell)
        return not stop.is_set()

    fuse, until = office.claimant.fuse, office.claimant.mail_until
    gatherer = Gatherer(store=office.store, compose=office.compose, fuse=fuse, until=until, told=told)
    try:
        return await asyncio.to_thread(gather_all, gatherer, now=now, authority=authority)
    finally:
        tell(last=True)


async def _send(office: PostOffice, gate: Turnstile) -> Counter[Outcome]:
    """Send what passes a gate on as many connections as there may be."""
    server = office.sandbox if gate.route.sandbox else office.real
    if server is None:
        return Counter()
    workers = asyncio.gather(*(_work(Line(server), gate, sender=office.sender) for _ in range(office.connections)))
    try:
        await asyncio.shield(workers)
    except asyncio.CancelledError:
        gate.close()
        await workers
        raise
    finally:
        await asyncio.to_thread(gate.leave)
    return gate.outcomes


async def _work(line: Line, gate: Turnstile, *, sender: str) -> None:
    """Send one mail after the other on one connection, until there is none or no connection can be had."""
    result: Result | None = None
    try:
        while (parcel := await gate.pass_through(result)) is not None:
            answer = await line.send(Mail(sender=sender, recipient=parcel.address, body=parcel.body))
            result = Result(parcel=parcel, outcome=answer.outcome, code=answer.code, answer=answer.words)
    finally:
        await line.close()
