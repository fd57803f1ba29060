"""
The delivery: what the year has to tell leaves as mail.

Settle what is in doubt from before; gather what is to leave and send it. Stopping it anywhere loses nothing: the rows know how far each
message came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prefect import flow

from flows.running import run
from store.outbox.states import Outcome
from tasks.delivering import deliver_mail, settle_doubts

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a delivery did."""

    gathered: int  #: messages made
    outcomes: Counter[Outcome]  #: tries, by what they came to

    @property
    def sent(self) -> int:
        """How many messages the mail server took over."""
        return self.outcomes[Outcome.SENT]


@flow(name="deliver", validate_parameters=False, persist_result=False)
async def deliver(now: datetime, authority: int | None = None) -> Delivered:
    """Deliver all mail that is to leave by `now`, or one authority's; sandboxes and real authorities each to their own server."""
    await run(settle_doubts, now)
    sent = await run(deliver_mail, now, authority=authority)
    return Delivered(gathered=sent.gathered, outcomes=sent.outcomes)
