"""The supervisor of `dondoc up`: web, engine, Prefect server and development mail sink as children that live and die together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from cli.errors import ExitCode, RefusedError

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


class PortTakenError(RefusedError):
    """A child cannot listen where it would: somebody else does, or the system does not allow it."""

    def __init__(self, name: str, *, where: str, setting: str, reason: str = "") -> None:
        """Say which place, and which setting moves it; `reason` is the system's own word, empty where the port is taken."""
        what = (reason, reason) if reason else ("đã có chương trình khác dùng", "is taken")
        vi, en = (
            f"{where}: {what[0]}, nên {name} không mở được; hãy dừng chương trình ấy (một `dondoc up` khác?) hoặc đặt {setting} khác đi",
            f"{where}: {what[1]}, so {name} cannot listen; stop what does (another `dondoc up`?), or set {setting} to another port",
        )
        super().__init__(vi, en, code=ExitCode.UNAVAILABLE)


def check_port(name: str, *, host: str, port: int, setting: str) -> None:
    """Raise `PortTakenError` if a port cannot be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            reason = "" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
            raise PortTakenError(name, where=f"{host}:{port}", setting=setting, reason=reason) from error


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
