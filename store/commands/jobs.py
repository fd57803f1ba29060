"""
Jobs: asked for by people, taken by one engine at a time.

A claim runs out by the database's clock and is renewed by every word of progress. What an engine that died had in hand is taken up again
from its beginning by the next; whoever was thought dead and comes back finds the claim's number risen, and what it says is not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, delete, func, insert, or_, select, update

from evaluation.jobs import OVER, JobKind, JobState
from store.journal import database_clock
from store.locks import hold_authority
from store.refusals import RefusalError
from store.schema import JOB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.session import Store, Transaction

CLAIM_SECONDS = 120  #: longer than the engine is ever silent about a job
MOST_CLAIMS = 3  #: a job that so many engines broke off is not tried again
MOST_WAITING = 3  #: of one authority
KEPT = timedelta(days=30)
_FINAL = tuple(state.value for state in OVER)


class TooManyJobsError(RefusalError):
    """So many jobs of an authority wait that no more are taken."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = f"đang có {MOST_WAITING} việc chạy nền của cơ quan chưa xong; hãy đợi một việc xong rồi làm lại"
        en = f"{MOST_WAITING} background jobs of the authority are not done yet; wait for one of them and ask again"
        super().__init__(vi, en)


class JobLostError(Exception):
    """A job has passed to another engine; what this one says of it is not taken."""

    def __init__(self, job: ClaimedJob) -> None:
        """Keep the job."""
        self.job = job
        super().__init__(f"job {job.id} has passed to another engine, or is over")


@dataclass(frozen=True, kw_only=True)
class JobOrder:
    """What somebody asks for."""

    authority: int
    account: int
    kind: JobKind
    script: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ClaimedJob:
    """A job that this engine has in hand."""

    id: int
    authority: int
    kind: JobKind
    script: Mapping[str, Any]
    holder: str
    claim: int


def ask_job(transaction: Transaction, order: JobOrder) -> int:
    """
    Return the number of a job that does this: one that somebody asked for already and is not over, or else a new one.

    Raises:
        TooManyJobsError: too many of the authority wait.

    """
    connection = transaction.connection
    hold_authority(connection, order.authority)
    clock = database_clock(connection)
    connection.execute(delete(JOB).where(JOB.c.over_at < clock - KEPT))
    written = orjson.dumps(order.script, option=orjson.OPT_SORT_KEYS).decode()
    mine = and_(JOB.c.authority_id == order.authority, JOB.c.state.not_in(_FINAL))
    same = select(JOB.c.id).where(mine, JOB.c.account_id == order.account, JOB.c.kind == order.kind.value, JOB.c.script == written)
    found = connection.execute(same).scalar()
    if found is not None:
        return int(found)
    if connection.execute(select(func.count()).select_from(JOB).where(mine)).scalar_one() >= MOST_WAITING:
        raise TooManyJobsError
    row = {
        "authority_id": order.authority,
        "account_id": order.account,
        "kind": order.kind.value,
        "state": JobState.WAITING.value,
        "script": written,
        "asked_at": clock,
        "done": 0,
        "total": 0,
        "result": "",
        "fault": "",
        "holder": "",
        "claims": 0,
    }
    return int(connection.execute(insert(JOB).returning(JOB.c.id), row).scalar_one())


def claim_job(store: Store, *, holder: str, now: datetime) -> ClaimedJob | None:
    """Return the oldest job that nobody has in hand, now this engine's; None if there is none."""
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        while (row := connection.execute(_free(clock)).first()) is not None:
            if row.state == JobState.RUNNING.value and row.claims >= MOST_CLAIMS:
                _end(connection, JOB.c.id == row.id, state=JobState.BROKEN)
                continue
            return _claimed(connection, row, holder=holder, clock=clock)
    return None


def _free(clock: datetime) -> Any:  # noqa: ANN401  a query of whole rows
    broken_off = and_(JOB.c.state == JobState.RUNNING.value, JOB.c.claimed_until < clock)
    free = select(JOB).where(or_(JOB.c.state == JobState.WAITING.value, broken_off))
    return free.order_by(JOB.c.id).limit(1).with_for_update(skip_locked=True)


def _claimed(connection: Connection, row: Row[Any], *, holder: str, clock: datetime) -> ClaimedJob:
    number = row.claims + 1
    taken = {"state": JobState.RUNNING.value, "holder": holder, "claims": number, "done": 0, "total": 0}
    until = clock + timedelta(seconds=CLAIM_SECONDS)
    connection.execute(update(JOB).where(JOB.c.id == row.id).values(**taken, claimed_until=until))
    script = orjson.loads(row.script)
    return ClaimedJob(id=row.id, authority=row.authority_id, kind=JobKind(row.kind), script=script, holder=holder, claim=number)


def tell_progress(store: Store, job: ClaimedJob, *, done: int, total: int, now: datetime) -> None:
    """Say how far a job is, and keep its claim. JobLostError if it is somebody else's now."""
    with store.transaction(now=now) as transaction:
        until = database_clock(transaction.connection) + timedelta(seconds=CLAIM_SECONDS)
        told = update(JOB).where(_held(job)).values(done=done, total=total, claimed_until=until)
        if transaction.connection.execute(told).rowcount != 1:
            raise JobLostError(job)


def finish_job(store: Store, job: ClaimedJob, *, result: Mapping[str, Any], now: datetime) -> None:
    """Keep what came of a job. JobLostError if it is somebody else's now."""
    _settle(store, job, now=now, state=JobState.DONE, result=orjson.dumps(result).decode())


def fail_job(store: Store, job: ClaimedJob, *, vi: str, en: str, now: datetime) -> None:
    """Keep why nothing came of a job, in both languages. JobLostError if it is somebody else's now."""
    _settle(store, job, now=now, state=JobState.FAILED, fault=orjson.dumps({"vi": vi, "en": en}).decode())


def give_job_back(store: Store, job: ClaimedJob, *, now: datetime) -> None:
    """Let another engine take a job at once, from its beginning; nothing happens if it is somebody else's already."""
    with store.transaction(now=now) as transaction:
        transaction.connection.execute(update(JOB).where(_held(job)).values(state=JobState.WAITING.value, holder="", done=0, total=0))


def _settle(store: Store, job: ClaimedJob, *, now: datetime, state: JobState, **kept: str) -> None:
    with store.transaction(now=now) as transaction:
        if not _end(transaction.connection, _held(job), state=state, **kept):
            raise JobLostError(job)


def _end(connection: Connection, which: ColumnElement[bool], *, state: JobState, **kept: str) -> int:
    ended = update(JOB).where(which).values(state=state.value, over_at=database_clock(connection), **kept)
    return int(connection.execute(ended).rowcount)


def _held(job: ClaimedJob) -> ColumnElement[bool]:
    running = JOB.c.state == JobState.RUNNING.value
    return and_(JOB.c.id == job.id, running, JOB.c.holder == job.holder, JOB.c.claims == job.claim)
