"""
An engine's delivery as a process of its own, which can be told where to die (`kill -9`, by its own hand, so that the place is exact).

places: commit (before the commit of that number), begin (before that transaction, so after the commit before it),
handed (before that mail goes to the server), answered (the server has taken that mail, nothing is recorded)
"""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import event

from config.settings import Settings
from notifications import delivery
from notifications.delivery import deliver_all, post_office
from notifications.smtp import Answer, Line, Mail
from store.outbox.answering import resend_unanswered
from store.outbox.recording import find_lost
from store.session import open_store
from tests.plain_mail import PlainComposer

if TYPE_CHECKING:
    from datetime import datetime

CLAIM_SECONDS = 0.7


class Fate:
    """Counts what happens at each place and kills where it was told to."""

    def __init__(self, place: str = "", number: int = 0) -> None:
        self._place, self._left = place, number

    def meets(self, place: str) -> None:
        if place == self._place:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def mortal(fate: Fate) -> type[Line]:
    class MortalLine(Line):
        async def send(self, mail: Mail) -> Answer:
            fate.meets("handed")
            answer = await super().send(mail)
            fate.meets("answered")
            return answer

    return MortalLine


async def deliver_once(url: str, port: int, now: datetime, fate: Fate) -> None:
    store = open_store(url, durable=False)
    event.listen(store.engine, "commit", lambda _connection: fate.meets("commit"))
    event.listen(store.engine, "begin", lambda _connection: fate.meets("begin"))
    delivery.__dict__["Line"] = mortal(fate)
    settings = Settings(_env_file=None, smtp_connections=3, smtp_timeout_seconds=2, sandbox_smtp=f"127.0.0.1:{port}")
    office = post_office(store, settings, holder=f"process-{os.getpid()}")
    office = replace(office, compose=PlainComposer(), claimant=replace(office.claimant, claim_seconds=CLAIM_SECONDS))
    find_lost(store, now=now)
    resend_unanswered(store, now=now)
    await deliver_all(office, now=now)
    store.close()


def live(url: str, port: int, now: datetime, doom: tuple[str, int]) -> None:
    """The whole life of one process."""
    asyncio.run(deliver_once(url, port, now, Fate(*doom)))
