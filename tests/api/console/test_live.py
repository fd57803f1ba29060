from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from api.console import live
from api.sight import Seeing
from store.schema import SESSION
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SmallYear


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


class Listener:
    """A browser that listens, as far as the stream asks it anything."""

    def __init__(self, heads: live.Heads) -> None:
        self.app = self
        self.state = self
        self.heads = heads

    async def is_disconnected(self) -> bool:
        return False


def test_whoever_listens_hears_that_something_moved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.01)
    year = office.year

    async def heard(authorities: tuple[int, ...]) -> str | None:
        listener: Any = Listener(live.Heads(store=year.store))
        stream = live.live(listener, Seeing(authorities=authorities))
        await anext(stream)
        await asyncio.to_thread(year.tick, year.slot(date(2025, 1, 31)) + timedelta(days=2))
        async with asyncio.timeout(2):
            return (await anext(stream)).event

    assert asyncio.run(heard((1,))) == "moved"


def test_another_authority_is_not_heard(office: Office) -> None:
    assert live._of(Seeing(authorities=(1,)), {1: 5, 2: 9}) == {1: 5}
    assert live._of(Seeing(), {1: 5, 2: 9}) == {1: 5, 2: 9}


def test_a_page_that_asks_by_itself_keeps_no_session_alive(office: Office) -> None:
    officer, store = office.person("xa-1"), office.year.store
    with store.engine.begin() as connection:
        before = connection.execute(select(SESSION.c.seen_at)).scalars().one()
        connection.execute(update(SESSION).values(seen_at=before - timedelta(minutes=10)))
    assert officer.client.get("/", headers={"Accept": "text/html", "X-By-Itself": "1"}).status_code == 200
    with store.reading() as connection:
        assert connection.execute(select(SESSION.c.seen_at)).scalars().one() < before
    assert officer.client.get("/", headers={"Accept": "text/html"}).status_code == 200
    with store.reading() as connection:
        assert connection.execute(select(SESSION.c.seen_at)).scalars().one() >= before
