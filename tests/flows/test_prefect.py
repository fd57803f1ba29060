"""The engine with a real Prefect server: what it shows, and what happens when it dies."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from flows.engine import Engine
from flows.running import Mode, mode
from flows.tick import Ticked
from store.migrating import migrate
from store.session import open_store
from store.verify import verify
from tasks.room import Room
from tests.conftest import launch_small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.conftest import SmallYear
    from tests.flows.conftest import PrefectServer

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.timeout(400),
    # Prefect's client leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
NOW = date(2025, 1, 24)
NOBODY = "http://127.0.0.1:9/api"  #: where no server listens


def engine(year: SmallYear, api: str) -> Engine:
    return Engine(room=Room(store=year.store, holder="test"), prefect_api=api)


def rows(year: SmallYear) -> dict[str, int]:
    return {table: year.scalar(f"select count(*) from {table}") for table in ("rung", "notice", "journal")}  # noqa: S608


def _writes(connection: Connection) -> bool:
    """Whether a connection is one of the store's write transactions."""
    return bool(connection.get_execution_options().get("dondoc_write"))


@dataclass(frozen=True, kw_only=True)
class Plain:
    """What a plain tick of the same year, in a copy of it, writes, and in how many writing transactions."""

    rows: dict[str, int]
    commits: int


@pytest.fixture
def plain(small_year: SmallYear, tmp_path: Path) -> Plain:
    store = open_store(f"sqlite:///{tmp_path / 'plain.db'}", durable=False)
    migrate(store)
    year = launch_small(store, now=small_year.slot(date(2025, 1, 2)), calendar=small_year.calendar)
    seen: list[int] = []
    event.listen(store.engine, "commit", lambda connection: seen.append(1) if _writes(connection) else None)
    asyncio.run(engine(year, NOBODY).tick_if_due(year.slot(NOW)))
    written = Plain(rows=rows(year), commits=len(seen))
    store.close()
    return written


def test_the_server_answers_its_api(prefect_server: PrefectServer) -> None:
    """FastAPI's version can break Prefect's own server: importing it proves nothing, asking it does."""
    assert isinstance(prefect_server.ask("/flow_runs/filter", limit=1), list)


def test_a_tick_is_a_run_with_its_stages_inside(
    small_year: SmallYear, prefect_server: PrefectServer, under_prefect: Callable[[Any], Any], plain: Plain
) -> None:
    with under_prefect(prefect_server):
        done = asyncio.run(engine(small_year, prefect_server.api).tick_if_due(small_year.slot(NOW)))
    assert isinstance(done, Ticked)
    assert rows(small_year) == plain.rows
    runs = prefect_server.ask("/flow_runs/filter", sort="START_TIME_ASC")
    states = {str(run["name"]): run["state_type"] for run in runs}
    assert set(states.values()) == {"COMPLETED"}
    tags = {tag for run in runs for tag in run["tags"]}  # type: ignore[attr-defined]
    assert {"stage:plan", f"cycle:{small_year.cycle}", "authority:1"} <= tags
    flows = {flow["name"] for flow in prefect_server.ask("/flows/filter")}
    assert {"tick", "duty", "upkeep"} <= flows
    artifacts = prefect_server.ask("/artifacts/filter")
    assert any(artifact["key"] == "tick" and artifact["type"] == "table" for artifact in artifacts)
    assert verify(small_year.store) == []


def test_an_idle_tick_starts_no_run(small_year: SmallYear, prefect_server: PrefectServer, under_prefect: Callable[[Any], Any]) -> None:
    small_year.tick(small_year.slot(NOW))
    before = len(prefect_server.ask("/flow_runs/filter"))
    with under_prefect(prefect_server):
        assert asyncio.run(engine(small_year, prefect_server.api).tick_if_due(small_year.slot(NOW))) is None
    assert len(prefect_server.ask("/flow_runs/filter")) == before


def test_a_server_that_is_dead_before_is_not_waited_for(small_year: SmallYear, plain: Plain) -> None:
    done = asyncio.run(engine(small_year, NOBODY).tick_if_due(small_year.slot(NOW)))
    assert done is not None
    assert rows(small_year) == plain.rows
    assert mode() is Mode.PLAIN


@pytest.mark.parametrize("where", ["between two steps", "after the body"])
def test_a_server_that_dies_changes_nothing(
    small_year: SmallYear, mortal_server: PrefectServer, under_prefect: Callable[[Any], Any], plain: Plain, where: str
) -> None:
    """Killed in the middle of the tick, or at its last commit: the same tick is run plainly, and nothing is lost or doubled."""
    fatal = plain.commits // 2 if where == "between two steps" else plain.commits
    seen: list[int] = []

    @event.listens_for(small_year.store.engine, "commit")
    def _kill(connection: Connection) -> None:
        seen.extend([1] if _writes(connection) else [])
        if len(seen) == fatal and mortal_server.process.poll() is None:
            mortal_server.kill()

    with under_prefect(mortal_server):
        done = asyncio.run(engine(small_year, mortal_server.api).tick_if_due(small_year.slot(NOW)))
    assert done is not None
    assert mortal_server.process.poll() is not None, "the test did not kill the server"
    assert rows(small_year) == plain.rows
    assert verify(small_year.store) == []
