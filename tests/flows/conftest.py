"""One real Prefect server for a session, and one of its own for each test that kills it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from config.prefect_environment import prefect_environment
from config.settings import Settings, child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

STARTS_WITHIN_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class PrefectServer:
    """A Prefect server in a process group of its own."""

    process: subprocess.Popen[bytes]
    api: str
    file: Path  #: its database

    def kill(self) -> None:
        """End it as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, path: str, **body: object) -> list[dict[str, object]]:
        """Return what its API answers."""
        answer = httpx.post(f"{self.api}{path}", json=body, timeout=30)
        answer.raise_for_status()
        found: list[dict[str, object]] = answer.json()
        return found


def start_prefect(home: Path, *, like: PrefectServer | None = None) -> PrefectServer:
    """Start a server on a free port, on a copy of another's database if one is given, and wait until it is healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (home / "prefect").mkdir(parents=True)
    file = home / "prefect" / "prefect.db"
    if like is not None:  # its tables are made, which takes a server most of its start
        with closing(sqlite3.connect(like.file)) as made, closing(sqlite3.connect(file)) as own:
            made.backup(own)
    settings = Settings(home=home, prefect_port=port)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = child_environment(**prefect_environment(settings))
    with (home / "prefect.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    api = f"http://127.0.0.1:{port}/api"
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{api}/health", timeout=2).is_success:
                return PrefectServer(process=process, api=api, file=file)
        except httpx.HTTPError:
            time.sleep(0.3)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail(f"the Prefect server did not become healthy: {(home / 'prefect.log').read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server for every test that leaves it alive."""
    server = start_prefect(tmp_path_factory.mktemp("prefect"))
    yield server
    server.kill()


@pytest.fixture
def mortal_server(tmp_path: Path, prefect_server: PrefectServer) -> Iterator[PrefectServer]:
    """A server that the test may kill."""
    server = start_prefect(tmp_path / "mortal", like=prefect_server)
    yield server
    if server.process.poll() is None:
        server.kill()


@pytest.fixture
def under_prefect() -> Callable[[PrefectServer], AbstractContextManager[object]]:
    """Let Prefect's client speak to a server: `with under_prefect(server): …`."""
    return lambda server: temporary_settings(
        {PREFECT_API_URL: server.api, PREFECT_CLIENT_MAX_RETRIES: 1, PREFECT_LOGGING_TO_API_ENABLED: False}
    )
