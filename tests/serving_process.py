"""
The web as a process of its own, by `api.serving`; its business time is what a file says, and it can be told where to die.

A second file holds the number of the write before whose commit it kills itself (`kill -9`, by its own hand, so that the place is exact).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlalchemy import event

from api import serving
from api.app import create_app
from config.settings import child_environment
from store.session import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket

    from fastapi import FastAPI
    from sqlalchemy import Connection

    from store.session import Store

ROOT = Path(__file__).parents[1]
SETTINGS = {"DONDOC_PREFECT_API_URL": "http://127.0.0.1:9/api", "DONDOC_ARGON2_MEMORY_KIB": "19456", "DONDOC_ARGON2_ROUNDS": "2"}


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server, and the files that rule it."""

    base: str
    home: Path
    process: subprocess.Popen[str]

    def set_clock(self, now: datetime) -> None:
        """Let it be another moment from the next request on."""
        set_clock(self.home, now)

    def die_before(self, write: int) -> None:
        """Let it die before the commit of the write of that number, counted from the next."""
        (self.home / "doom").write_text(str(write), encoding="ascii")


def set_clock(home: Path, now: datetime) -> None:
    """Say what moment it is, in one step: a reader finds the old file or the new one."""
    (home / "clock.new").write_text(now.isoformat(), encoding="ascii")
    (home / "clock.new").replace(home / "clock")


@contextmanager
def running_server(url: str, home: Path) -> Iterator[Server]:
    """A server that answers."""
    command = [sys.executable, "-m", "tests.serving_process", url, str(home)]
    environment = child_environment(**SETTINGS, DONDOC_HOME=str(home))
    (home / "doom").unlink(missing_ok=True)
    with (
        (home / "web.log").open("a", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()  # said once it listens; empty if it ended before
            assert port, (home / "web.log").read_text(encoding="utf-8")
            yield Server(base=f"http://127.0.0.1:{port}", home=home, process=process)
        finally:
            process.kill()


class Announcing(uvicorn.Server):
    """Says its port once it listens."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        sys.stdout.write(f"{self.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


class Doom:
    """Counts writes once a file says at which to die."""

    def __init__(self, file: Path) -> None:
        self._file, self._left = file, 0

    def meets(self, connection: Connection) -> None:
        """A transaction is about to end."""
        if not connection.get_execution_options().get("dondoc_write"):
            return
        if not self._left and self._file.exists():
            self._left = int(self._file.read_text(encoding="ascii"))
        if self._left:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def live(url: str, home: Path) -> None:
    """The whole life of one process."""

    def timed(*given: Any, **named: Any) -> FastAPI:
        return create_app(*given, **named, clock=lambda: datetime.fromisoformat((home / "clock").read_text(encoding="ascii")))

    def doomed(url: str) -> Store:
        store = open_store(url)
        event.listen(store.engine, "commit", Doom(home / "doom").meets)
        return store

    serving.__dict__.update(create_app=timed, open_store=doomed)
    uvicorn.__dict__.update(Server=Announcing)
    serving.serve("127.0.0.1", 0, url)


if __name__ == "__main__":
    live(sys.argv[1], Path(sys.argv[2]))
