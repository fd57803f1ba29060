"""
Doors: how often somebody may try one in a window of time, counted in the database for all processes together.

A try is counted before it is made, so that many at once gain nothing; one that succeeds is given back. Who tries is kept as a keyed hash
and forgotten a day later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from evaluation.accounts import AccountEvent
from store.account_events import Refusal, note_refusal
from store.journal import database_clock
from store.schema import DOOR_TRY
from store.windows import window_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from store.session import Store

KEPT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How often one may try one door."""

    door: str
    subject: str  #: `Secrets.subject`
    most: int
    window: timedelta
    account: int | None = None  #: whose door it is, where that is known
    address: str = ""  #: from where it is tried; kept of a door that was shut, as `store.account_events` says


class TooManyTriesError(Exception):
    """A door was tried too often: when to come back."""

    def __init__(self, limit: Limit, *, retry_seconds: int) -> None:
        """Keep the door, and for how long it stays shut."""
        self.door, self.retry_seconds = limit.door, retry_seconds
        super().__init__(f"too many tries; come back in {retry_seconds} seconds")


def count_tries(store: Store, limits: Sequence[Limit], *, now: datetime) -> None:
    """
    Count a try against every limit.

    Raises:
        TooManyTriesError: one of them is passed; the one that lasts longest is said.

    """
    passed: list[TooManyTriesError] = []
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        _forget(connection, clock=clock)
        for limit in sorted(limits, key=lambda one: (one.door, one.subject)):  # the same order for all: nobody waits in a circle
            start = window_start(clock, limit.window)
            tries = _add(connection, limit, start)
            if tries == limit.most + 1:  # shut by this one: what knocks afterwards is not written down again
                shut = Refusal(what=AccountEvent.DOOR_SHUT, door=limit.door, account=limit.account, address=limit.address)
                note_refusal(transaction, shut)
            if tries > limit.most:
                left = (start + limit.window - clock).total_seconds()
                passed.append(TooManyTriesError(limit, retry_seconds=max(1, int(left) + 1)))
    if passed:
        raise max(passed, key=lambda error: error.retry_seconds)


def give_back(store: Store, limits: Sequence[Limit], *, now: datetime) -> None:
    """Take back a try that was counted and succeeded."""
    with store.transaction(now=now) as transaction:
        clock = database_clock(transaction.connection)
        for limit in sorted(limits, key=lambda one: (one.door, one.subject)):
            mine = update(DOOR_TRY).where(*_of(limit, window_start(clock, limit.window)), DOOR_TRY.c.tries > 0)
            transaction.connection.execute(mine.values(tries=DOOR_TRY.c.tries - 1))


def _of(limit: Limit, start: datetime) -> tuple[ColumnElement[bool], ...]:
    return DOOR_TRY.c.door == limit.door, DOOR_TRY.c.subject == limit.subject, DOOR_TRY.c.window_at == start


def _add(connection: Connection, limit: Limit, start: datetime) -> int:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"door": limit.door, "subject": limit.subject, "window_at": start, "tries": 1}
    statement = dialect.insert(DOOR_TRY).values(row)
    again = statement.on_conflict_do_update(index_elements=["door", "subject", "window_at"], set_={"tries": DOOR_TRY.c.tries + 1})
    return int(connection.execute(again.returning(DOOR_TRY.c.tries)).scalar_one())


def _forget(connection: Connection, *, clock: datetime) -> None:
    """Forget tries that no window needs any more."""
    old = DOOR_TRY.c.window_at < clock - KEPT
    if connection.execute(select(DOOR_TRY.c.door).where(old).limit(1)).scalar_one_or_none() is not None:
        connection.execute(delete(DOOR_TRY).where(old))
