"""The real app over a real store, at a moment that each test chooses."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from api.app import create_app
from config.calendar_files import shipped_calendar
from config.loader import load_roster
from config.settings import Settings
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from tests.conftest import DATA, SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from store.session import Store

HERE = "http://127.0.0.1:8000"
CHEAP = {"argon2_memory_kib": 19456, "argon2_rounds": 2}
NOBODY = "http://127.0.0.1:9/api"  #: the discard port: nothing listens there


def local(on: date, at: time = time(9, 0)) -> datetime:
    """An instant in Vietnam."""
    return shipped_calendar().instant(on, at)


LAUNCHED = local(date(2025, 1, 2))
MIDWAY = local(date(2025, 2, 3))  #: the plans were due on 31 January: all six are late


@dataclass(kw_only=True)
class Web:
    """Makes clients of the app, each with its own `now`."""

    store: Store
    home: Path
    opened: ExitStack = field(default_factory=ExitStack)

    def at(self, now: datetime, **changes: Any) -> TestClient:
        settings = Settings(**{"home": self.home, "prefect_api_url": NOBODY, "open_sandbox": True, **CHEAP, **changes})
        app = create_app(lambda: self.store, settings=settings, clock=lambda: now)
        return self.opened.enter_context(TestClient(app, base_url=HERE))


@pytest.fixture
def web(store: Store, tmp_path: Path) -> Iterator[Web]:
    web = Web(store=store, home=tmp_path)
    with web.opened:
        yield web


@contextmanager
def counted_queries(store: Store) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile, pragmas and BEGIN left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def launch_again(store: Store, *, key: str, sandbox: bool, year: int = 2025, yaml: str = "") -> int:
    """Found another authority, with the small roster and the small plan, and return its cycle."""
    with store.transaction(now=LAUNCHED) as transaction:
        authority = found_authority(transaction, key=key, name=f"UBND {key}", sandbox=sandbox)
        import_roster(transaction, authority=authority, roster=load_roster(DATA / "small-roster.yaml"))
        plan = yaml or SMALL_PLAN.read_text(encoding="utf-8")
        order = Launch(authority=key, plan_yaml=plan, year=year, calendar=shipped_calendar(), accept_projection=True)
        return launch(store, transaction, order).cycle
