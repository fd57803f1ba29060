"""
Health: what should have happened and has not, and who is at work.

The oldest due item not acted on is the measure: it grows when the engine stands, whatever the reason. All ages of engines and leases are
by the database's clock; what is due is due by business time.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from evaluation.cycles import CycleState
from store.commands.steps import TICK_DONE
from store.journal import database_clock
from store.outbox.gathering import may_leave
from store.outbox.states import MessageState
from store.schema import AUTHORITY, CYCLE, JOURNAL, LEASE, MESSAGE, NOTICE, OBLIGATION, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from store.session import Store


#: A read-only view of the database, for those above `store` who hand one on.
View = Connection


class DatabaseSilentError(Exception):
    """The database does not answer: it is not there, is locked, or has no tables yet."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """To which authority something belongs."""

    authority: str
    sandbox: bool
    zone: str


@dataclass(frozen=True, kw_only=True)
class LastTick:
    """The last tick that had something to do; an idle one leaves no trace."""

    whose: Whose
    at: datetime  #: business time
    on: date  #: the local date of it
    age_seconds: int  #: since it was recorded


@dataclass(frozen=True, kw_only=True)
class OldestDue:
    """The due item that has waited longest for the tick."""

    whose: Whose
    cycle: int
    stage: str
    title: str
    title_en: str
    due_at: datetime
    due_on: date  #: the local date of it
    age_seconds: int


@dataclass(frozen=True, kw_only=True)
class OldestUnsent:
    """The mail whose slot has come longest ago and that has not left; held mail is not counted, it waits for a person."""

    slot_at: datetime
    age_seconds: int
    gathered: bool  #: false: still notices, no message yet


@dataclass(frozen=True, kw_only=True)
class Holder:
    """An engine's lease of an authority."""

    whose: Whose
    holder: str
    epoch: int
    renewed_at: datetime  #: the database's clock
    age_seconds: int


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the database says of the engine's work at `now`."""

    last_tick: LastTick | None
    oldest_due: OldestDue | None
    oldest_unsent: OldestUnsent | None
    outbox: dict[MessageState, int]
    leases: tuple[Holder, ...]


@contextmanager
def answering(store: Store) -> Iterator[Connection]:
    """
    Open a read-only view of a database that answers.

    Raises:
        DatabaseSilentError: it does not.

    """
    try:
        with store.reading() as connection:
            yield connection
    except (DBAPIError, PoolTimeoutError) as error:
        raise DatabaseSilentError from error


def read_health(connection: Connection, *, now: datetime) -> Health:
    """Return the state of the engine's work, over all authorities: seven short queries, however many obligations."""
    clock = database_clock(connection)
    return Health(
        last_tick=_last_tick(connection, clock=clock),
        oldest_due=_oldest_due(connection, now=now),
        oldest_unsent=_oldest_unsent(connection, now=now),
        outbox=_outbox(connection),
        leases=_leases(connection, clock=clock),
    )


def _seconds(since: datetime, *, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


_WHOSE = (AUTHORITY.c.key.label("authority"), AUTHORITY.c.sandbox, AUTHORITY.c.zone)


def _whose(row: object) -> Whose:
    return Whose(**{name: getattr(row, name) for name in ("authority", "sandbox", "zone")})


def _last_tick(connection: Connection, *, clock: datetime) -> LastTick | None:
    """Look back from the end of each chain: the newest entry of a tick is near it."""
    entry = JOURNAL.alias()
    newest = (
        select(entry.c.number)
        .where(entry.c.authority_id == AUTHORITY.c.id, entry.c.action == TICK_DONE)
        .order_by(entry.c.number.desc())
        .limit(1)
        .correlate(AUTHORITY)
        .scalar_subquery()
    )
    of_authority = (JOURNAL.c.authority_id == AUTHORITY.c.id) & (JOURNAL.c.number == newest)
    query = select(*_WHOSE, JOURNAL.c.at, JOURNAL.c.recorded_at).select_from(AUTHORITY).join(JOURNAL, of_authority)
    row = connection.execute(query.order_by(JOURNAL.c.recorded_at.desc(), AUTHORITY.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    on = row.at.astimezone(ZoneInfo(row.zone)).date()
    return LastTick(whose=_whose(row), at=row.at, on=on, age_seconds=_seconds(row.recorded_at, until=clock))


def _oldest_due(connection: Connection, *, now: datetime) -> OldestDue | None:
    """Ask each stage of a launched cycle for its first moment: one step into the index that the tick itself uses."""
    first = select(func.min(OBLIGATION.c.next_at)).where(OBLIGATION.c.stage_id == STAGE.c.id, OBLIGATION.c.next_at <= now).scalar_subquery()
    query = (
        select(*_WHOSE, STAGE.c.cycle_id, STAGE.c.key, STAGE.c.title, STAGE.c.title_en, STAGE.c.next_at, first.label("first_at"))
        .join(CYCLE, CYCLE.c.id == STAGE.c.cycle_id)
        .join(AUTHORITY, AUTHORITY.c.id == STAGE.c.authority_id)
        .where(CYCLE.c.state == CycleState.LAUNCHED.value)
        .order_by(STAGE.c.cycle_id, STAGE.c.position)
    )
    due = [(at, row) for row in connection.execute(query) for at in (row.next_at, row.first_at) if at is not None and at <= now]
    if not due:
        return None
    at, row = min(due, key=lambda one: one[0])
    return OldestDue(
        whose=_whose(row),
        cycle=row.cycle_id,
        stage=row.key,
        title=row.title,
        title_en=row.title_en,
        due_at=at,
        due_on=at.astimezone(ZoneInfo(row.zone)).date(),
        age_seconds=_seconds(at, until=now),
    )


def _oldest_unsent(connection: Connection, *, now: datetime) -> OldestUnsent | None:
    leaving = (MessageState.QUEUED.value, MessageState.SENDING.value)
    frozen = connection.execute(select(func.min(MESSAGE.c.slot_at)).where(MESSAGE.c.state.in_(leaving))).scalar_one()
    loose = connection.execute(
        select(func.min(NOTICE.c.slot_at))
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .where(NOTICE.c.message_id.is_(None), NOTICE.c.cancelled.is_(False), NOTICE.c.slot_at <= now, may_leave())
    ).scalar_one()
    slots = [(slot, gathered) for slot, gathered in ((frozen, True), (loose, False)) if slot is not None]
    if not slots:
        return None
    slot_at, gathered = min(slots)
    return OldestUnsent(slot_at=slot_at, age_seconds=_seconds(slot_at, until=now), gathered=gathered)


def _outbox(connection: Connection) -> dict[MessageState, int]:
    counted = {row[0]: row[1] for row in connection.execute(select(MESSAGE.c.state, func.count()).group_by(MESSAGE.c.state))}
    return {state: counted.get(state.value, 0) for state in MessageState}


def _leases(connection: Connection, *, clock: datetime) -> tuple[Holder, ...]:
    query = select(*_WHOSE, LEASE.c.holder, LEASE.c.epoch, LEASE.c.renewed_at).join(AUTHORITY, AUTHORITY.c.id == LEASE.c.authority_id)
    return tuple(
        Holder(
            whose=_whose(row),
            holder=row.holder,
            epoch=row.epoch,
            renewed_at=row.renewed_at,
            age_seconds=_seconds(row.renewed_at, until=clock),
        )
        for row in connection.execute(query.order_by(LEASE.c.authority_id))
    )
