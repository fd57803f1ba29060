from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text

from api.probing import PrefectState, ask_prefect
from api.vitals import Vitals
from config.settings import Settings
from store.leases import take_lease
from store.outbox.states import MessageState
from store.schema import MESSAGE
from store.session import open_store
from tests.api.conftest import LAUNCHED, MIDWAY, NOBODY, Web, counted_queries, launch_again, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.conftest import SmallYear

SUNDAY = local(date(2025, 1, 5))
MONDAY = local(date(2025, 1, 6))  # the plans opened at midnight


def test_a_year_whose_tick_is_in_time_is_healthy(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MONDAY)
    answer = web.at(MONDAY).get("/api/v1/health")
    assert answer.status_code == 200
    health = answer.json()
    assert health["healthy"] is True
    assert health["reasons"] == []
    assert health["oldest_due"] is None
    assert (health["last_tick"]["at"], health["last_tick"]["on"]) == ("2025-01-06T02:00:00+00:00", "2025-01-06")
    assert health["prefect"] == "down"


@pytest.mark.parametrize(("late", "status"), [(timedelta(minutes=15), 200), (timedelta(minutes=15, seconds=1), 503)])
def test_what_has_waited_longer_than_fifteen_minutes_is_a_reason(web: Web, small_year: SmallYear, late: timedelta, status: int) -> None:
    small_year.tick(SUNDAY)
    opened = small_year.calendar.instant(date(2025, 1, 6))
    answer = web.at(opened + late).get("/api/v1/health", headers={"Accept-Language": "en"})
    health = answer.json()
    assert answer.status_code == status
    assert health["healthy"] is (status == 200)
    assert health["oldest_due"] == {
        "authority": "thu",
        "cycle": small_year.cycle,
        "stage": "plan",
        "due_at": "2025-01-05T17:00:00+00:00",
        "due_on": "2025-01-06",
        "age_seconds": int(late.total_seconds()),
    }
    assert [reason["code"] for reason in health["reasons"]] == (["tick-late"] if status == 503 else [])


def test_the_limit_is_a_setting(web: Web, small_year: SmallYear) -> None:
    small_year.tick(SUNDAY)
    later = small_year.calendar.instant(date(2025, 1, 6)) + timedelta(minutes=20)
    assert web.at(later, tick_late_seconds=1800.0).get("/api/v1/health").status_code == 200


def test_a_paused_cycle_has_nothing_due(web: Web, small_year: SmallYear) -> None:
    with small_year.store.transaction(now=LAUNCHED) as transaction:
        transaction.connection.execute(text("UPDATE cycle SET state = 'paused'"))
    assert web.at(MIDWAY).get("/api/v1/health").json()["oldest_due"] is None


def test_of_a_real_authority_only_the_age_is_told(web: Web, store: Store) -> None:
    launch_again(store, key="that", sandbox=False)
    answer = web.at(MIDWAY).get("/api/v1/health")
    assert answer.status_code == 503
    due = answer.json()["oldest_due"]
    assert (due["authority"], due["cycle"], due["stage"]) == (None, None, None)
    assert "that" not in answer.text


def test_mail_leases_and_outbox(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MONDAY)
    notices = web.at(MONDAY).get("/api/v1/health").json()["oldest_unsent_mail"]
    assert notices == {"slot_at": "2025-01-06T00:30:00+00:00", "age_seconds": 5400, "gathered": False}
    slot = local(date(2025, 1, 3))
    row = {
        "authority_id": 1,
        "recipient": "c1",
        "slot_at": slot,
        "gathering": 1,
        "at": slot,
        "header_id": "<a@thu.invalid>",
        "state": MessageState.QUEUED.value,
        "kind": "overdue",
    }
    with small_year.store.transaction(now=MONDAY) as transaction:
        transaction.connection.execute(insert(MESSAGE), row)
        others = {**row, "gathering": 2, "header_id": "<b@thu.invalid>", "state": "held", "slot_at": LAUNCHED}
        transaction.connection.execute(insert(MESSAGE), others)
    take_lease(small_year.store, 1, holder="test", now=MONDAY)
    health = web.at(MONDAY).get("/api/v1/health").json()
    assert health["oldest_unsent_mail"] == {"slot_at": "2025-01-03T02:00:00+00:00", "age_seconds": 3 * 86400, "gathered": True}
    assert {state: count for state, count in health["outbox"].items() if count} == {"queued": 1, "held": 1}
    assert len(health["outbox"]) == len(MessageState)
    (lease,) = health["leases"]
    assert (lease["authority"], lease["holder"]) == ("thu", "test")
    assert 0 <= lease["age_seconds"] < 60


def test_a_silent_database_is_a_reason(web: Web, tmp_path: Path) -> None:
    web.store = open_store(f"sqlite:///{tmp_path / 'nothing here' / 'dondoc.db'}")
    answer = web.at(MIDWAY).get("/api/v1/health", headers={"Accept-Language": "en-GB"})
    assert answer.status_code == 503
    health = answer.json()
    assert health["reasons"] == [{"code": "database-silent", "text": "The database does not answer."}]
    assert health["outbox"] is None
    listed = web.at(MIDWAY).get("/api/v1/cycles")
    assert (listed.status_code, listed.json()["type"]) == (503, "urn:dondoc:database-silent")


def test_a_database_that_hangs_is_not_waited_for(small_year: SmallYear) -> None:
    vitals = Vitals.of(small_year.store, settings=Settings(prefect_api_url=NOBODY))
    released = threading.Event()
    asked: list[object] = []

    def hang(_now: object) -> object:
        asked.append(_now)
        released.wait(20)
        raise AssertionError

    vitals._database.ask = hang  # type: ignore[assignment]
    vitals._database.patience_seconds = 0.05
    try:
        assert [reason.code for reason in vitals.find(MIDWAY).reasons] == ["database-silent"]
        vitals.find(MIDWAY)
        assert asked == [MIDWAY]
    finally:
        released.set()


def test_health_takes_as_many_queries_for_three_authorities_as_for_one(web: Web, store: Store) -> None:
    client = web.at(MIDWAY)
    counts = []
    for key in ("mot", "hai", "ba"):
        launch_again(store, key=key, sandbox=True)
        with counted_queries(store) as seen:
            client.get("/api/v1/health")
        counts.append(len(seen))
    assert counts == [7, 7, 7]


# --- Prefect ---------------------------------------------------------------------------------------------------------


@contextmanager
def prefect_like(*, status: int, after: float = 0.0) -> Iterator[str]:
    """A server that answers its health question with a status, perhaps slowly."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(after)
            self.send_response(status if self.path == "/api/health" else 404)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(("status", "state"), [(200, PrefectState.UP), (500, PrefectState.DOWN)])
def test_prefect_is_asked(status: int, state: PrefectState) -> None:
    with prefect_like(status=status) as api:
        assert ask_prefect(api) is state


def test_a_slow_prefect_is_unknown_and_not_waited_for(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MONDAY)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and says nothing
        client = web.at(MONDAY, prefect_api_url=f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        client.get("/api/v1/cycles")
        began = time.monotonic()
        answer = client.get("/api/v1/health")
        assert time.monotonic() - began < 4
    assert answer.status_code == 200
    assert answer.json()["prefect"] == "unknown"
