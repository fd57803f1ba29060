"""Kill -9 of a delivering process at seeded points: nothing is lost, and nothing comes twice but what was unknown."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from store.outbox.gathering import gather
from store.schema import ATTEMPT, MESSAGE
from store.verify import verify
from tests.delivering_process import CLAIM_SECONDS, live
from tests.faulty_smtp import FaultyServer, faulty_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.conftest import SmallYear

CONNECTIONS = 3
#: Places to die at, and how often each is passed at least.
PLACES = {"begin": 14, "commit": 14, "handed": 12, "answered": 12}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


#: Imports once and forks from there.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.delivering_process"])


def run(year: SmallYear, server: FaultyServer, now: datetime, *doom: Any) -> int | None:
    url = year.store.engine.url.render_as_string(hide_password=False)
    process = PROCESSES.Process(target=live, args=(url, server.port, now, doom or ("", 0)))
    process.start()
    process.join(60)
    return process.exitcode


def seeds() -> list[object]:
    return [pytest.param(seed, marks=pytest.mark.soak if seed >= 4 else ()) for seed in range(44)]


@pytest.mark.parametrize("seed", seeds())
def test_a_killed_delivery_is_taken_up(any_year: SmallYear, server: FaultyServer, seed: int) -> None:
    (server.folder / "taken.jsonl").unlink(missing_ok=True)
    chance = random.Random(seed)  # noqa: S311  (seeded on purpose)
    now = any_year.slot(date(2025, 1, 6))
    for _ in range(60):
        any_year.tick(now)
        now += timedelta(days=1)
    with any_year.store.reading() as connection:
        whole = len(gather(connection, now=now))
    assert whole > 12
    for _ in range(chance.randint(1, 3)):
        place = chance.choice(list(PLACES))
        run(any_year, server, now, place, chance.randint(1, PLACES[place]))
        assert verify(any_year.store) == []
    time.sleep(CLAIM_SECONDS + 0.1)
    assert run(any_year, server, now) == 0
    assert verify(any_year.store) == []
    _nothing_lost_nothing_double(any_year, server, whole=whole)


def test_the_process_does_die(any_year: SmallYear, server: FaultyServer) -> None:
    now = any_year.slot(date(2025, 1, 6))
    any_year.tick(now)
    assert run(any_year, server, now, "commit", 1) == -signal.SIGKILL
    assert run(any_year, server, now, "answered", 1) == -signal.SIGKILL
    with any_year.store.reading() as connection:
        states = Counter(connection.execute(select(MESSAGE.c.state)).scalars())
    assert 1 <= states["sending"] <= CONNECTIONS


def _nothing_lost_nothing_double(year: SmallYear, server: FaultyServer, *, whole: int) -> None:
    with year.store.reading() as connection:
        messages = connection.execute(select(MESSAGE.c.id, MESSAGE.c.header_id, MESSAGE.c.state)).all()
        doubted = set(connection.execute(select(ATTEMPT.c.message_id).where(ATTEMPT.c.outcome == "unknown")).scalars())
    copies = Counter(mail["id"] for mail in server.taken)
    assert Counter(row.state for row in messages)["sent"] + sum(row.state == "unknown" for row in messages) == len(messages) == whole
    assert {row.header_id for row in messages if row.state == "sent"} <= copies.keys()
    assert [row.id for row in messages if copies[row.header_id] > 1 and row.id not in doubted] == []
    assert copies.keys() <= {row.header_id for row in messages}
    assert len(doubted) <= 3 * CONNECTIONS
