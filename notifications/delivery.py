"""
Delivery: queued messages leave on a few connections, each known to be on its way before it is.

Connections are coroutines on the event loop; the database is touched in worker threads only. A turnstile stands between them: in one
transaction it records what came back and lets as many go as there are free connections.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from notifications.composing import LetterComposer
from notifications.mime import Sender
from notifications.servers import real_server, sandbox_server
from notifications.smtp import Line, Mail
from store.outbox.claiming import Claimant, Parcel, Route, claim, give_up
from store.outbox.fuses import Fuse
from store.outbox.recording import Result, say_no_server, turn
from store.outbox.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from config.settings import Settings
    from notifications.composing import Composer
    from notifications.smtp import MailServer
    from store.session import Store

log = structlog.get_logger()
#: One try is at most so many answers: greeting, EHLO, STARTTLS, EHLO, signing in three ways, MAIL, RCPT, DATA, content.
MOST_ANSWERS = 16
#: So long a connection waits for others, so that their mails share a transaction.
MOST_WAIT_SECONDS = 0.01
_GLANCE_SECONDS = 0.001


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
    """What came of the tries of one delivery."""

    outcomes: Counter[Outcome]

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
        compose=LetterComposer(
            sender=Sender(address=settings.mail_from, name=settings.mail_from_name),
            domain=settings.mail_domain,
            base_url=settings.base_url,
            support_phone=settings.support_phone,
        ),
        claimant=Claimant(holder=holder, fuse=fuse, claim_seconds=MOST_ANSWERS * settings.smtp_timeout_seconds + 30),
        sender=settings.mail_from,
        sandbox=sandbox_server(settings),
        real=real_server(settings),
        connections=settings.smtp_connections,
    )


async def send_waiting(office: PostOffice, route: Route, *, now: datetime) -> Sent:
    """
    Send what waits and may leave, until nothing is left or the server takes nothing; return what came of it.

    When it is cancelled, what is on its way is still brought to its end.
    """
    server = office.sandbox if route.sandbox else office.real
    if server is None:
        await asyncio.to_thread(say_no_server, office.store, now=now)
        return Sent(outcomes=Counter())
    turnstile = _Turnstile(office, route, now=now)
    workers = asyncio.gather(*(_work(Line(server), turnstile, sender=office.sender) for _ in range(office.connections)))
    try:
        await asyncio.shield(workers)
    except asyncio.CancelledError:
        turnstile.close()
        await workers
        raise
    finally:
        await asyncio.to_thread(turnstile.leave)
    return Sent(outcomes=turnstile.outcomes)


async def _work(line: Line, turnstile: _Turnstile, *, sender: str) -> None:
    """Send one mail after the other on one connection, until there is none or no connection can be had."""
    result: Result | None = None
    try:
        while (parcel := await turnstile.pass_through(result)) is not None:
            answer = await line.send(Mail(sender=sender, recipient=parcel.address, body=parcel.body))
            result = Result(parcel=parcel, outcome=answer.outcome, code=answer.code, answer=answer.words)
    finally:
        await line.close()


class _Turnstile:
    """Where connections hand in what came of their mail and get the next: all that ask at once share one transaction."""

    def __init__(self, office: PostOffice, route: Route, *, now: datetime) -> None:
        self._office, self._route, self._now = office, route, now
        self._claimed: deque[Parcel] = deque()
        self._asking: list[tuple[Result | None, asyncio.Future[Parcel | None]]] = []
        self._turning: asyncio.Task[None] | None = None
        self._under_way = 0
        self._closed = False
        self.outcomes: Counter[Outcome] = Counter()

    async def pass_through(self, done: Result | None) -> Parcel | None:
        """Hand in a result and return the next message, now `sending`; None when there is none for this connection."""
        self._under_way -= done is not None
        future: asyncio.Future[Parcel | None] = asyncio.get_running_loop().create_future()
        self._asking.append((done, future))
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn())
        return await future

    def close(self) -> None:
        """Let nothing more go."""
        self._closed = True

    def leave(self) -> None:
        """Give back what was claimed and not tried."""
        left, self._claimed = [parcel.message for parcel in self._claimed], deque()
        give_up(self._office.store, self._office.claimant, left, now=self._now)

    async def _turn(self) -> None:
        while self._asking:
            await self._wait_for_others()
            asking, self._asking = self._asking, []
            try:
                going = await asyncio.to_thread(self._exchange, [done for done, _ in asking if done is not None], asking)
            except Exception as error:  # noqa: BLE001  (whoever waits gets it)
                self.close()
                for _, future in asking:
                    future.set_exception(error)
                continue
            self._under_way += sum(parcel is not None for parcel in going)
            for (_, future), parcel in zip(asking, going, strict=True):
                future.set_result(parcel)

    async def _wait_for_others(self) -> None:
        """Let the connections that are about to come back share the transaction: each one waits for the disk."""
        waited = 0.0
        while self._under_way and waited < MOST_WAIT_SECONDS:
            await asyncio.sleep(_GLANCE_SECONDS)
            waited += _GLANCE_SECONDS

    def _exchange(self, done: Sequence[Result], asking: Sequence[tuple[Result | None, object]]) -> list[Parcel | None]:
        """Record and let go, in a worker thread; the connections that could not be made get nothing."""
        self._count(done)
        goes_on = [result is None or result.outcome is not Outcome.DOWN for result, _ in asking]
        parcels = iter(self._next(done, wanted=0 if self._closed else sum(goes_on)))
        return [next(parcels, None) if goes else None for goes in goes_on]

    def _count(self, done: Sequence[Result]) -> None:
        for result in done:
            self.outcomes[result.outcome] += 1
            if result.outcome is not Outcome.SENT:
                log.warning("mail.not_sent", message=result.parcel.message, outcome=result.outcome, code=result.code, answer=result.answer)
            if result.outcome is Outcome.STOPPED:
                self.close()

    def _next(self, done: Sequence[Result], *, wanted: int) -> list[Parcel]:
        store, claimant = self._office.store, self._office.claimant
        going: list[Parcel] = []
        while len(going) < wanted:
            if not self._claimed:
                self._claimed.extend(claim(store, claimant, self._route, now=self._now))
            some = [self._claimed.popleft() for _ in range(min(wanted - len(going), len(self._claimed)))]
            if not some:
                break
            may_go = turn(store, claimant, done=done, next_ones=[parcel.message for parcel in some], now=self._now)
            done = ()
            going += [parcel for parcel in some if parcel.message in may_go]
        if done:
            turn(store, claimant, done=done, next_ones=(), now=self._now)
        return going
