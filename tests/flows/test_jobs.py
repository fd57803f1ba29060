"""Jobs done by the engine: a rehearsal whole; two engines; an engine killed in the middle; one told to stop; none at all."""

from __future__ import annotations

import asyncio
import signal
from datetime import date, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from config.calendar_files import shipped_calendar
from evaluation.jobs import JobKind, JobState
from flows.engine import Engine
from flows.jobs import JobStoppedError, do_waiting_jobs, telling
from store.commands.jobs import JobOrder, ask_job, claim_job
from store.journal import database_clock
from store.queries.jobs import JobLine, read_job, result_of
from store.schema import JOB
from tasks.room import Room
from tests.accounts import make_account
from tests.conftest import SMALL_PLAN, launch_small
from tests.flows.dying import dies_within

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store
    from tests.conftest import SmallYear

NOW = shipped_calendar().instant(date(2025, 1, 8))


def asked(store: Store, **changes: Any) -> int:
    """Somebody asks for a rehearsal of the small plan."""
    script = {"plan": "small-plan", "yaml": SMALL_PLAN.read_text(encoding="utf-8"), "year": 2025, "habit": "mixed", **changes}
    asker = make_account(store, now=NOW, email=f"{script['year']}.{script['habit']}@thu.invalid").id
    with store.transaction(now=NOW) as transaction:
        return ask_job(transaction, JobOrder(authority=1, account=asker, kind=JobKind.REHEARSAL, script=script))


def line(store: Store, job: int) -> JobLine:
    with store.reading() as connection:
        found = read_job(connection, job)
    assert found is not None
    return found


def result(store: Store, job: int) -> dict[str, Any]:
    with store.reading() as connection:
        return result_of(connection, job)


def let_claims_run_out(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(JOB).values(claimed_until=database_clock(connection) - timedelta(seconds=1)))


def done_by(store: Store, holder: str, *, now: datetime = NOW) -> int:
    return do_waiting_jobs(store, holder=holder, now=now, leaving=Event())


def test_the_engine_rehearses_on_the_people_of_the_authority(small_year: SmallYear) -> None:
    store = small_year.store
    ident, journal = asked(store), small_year.actions()
    engine = Engine(room=Room(store=store, holder="engine"))
    assert asyncio.run(engine.do_jobs(NOW)) == 1
    assert (line(store, ident).state, line(store, ident).percent) == (JobState.DONE, 100)
    found = result(store, ident)
    assert (found["stages"], found["obligations"]) == (5, 11)
    assert found["mails"] == sum(mails for _, mails in found["days"]) == sum(mails for _, mails in found["weeks"]) > 0
    assert found["busiest"][0][1] == max(mails for _, mails in found["days"])
    assert small_year.actions() == journal  # nothing happens to the year itself


def test_two_engines_do_each_job_once(small_year: SmallYear) -> None:
    store = small_year.store
    jobs = [asked(store, habit=habit) for habit in ("none", "good")]
    taken: list[int] = []
    engines = [Thread(target=lambda name=name: taken.append(done_by(store, name))) for name in ("a", "b")]
    for engine in engines:
        engine.start()
    for engine in engines:
        engine.join()
    assert sum(taken) == 2
    with store.reading() as connection:
        assert [row.claims for row in connection.execute(JOB.select())] == [1, 1]
    assert [line(store, job).state for job in jobs] == [JobState.DONE, JobState.DONE]


def test_a_job_whose_engine_was_killed_is_done_by_the_next(small_year: SmallYear) -> None:
    store = small_year.store
    ident = asked(store)
    store.close()
    assert dies_within(str(store.engine.url), now=NOW) == -signal.SIGKILL
    before = line(store, ident)
    assert (before.state, before.holder) == (JobState.RUNNING, "doomed")
    assert 0 < before.percent < 100
    assert done_by(store, "next") == 0  # its claim still holds
    let_claims_run_out(store)
    assert done_by(store, "next") == 1
    assert (line(store, ident).state, line(store, ident).holder) == (JobState.DONE, "next")
    assert result(store, ident)["obligations"] == 11


def test_an_engine_that_is_told_to_stop_gives_the_job_back(small_year: SmallYear) -> None:
    store = small_year.store
    ident = asked(store)
    job = claim_job(store, holder="a", now=NOW)
    assert job is not None
    leaving = Event()
    tell = telling(store, job, now=NOW, leaving=leaving)
    tell(1, 100)
    leaving.set()
    with pytest.raises(JobStoppedError):
        tell(2, 100)
    assert line(store, ident).percent == 1
    assert do_waiting_jobs(store, holder="a", now=NOW, leaving=leaving) == 0


def test_progress_is_written_for_each_hundredth(small_year: SmallYear) -> None:
    store = small_year.store
    asked(store)
    job = claim_job(store, holder="a", now=NOW)
    assert job is not None
    tell = telling(store, job, now=NOW, leaving=Event())
    written = []
    for done in range(1, 1001):
        tell(done, 1000)
        written.append(line(store, job.id).done)
    assert len(set(written)) == 101


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"yaml": "format: 1"}, "small-plan", id="no plan"),
        pytest.param({"year": 2090}, "2090", id="a year of which nothing is known"),
    ],
)
def test_what_cannot_be_rehearsed_says_why(small_year: SmallYear, changes: dict[str, Any], why: str) -> None:
    ident = asked(small_year.store, **changes)
    assert done_by(small_year.store, "a") == 1
    after = line(small_year.store, ident)
    assert after.state is JobState.FAILED
    assert why in after.fault["vi"]
    assert why in after.fault["en"]


def test_a_plan_whose_units_are_not_there_says_so(store: Store) -> None:
    calendar = shipped_calendar()
    year = launch_small(store, now=NOW, calendar=calendar)
    lacking = SMALL_PLAN.read_text(encoding="utf-8").replace("standing_body: so-noi-vu", "standing_body: so-khac")
    ident = asked(year.store, yaml=lacking)
    done_by(year.store, "a")
    assert "so-khac" in line(year.store, ident).fault["vi"]
