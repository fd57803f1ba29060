"""kill -9 anywhere in a tick: the next tick goes on as if nothing had happened."""

from __future__ import annotations

import random
import shutil
import signal
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from evaluation.actions import Remark
from store.commands import moves
from store.session import open_store
from store.verify import verify
from tests.store.killing import killed, normalised, tick_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import PostgresServer, SmallYear

SEED = 20250102


@pytest.fixture
def lived(any_year: SmallYear) -> SmallYear:
    """A year before its busiest days: plans prepared, submitted, accepted, so that a stage that waits is released by a tick."""
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    first, *others = any_year.ids("plan")
    for ident in others:
        any_year.move(moves.waive, ident, now=now, remark=Remark(reason="thử"))
    for act in (moves.prepare, moves.submit, moves.accept):
        any_year.move(act, first, now=now)
    any_year.store.close()
    return any_year


@pytest.fixture
def copied(lived: SmallYear, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """A function that makes one more copy of that year and returns its URL."""
    url = lived.store.engine.url
    made: list[str] = []
    if url.get_backend_name() == "sqlite":

        def copy_file() -> str:
            made.append(f"sqlite:///{tmp_path / f'copy-{len(made)}.db'}")
            shutil.copy(url.database or "", made[-1].removeprefix("sqlite:///"))
            return made[-1]

        yield copy_file
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")

    def copy_database() -> str:
        made.append(server.create(template=make_url(url).database or ""))
        return made[-1]

    yield copy_database
    for one in made:
        server.drop(one)


def outcome(url: str) -> tuple[list[str], list[tuple[object, ...]]]:
    store = open_store(url, durable=False)
    try:
        return verify(store), normalised(store)
    finally:
        store.close()


def survive(copied: Callable[[], str], *, points: int) -> None:
    """Kill at so many points, restart, finish: every end is that of a run that nobody disturbed."""
    undisturbed = copied()
    total = tick_days(undisturbed)
    sound, expected = outcome(undisturbed)
    assert sound == []
    chosen = random.Random(SEED).sample(range(1, total + 1), points)  # noqa: S311
    with_all_done = 0
    for point in chosen:
        url = copied()
        assert killed(url, before=point) == -signal.SIGKILL
        with_all_done += outcome(url)[1] == expected
        tick_days(url)
        assert outcome(url) == ([], expected), f"killed before statement {point} of {total}"
    assert with_all_done <= points // 10, "only the last questions of the last tick come after its last commit"


def test_killed_anywhere_the_year_ends_the_same(copied: Callable[[], str], lived: SmallYear) -> None:
    survive(copied, points=10 if lived.store.engine.dialect.name == "sqlite" else 3)


@pytest.mark.soak
def test_killed_anywhere_the_year_ends_the_same_at_length(copied: Callable[[], str], lived: SmallYear) -> None:
    survive(copied, points=60 if lived.store.engine.dialect.name == "sqlite" else 15)


def test_killed_again_and_again_the_year_ends_the_same(lived: SmallYear, copied: Callable[[], str]) -> None:
    """Each restart lives only a little longer than the one before."""
    undisturbed, url = copied(), copied()
    tick_days(undisturbed)
    deaths = 0
    while killed(url, before=150) == -signal.SIGKILL:
        deaths += 1
        assert deaths < 20, "no headway between one death and the next"
    assert deaths > 2
    assert outcome(url) == ([], outcome(undisturbed)[1])
