"""Jobs as they stand: who has them in hand, how far they are, and whether any engine is there to do them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, select

from evaluation.jobs import OVER, JobKind, JobState
from store.journal import database_clock
from store.schema import AUTHORITY, JOB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

#: An engine that runs takes a job within seconds; one that nobody took for so long waits for an engine.
TAKEN_WITHIN = timedelta(seconds=15)
_COLUMNS = [column for column in JOB.c if column.name != "result"]


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """A job; its times are the database's clock."""

    id: int
    authority: int
    authority_key: str
    account: int
    kind: JobKind
    state: JobState
    done: int
    total: int
    script: Mapping[str, Any]
    fault: Mapping[str, str]  #: by language; empty where nothing is wrong
    holder: str
    asked_at: datetime
    over_at: datetime | None
    unattended: bool  #: nobody works at it though it is not over: no engine runs, or the one that had it died

    @property
    def is_over(self) -> bool:
        """Whether nothing follows."""
        return self.state in OVER

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 if self.state is JobState.DONE else self.done * 100 // self.total if self.total else 0


def read_job(connection: Connection, job: int) -> JobLine | None:
    """Return a job; None if there is none. Its result is asked for by itself."""
    return next(iter(_lines(connection, job=job)), None)


def list_jobs(connection: Connection, *, authority: int | None = None, at_most: int = 100) -> list[JobLine]:
    """Return the jobs of an authority or of all, the latest first."""
    return _lines(connection, authority=authority, at_most=at_most)


def result_of(connection: Connection, job: int) -> dict[str, Any]:
    """Return what came of a job; empty where nothing did yet."""
    written = connection.execute(select(JOB.c.result).where(JOB.c.id == job)).scalar()
    found: dict[str, Any] = orjson.loads(written) if written else {}
    return found


def _lines(connection: Connection, *, job: int | None = None, authority: int | None = None, at_most: int = 1) -> list[JobLine]:
    clock = database_clock(connection)
    query = select(*_COLUMNS, AUTHORITY.c.key.label("authority_key")).join(AUTHORITY, AUTHORITY.c.id == JOB.c.authority_id)
    if job is not None:
        query = query.where(JOB.c.id == job)
    if authority is not None:
        query = query.where(JOB.c.authority_id == authority)
    rows = connection.execute(query.order_by(JOB.c.id.desc()).limit(at_most)).all()
    running = select(func.count()).select_from(JOB).where(JOB.c.state == JobState.RUNNING.value, JOB.c.claimed_until >= clock)
    at_work = bool(connection.execute(running).scalar_one())
    return [_line(row, clock=clock, at_work=at_work) for row in rows]


def _line(row: Row[Any], *, clock: datetime, at_work: bool) -> JobLine:
    state = JobState(row.state)
    left = state is JobState.WAITING and not at_work and row.asked_at + TAKEN_WITHIN < clock
    died = state is JobState.RUNNING and row.claimed_until < clock
    return JobLine(
        id=row.id,
        authority=row.authority_id,
        authority_key=row.authority_key,
        account=row.account_id,
        kind=JobKind(row.kind),
        state=state,
        done=row.done,
        total=row.total,
        script=orjson.loads(row.script),
        fault=orjson.loads(row.fault) if row.fault else {},
        holder=row.holder,
        asked_at=row.asked_at,
        over_at=row.over_at,
        unattended=left or died,
    )
