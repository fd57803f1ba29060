"""The page of a job: who may look, how far it is, what came of it, and what to do where no engine runs."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from api.console.jobs import words_of
from evaluation.jobs import JobKind
from evaluation.kinds import Role
from flows.jobs import do_waiting_jobs
from notifications.letters import Language
from store.commands.jobs import MOST_CLAIMS, JobOrder, ask_job, claim_job, finish_job, tell_progress
from store.journal import database_clock
from store.queries.jobs import TAKEN_WITHIN, read_job
from store.schema import ACCOUNT, JOB
from tests.api.conftest import counted_queries, launch_again
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.sse import ServerSentEvent

    from store.queries.jobs import JobLine
    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}
ASKER = "so-noi-vu"


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def asked(office: Office, **changes: Any) -> int:
    """The coordinator asks for a rehearsal."""
    office.person(ASKER)
    store = office.year.store
    with store.reading() as connection:
        account = connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.email == f"officer.{ASKER}@thu.invalid")).scalar_one()
    script = {"plan": "small-plan", "yaml": SMALL_PLAN.read_text(encoding="utf-8"), "year": 2025, "habit": "none", **changes}
    with store.transaction(now=office.now) as transaction:
        return ask_job(transaction, JobOrder(authority=1, account=account, kind=JobKind.REHEARSAL, script=script))


def work(office: Office) -> None:
    do_waiting_jobs(office.year.store, holder="engine", now=office.now, leaving=Event())


def seen(who: Browser, job: int, *, lang: str = "vi") -> str:
    answer = who.client.get(f"/jobs/{job}?lang={lang}", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def status(who: Browser, path: str) -> int:
    return int(who.client.get(path, headers=PAGE).status_code)


def test_what_came_of_a_rehearsal(office: Office) -> None:
    job = asked(office)
    work(office)
    page = seen(office.person(ASKER), job)
    assert "<dt>Nghĩa vụ</dt><dd>11</dd>" in page
    assert 'data-chart="mails-chart"' in page
    assert "data-events" not in page
    assert "Những ngày nhiều thư nhất" in page
    english = seen(office.person(ASKER), job, lang="en")
    assert "Busiest days" in english
    assert "Nghĩa vụ" not in english


def test_a_job_under_way_shows_how_far_it_is(office: Office) -> None:
    job, store = asked(office), office.year.store
    claimed = claim_job(store, holder="engine", now=office.now)
    assert claimed is not None
    tell_progress(store, claimed, done=1, total=4, now=office.now)
    page = seen(office.person(ASKER), job)
    assert '<progress value="25" max="100"' in page
    assert f'data-events="/jobs/{job}/events"' in page
    assert "Đang chạy: 25%" in page
    assert "Có thể đóng trang này" in page


def test_without_an_engine_the_page_says_what_to_do_next(office: Office) -> None:
    job = asked(office)
    with office.year.store.engine.begin() as connection:
        past = database_clock(connection) - TAKEN_WITHIN - timedelta(seconds=1)
        connection.execute(update(JOB).values(asked_at=past))
    page = seen(office.person(ASKER), job)
    assert "Chưa có máy nào làm việc này" in page
    assert "dondoc engine" in page
    work(office)
    assert "<dd>11</dd>" in seen(office.person(ASKER), job)  # nothing was lost


def test_a_job_that_was_broken_off_says_so(office: Office) -> None:
    job, store = asked(office), office.year.store
    for _ in range(MOST_CLAIMS):
        claim_job(store, holder="engine", now=office.now)
        with store.engine.begin() as connection:
            connection.execute(update(JOB).values(claimed_until=database_clock(connection) - timedelta(seconds=1)))
    assert claim_job(store, holder="engine", now=office.now) is None
    assert "Bị gián đoạn nhiều lần" in seen(office.person(ASKER), job)


def test_what_failed_says_why_and_is_escaped(office: Office) -> None:
    job = asked(office, yaml="<script>: 1", plan="<b>plan</b>")
    work(office)
    page = seen(office.person(ASKER), job)
    assert "Không thực hiện được" in page
    assert "<b>plan</b>" not in page
    assert "&lt;b&gt;plan&lt;/b&gt;" in page


def test_who_may_look(office: Office) -> None:
    job = asked(office)
    launch_again(office.year.store, key="khac", sandbox=True)
    assert status(office.person(ASKER, Role.HEAD), f"/jobs/{job}") == 200
    others = (office.person("xa-1"), office.person("xa-1", Role.AUDITOR), office.person(ASKER, authority="khac"))
    for who in others:
        for path in (f"/jobs/{job}", f"/jobs/{job}/events", f"/jobs/{job + 1}"):
            assert status(who, path) == 404


def test_events_of_a_job_that_is_over_say_so_and_end(office: Office) -> None:
    job = asked(office)
    work(office)
    answer = office.person(ASKER).client.get(f"/jobs/{job}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: over" in answer.text


def test_events_tell_each_change_once_until_it_is_over(office: Office) -> None:
    job, store, now = asked(office), office.year.store, office.now
    claimed = claim_job(store, holder="engine", now=now)
    assert claimed is not None
    steps = iter(
        (
            lambda: tell_progress(store, claimed, done=1, total=2, now=now),
            lambda: None,  # nothing new is not told again
            lambda: finish_job(store, claimed, result={}, now=now),
        )
    )

    async def look() -> JobLine | None:
        with store.reading() as connection:
            return read_job(connection, job)

    async def wait() -> None:
        next(steps)()

    async def told() -> list[ServerSentEvent]:
        return [one async for one in words_of(Reader(), look, wait=wait)]  # type: ignore[arg-type]

    words = asyncio.run(told())
    assert [(one.event, (one.data or {}).get("percent")) for one in words] == [("progress", 0), ("progress", 50), ("over", None)]
    json.dumps([one.data for one in words])


class Reader:
    """Somebody who reads Vietnamese."""

    language = Language.VI

    def say(self, words: str) -> str:
        """The words themselves."""
        return words


def test_a_page_takes_the_same_queries_whatever_waits(office: Office) -> None:
    counts = []
    for year in (2025, 2026):
        job = asked(office, year=year)
        who = office.person(ASKER)
        seen(who, job)
        with counted_queries(office.year.store) as statements:
            seen(who, job)
        counts.append(len(statements))
    assert counts[0] == counts[1]
