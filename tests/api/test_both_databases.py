"""The whole API and its pages on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from config.calendar_files import shipped_calendar
from tests.api.conftest import MIDWAY, Web, launch_again
from tests.conftest import SmallYear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store


@pytest.fixture
def year(any_store: Store) -> SmallYear:
    """Two years under way, ticked midway."""
    cycle = launch_again(any_store, key="mot", sandbox=True)
    launch_again(any_store, key="hai", sandbox=True)
    year = SmallYear(store=any_store, cycle=cycle, calendar=shipped_calendar())
    year.tick(MIDWAY)
    return year


@pytest.fixture
def web(year: SmallYear, tmp_path: Path) -> Iterator[Web]:
    web = Web(store=year.store, home=tmp_path)
    with web.opened:
        yield web


def test_every_address_answers(web: Web, year: SmallYear) -> None:
    client = web.at(MIDWAY)
    ident = year.ids("plan")[0]
    for address in ("/", "/?lang=en", "/cycles/1", f"/obligations/{ident}", "/api/v1/cycles", "/api/v1/cycles/2", "/api/v1/health"):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)


def test_pages_hold_everything_once(web: Web) -> None:
    client = web.at(MIDWAY)
    every = [line["id"] for line in client.get("/api/v1/obligations").json()["items"]]
    walked: list[int] = []
    asked: dict[str, Any] = {"limit": 4}
    while asked.get("cursor", "first"):
        page = client.get("/api/v1/obligations", params=asked).json()
        walked += [line["id"] for line in page["items"]]
        asked["cursor"] = page["next_cursor"]
    assert walked == every
    assert len(every) > 12


def test_late_and_not_late_are_everything(web: Web) -> None:
    client = web.at(MIDWAY)
    numbers = [len(client.get(f"/api/v1/obligations{asked}").json()["items"]) for asked in ("?late=true", "?late=false", "")]
    assert numbers[0] == 8
    assert numbers[0] + numbers[1] == numbers[2]


def test_health_says_who_ticked_last_and_what_waits(web: Web) -> None:
    health = web.at(MIDWAY).get("/api/v1/health").json()
    assert health["last_tick"]["on"] == "2025-02-03"
    assert {lease["holder"] for lease in health["leases"]} == {"test"}
    assert health["oldest_unsent_mail"]["gathered"] is False
