"""
The matrix of 200 units × 12 stages as a page, against the status of the same cycle as JSON made anew, on one connection.

The server's time is told as their ratio; then the queries of the page, and what a browser is sent on its first visit, charts left out.
"""

from __future__ import annotations

import gzip
import re
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from sqlalchemy import event

from api.app import create_app
from api.kept import KeptAnswers
from benchmarks import status_json
from benchmarks.machine import machine
from benchmarks.status_json import NOW, build, served, timed
from config.settings import Settings
from store.session import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.session import Store

UNITS, TIMES = 200, 30
PAGE = {"Accept": "text/html"}
VENDOR = Path(__file__).parents[1] / "api" / "static"


def sent(client: httpx.Client, path: str) -> tuple[int, str]:
    """Return how many bytes of body travel, and the text."""
    with client.stream("GET", path, headers=PAGE) as answer:
        raw = b"".join(answer.iter_raw())
        packed = answer.headers.get("content-encoding") == "gzip"
    return len(raw), (gzip.decompress(raw) if packed else raw).decode(errors="replace")


def first_load(client: httpx.Client, path: str) -> list[tuple[str, int]]:
    """Return what a browser asks for with an empty cache: the page, its sheets and scripts, the fonts."""
    length, page = sent(client, path)
    found = [("page", length)]
    parts: Iterable[str] = re.findall(r'(?:src|href)="(/(?:static|console)/[^"]+)"', page)
    found += [(part.partition("?")[0], sent(client, part)[0]) for part in dict.fromkeys(parts)]
    return found + [(f"/static/vendor/{font.name}", font.stat().st_size) for font in sorted(VENDOR.glob("vendor/*.woff2"))]


def queries(store: Store, client: httpx.Client, path: str) -> int:
    """Return how many statements the page takes."""
    seen: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).startswith("SELECT"):
            seen.append(str(given[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    client.get(path, headers=PAGE).raise_for_status()
    event.remove(store.engine, "before_cursor_execute", note)
    return len(seen)


def measure(store: Store, home: Path) -> None:
    """Print the figures."""
    cycle, token = build(store)
    settings = Settings(_env_file=None, home=home, prefect_api_url="http://127.0.0.1:9/api", open_sandbox=True)
    app = create_app(lambda: store, settings=settings, clock=lambda: NOW)
    page, status = f"/cycles/{cycle}", f"/api/v1/cycles/{cycle}/status"
    headers = {"Authorization": f"Bearer {token}"}

    def anew() -> None:
        app.state.kept = KeptAnswers()
        client.get(status, headers=headers).raise_for_status()

    with served(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        pairs = [(timed(lambda: client.get(page, headers=PAGE).raise_for_status()), timed(anew)) for _ in range(TIMES)]
        mine, other = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
        print(f"page {mine:.1f} ms, status made anew {other:.1f} ms: {mine / other:.2f} (bound 2)")
        print(f"queries of the page: {queries(store, client, page)}")
        loaded = first_load(client, page)
        print(f"first load {sum(length for _, length in loaded) / 1000:.0f} kB (bound 300)")
        for name, length in loaded:
            print(f"  {length / 1000:6.1f} {name}")


def main() -> None:
    """Print the figures."""
    print(machine())
    status_json.UNITS = UNITS
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'console.db'}")
        measure(store, Path(folder))


if __name__ == "__main__":
    main()
