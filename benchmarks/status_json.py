"""
The status of a cycle of 250 units × 12 stages as JSON.

Cold: made anew, against bare Core rows of the same obligations and orjson, both from one connection. Kept: the address as it is served,
against an address of the same server behind the same sign-in that returns the same bytes from memory; one client, one connection, a real
server.
The ratios are the figures, the milliseconds are the machine's.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import statistics
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import orjson
import uvicorn
from sqlalchemy import and_, select
from starlette.responses import Response

from api.app import create_app
from api.doors.signing_in import SignedIn  # noqa: TC001  FastAPI reads it
from benchmarks.machine import each_database
from benchmarks.tables import begin, row
from benchmarks.years import synthetic_year
from config.calendar_files import shipped_calendar
from config.settings import Settings
from evaluation.accounts import Scope
from flows.tick import tick
from store.commands.accounts import link_contact, obtain_account
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.commands.tokens import create_token
from store.migrating import migrate
from store.queries.status_table import status_table
from store.schema import CONTACT, OBLIGATION, PARTY, STAGE, TERM
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from store.session import Store

UNITS, STAGES = 250, 12
CALENDAR = shipped_calendar()
START = CALENDAR.instant(date(2025, 1, 2), time_of_day(7, 0))
NOW = CALENDAR.instant(date(2025, 6, 2), time_of_day(9, 0))
COLD_TIMES, REQUESTS, ROUNDS = 20, 600, 3


def build(store: Store) -> tuple[int, str]:
    """Launch the year, tick it, and return the cycle and a token of its coordinator."""
    yaml, roster = synthetic_year(UNITS, STAGES)
    migrate(store)
    with store.transaction(now=START) as transaction:
        authority = found_authority(transaction, key="thu", name="thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        launched = launch(store, transaction, Launch(authority="thu", plan_yaml=yaml, year=2025, calendar=CALENDAR))
    with working_in(Room(store=store, holder="benchmark")):
        asyncio.run(tick.fn(NOW))
    with store.transaction(now=NOW) as transaction:
        contact = transaction.connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == "head.thuong-truc")).scalar_one()
        account = obtain_account(transaction, "dieu.phoi@thu.invalid", demo=False)
        link_contact(transaction, account, contact=contact, authority=authority)
        made = create_token(transaction, account.id, name="bench", scopes={Scope.READ}, lasts=timedelta(days=300))
    return launched.cycle, made.token


def ours(store: Store, cycle: int) -> bytes:
    with store.reading() as connection:
        return orjson.dumps({"cycle": cycle, **status_table(connection, cycle, now=NOW)})


def bare(store: Store, cycle: int) -> bytes:
    """The same facts row by row: what everybody could count from."""
    query = (
        select(
            OBLIGATION.c.id,
            OBLIGATION.c.state,
            OBLIGATION.c.rounds,
            OBLIGATION.c.suspended,
            PARTY.c.key.label("unit"),
            PARTY.c.name,
            STAGE.c.key.label("stage"),
            TERM.c.turn,
            TERM.c.due_on,
            TERM.c.due_at,
        )
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.cycle_id == cycle)
        .order_by(OBLIGATION.c.party_id, STAGE.c.position)
    )
    with store.reading() as connection:
        return orjson.dumps([dict(row._mapping) for row in connection.execute(query)])


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def cold(store: Store, cycle: int) -> tuple[float, float]:
    """Return the median seconds of ours and of the bare rows, taken in turn."""
    pairs = [(timed(lambda: ours(store, cycle)), timed(lambda: bare(store, cycle))) for _ in range(COLD_TIMES)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Yield the address of a real server of an app, in a thread of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def ask(client: httpx.Client, path: str) -> list[float]:
    """Return the seconds of each of so many requests, one behind the other."""
    spans = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        answer = client.get(path)
        spans.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.text
    return spans


def kept(store: Store, cycle: int, token: str, home: Path) -> tuple[list[float], list[float]]:
    """Return the seconds of requests for the status, and for its bytes from memory behind the same sign-in, in turns."""
    settings = Settings(_env_file=None, home=home, prefect_api_url="http://127.0.0.1:9/api")
    app = create_app(lambda: store, settings=settings, clock=lambda: NOW)
    body = ours(store, cycle)

    @app.get("/api/v1/memory")
    async def memory(person: SignedIn) -> Response:
        assert person.holdings
        return Response(body, media_type="application/json")

    status: list[float] = []
    plain: list[float] = []
    with served(app) as address, httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        client.get(f"/api/v1/cycles/{cycle}/status").raise_for_status()
        for _ in range(ROUNDS):
            status += ask(client, f"/api/v1/cycles/{cycle}/status")
            plain += ask(client, "/api/v1/memory")
    return status, plain


def percentile(spans: list[float], share: float) -> float:
    return sorted(spans)[min(len(spans) - 1, int(len(spans) * share))]


def measure(name: str, url: str) -> None:
    """Print one line of the table."""
    store = open_store(url)
    cycle, token = build(store)
    made, rows = cold(store, cycle)
    with tempfile.TemporaryDirectory() as home:
        status, plain = kept(store, cycle, token, Path(home))
    rates = len(status) / sum(status), len(plain) / sum(plain)
    row(
        name,
        f"{made * 1000:.1f} ms",
        f"{rows * 1000:.1f} ms",
        f"{made / rows:.2f}",
        f"{rates[0]:.0f}/s",
        f"{rates[1]:.0f}/s",
        f"{100 * rates[0] / rates[1]:.0f} %",
        f"{percentile(status, 0.99) * 1000:.1f} ms",
    )


def main() -> None:
    """Print the table."""
    columns = ("database", "cold", "bare rows + orjson", "ratio (bound 2)", "kept", "bytes from memory", "share (bound 60 %)", "p99 kept")
    begin(*columns, about=f"{UNITS} units × {STAGES} stages")
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        for name, url in each_database():
            measure(name, url)


if __name__ == "__main__":
    main()
