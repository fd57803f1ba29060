"""The supervisor of `dondoc up`: web, engine, Prefect server and development mail sink as children that live and die together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

#: A child has so long to end by itself before it is killed.
GRACE_SECONDS = 20.0
LOOK_SECONDS = 0.5
#: A child that dies is started again, each time after a longer pause, at most so long.
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Child:
    """A program that the supervisor runs."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path


class PortTakenError(Exception):
    """Somebody else listens where a child would."""

    def __init__(self, name: str, *, host: str, port: int, setting: str) -> None:
        """Say which port, and which setting moves it."""
        super().__init__(f"{host}:{port} is taken, so {name} cannot listen there; stop what listens, or set {setting} to another port")


def check_port(name: str, *, host: str, port: int, setting: str) -> None:
    """Raise `PortTakenError` if a port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise PortTakenError(name, host=host, port=port, setting=setting) from taken


@dataclass(kw_only=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    log: TextIO
    deaths: int = 0
    again_at: float = 0.0


@dataclass(kw_only=True)
class Supervisor:
    """Runs children until it is told to stop; one that dies is started again."""

    say: Callable[[str], None]
    _running: list[_Running] = field(default_factory=list)
    _stopping: bool = False

    def start(self, child: Child) -> None:
        """Start a child in a process group of its own, its output in its log."""
        child.log.parent.mkdir(parents=True, exist_ok=True)
        log = child.log.open("a", encoding="utf-8")
        self._running.append(_Running(child=child, process=_spawn(child, log), log=log))

    def run_until_stopped(self) -> None:
        """Look after the children until SIGINT or SIGTERM; then stop them all, the last started first."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                for one in self._running:
                    self._look_after(one)
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop_all()

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _look_after(self, one: _Running) -> None:
        code = one.process.poll()
        if code is None:
            return
        now = time.monotonic()
        if not one.again_at:
            one.deaths += 1
            pause = min(2.0**one.deaths, LONGEST_PAUSE_SECONDS)
            one.again_at = now + pause
            self.say(f"{one.child.name} ended with code {code}; again in {pause:.0f} s (log: {one.child.log})")
        elif now >= one.again_at:
            one.again_at = 0.0
            one.process = _spawn(one.child, one.log)

    def stop_all(self) -> None:
        """End every child: asked first, killed after the grace."""
        for one in reversed(self._running):
            _signal(one.process, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for one in reversed(self._running):
            try:
                one.process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{one.child.name} did not end by itself and is killed")
                _signal(one.process, signal.SIGKILL)
                one.process.wait()
            one.log.close()
        self._running.clear()


def _spawn(child: Child, log: TextIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own commands, no shell
        list(child.command),
        env=dict(child.environment),
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a child and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
