"""Jobs: taken by one engine at a time, taken up again when it dies, kept whatever comes of them."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from evaluation.jobs import JobKind, JobState
from store.commands.jobs import (
    CLAIM_SECONDS,
    KEPT,
    MOST_CLAIMS,
    MOST_WAITING,
    ClaimedJob,
    JobLostError,
    JobOrder,
    TooManyJobsError,
    ask_job,
    claim_job,
    fail_job,
    finish_job,
    give_job_back,
    tell_progress,
)
from store.journal import database_clock
from store.queries.jobs import TAKEN_WITHIN, JobLine, list_jobs, read_job, result_of
from store.schema import JOB
from tests.accounts import make_account

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from store.session import Store
    from tests.conftest import SmallYear


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    return any_year.slot(date(2025, 1, 8))


@pytest.fixture
def asker(any_year: SmallYear, now: datetime) -> int:
    return make_account(any_year.store, now=now).id


def asked(store: Store, asker: int, *, now: datetime, **script: Any) -> int:
    with store.transaction(now=now) as transaction:
        return ask_job(transaction, JobOrder(authority=1, account=asker, kind=JobKind.REHEARSAL, script=script))


def aged(store: Store, job: int, column: str, by: timedelta) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(JOB).where(JOB.c.id == job).values({column: database_clock(connection) - by}))


def line(store: Store, job: int) -> JobLine:
    with store.reading() as connection:
        found = read_job(connection, job)
    assert found is not None
    return found


def claimed(store: Store, holder: str, *, now: datetime) -> ClaimedJob:
    found = claim_job(store, holder=holder, now=now)
    assert found is not None
    return found


def test_a_job_from_asking_to_its_result(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    ident = asked(store, asker, now=now, year=2025)
    assert (line(store, ident).state, line(store, ident).percent) == (JobState.WAITING, 0)
    job = claimed(store, "a", now=now)
    assert (job.id, job.script, job.claim) == (ident, {"year": 2025}, 1)
    tell_progress(store, job, done=30, total=120, now=now)
    assert (line(store, ident).state, line(store, ident).percent) == (JobState.RUNNING, 25)
    finish_job(store, job, result={"mails": 7}, now=now)
    assert (line(store, ident).state, line(store, ident).percent, line(store, ident).is_over) == (JobState.DONE, 100, True)
    with store.reading() as connection:
        assert result_of(connection, ident) == {"mails": 7}
    assert claim_job(store, holder="a", now=now) is None


def test_two_engines_never_take_the_same(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    wanted = [asked(store, asker, now=now, year=year) for year in (2025, 2026)]
    together, found = Barrier(4), []

    def take(holder: str) -> None:
        together.wait()
        found.append(claim_job(store, holder=holder, now=now))

    threads = [Thread(target=take, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(job.id for job in found if job is not None) == wanted
    assert found.count(None) == 2


def test_a_job_whose_engine_died_is_taken_up_and_the_dead_one_is_not_heard(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    ident = asked(store, asker, now=now)
    dead = claimed(store, "dead", now=now)
    tell_progress(store, dead, done=1, total=2, now=now)
    assert claim_job(store, holder="b", now=now) is None
    aged(store, ident, "claimed_until", timedelta(seconds=1))
    assert line(store, ident).unattended
    job = claimed(store, "b", now=now)
    assert (job.id, job.claim, line(store, ident).percent) == (ident, 2, 0)
    late: list[Callable[[], None]] = [
        lambda: tell_progress(store, dead, done=2, total=2, now=now),
        lambda: finish_job(store, dead, result={}, now=now),
        lambda: fail_job(store, dead, vi="", en="", now=now),
    ]
    for word in late:
        with pytest.raises(JobLostError):
            word()
    give_job_back(store, dead, now=now)
    assert line(store, ident).state is JobState.RUNNING


def test_progress_keeps_the_claim(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    ident = asked(store, asker, now=now)
    job = claimed(store, "a", now=now)
    aged(store, ident, "claimed_until", timedelta(seconds=-CLAIM_SECONDS / 2))
    tell_progress(store, job, done=1, total=2, now=now)
    with store.reading() as connection:
        left = connection.execute(JOB.select()).one().claimed_until - database_clock(connection)
    assert left > timedelta(seconds=CLAIM_SECONDS / 2 + 10)


def test_a_job_that_kills_every_engine_is_marked_broken(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    ident = asked(store, asker, now=now)
    for _ in range(MOST_CLAIMS):
        assert claimed(store, "a", now=now).id == ident
        aged(store, ident, "claimed_until", timedelta(seconds=1))
    after = asked(store, asker, now=now, other=True)
    assert claimed(store, "a", now=now).id == after
    assert (line(store, ident).state, line(store, ident).is_over) == (JobState.BROKEN, True)


def test_a_job_given_back_waits_again(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    ident = asked(store, asker, now=now)
    give_job_back(store, claimed(store, "a", now=now), now=now)
    assert line(store, ident).state is JobState.WAITING
    assert claimed(store, "b", now=now).claim == 2


def test_asking_again_is_the_same_job_until_it_is_over(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    first = asked(store, asker, now=now, year=2025)
    assert asked(store, asker, now=now, year=2025) == first
    finish_job(store, claimed(store, "a", now=now), result={}, now=now)
    assert asked(store, asker, now=now, year=2025) != first


def test_an_authority_has_so_many_and_no_more(any_year: SmallYear, asker: int, now: datetime) -> None:
    for number in range(MOST_WAITING):
        asked(any_year.store, asker, now=now, number=number)
    with pytest.raises(TooManyJobsError):
        asked(any_year.store, asker, now=now, number=MOST_WAITING)


def test_what_is_long_over_is_forgotten(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    old = asked(store, asker, now=now)
    fail_job(store, claimed(store, "a", now=now), vi="không được", en="no", now=now)
    assert line(store, old).fault == {"vi": "không được", "en": "no"}
    aged(store, old, "over_at", KEPT + timedelta(days=1))
    fresh = asked(store, asker, now=now)
    with store.reading() as connection:
        assert [one.id for one in list_jobs(connection)] == [fresh]


def test_a_job_that_nobody_takes_waits_for_an_engine(any_year: SmallYear, asker: int, now: datetime) -> None:
    store = any_year.store
    first, second = (asked(store, asker, now=now, year=year) for year in (2025, 2026))
    assert not line(store, second).unattended
    for job in (first, second):
        aged(store, job, "asked_at", TAKEN_WITHIN + timedelta(seconds=1))
    assert line(store, second).unattended
    claimed(store, "a", now=now)
    assert not line(store, second).unattended  # it waits its turn
