"""The command line in process, on a home of its own, and a small year launched by it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from config.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.session import Store

DATA = Path(__file__).parents[1] / "data"
AT = ("--at", "2025-01-02T09:00")


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class Dondoc:
    """`dondoc` as a test calls it."""

    home: Path
    data: Path = DATA

    def __call__(self, *words: object) -> Said:
        """Run a command and return how it ended; an error that nobody expected is raised."""
        done = CliRunner().invoke(app, [str(word) for word in words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(code=done.exit_code, out=done.stdout, err=done.stderr)

    def read(self, *words: object) -> Any:
        """Run a reading command and return its JSON."""
        done = self(*words, "--json")
        assert done.code == 0, done
        return done.data

    def do(self, *words: object) -> str:
        """Run a command that must succeed and return what it said."""
        done = self(*words)
        assert done.code == 0, done
        return done.out


def at_home(home: Path, patch: pytest.MonkeyPatch) -> Dondoc:
    """The command line on a home, until the patch is undone."""
    patch.setenv("DONDOC_HOME", str(home))
    patch.delenv("DONDOC_DATABASE_URL", raising=False)
    patch.setenv("COLUMNS", "200")
    settings.cache_clear()
    return Dondoc(home=home)


@pytest.fixture
def dondoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dondoc]:
    """The command line on an empty home."""
    yield at_home(tmp_path, monkeypatch)
    settings.cache_clear()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> dict[str, Path]:
    """The homes `staffed` and `small`, made by the commands once and copied for each test."""
    homes = {name: tmp_path_factory.mktemp("homes") / name for name in ("staffed", "small")}
    homes["staffed"].mkdir()
    shutil.copy(_sqlite_template, homes["staffed"] / "dondoc.db")
    with pytest.MonkeyPatch.context() as patch:
        dondoc = at_home(homes["staffed"], patch)
        dondoc.do("authority", "create", "thu", "--name", "UBND thử", "--sandbox")
        dondoc.do("units", "import", DATA / "small-roster.yaml", *AT)
        shutil.copytree(homes["staffed"], homes["small"])
        dondoc = at_home(homes["small"], patch)
        dondoc.do("launch", DATA / "small-plan.yaml", "--authority", "thu", "--year", 2025, "--as", "officer.so-noi-vu", *AT)
    settings.cache_clear()
    return homes


def move_in(dondoc: Dondoc, store: Store, home: Path) -> Dondoc:
    """Let a test's home, with which nothing was done yet, be a copy of another."""
    assert store.engine.url.database == str(dondoc.home / "dondoc.db")
    store.close()
    shutil.copytree(home, dondoc.home, dirs_exist_ok=True)
    return dondoc


@pytest.fixture
def staffed(dondoc: Dondoc, store: Store, _homes: dict[str, Path]) -> Dondoc:
    """The command line with a sandbox authority `thu` that has the small roster."""
    return move_in(dondoc, store, _homes["staffed"])


@pytest.fixture
def small(staffed: Dondoc, store: Store, _homes: dict[str, Path]) -> Dondoc:
    """The command line with the small plan of 2025 launched on 2 January 2025."""
    return move_in(staffed, store, _homes["small"])
