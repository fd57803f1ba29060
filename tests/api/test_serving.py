"""One real server process."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from config.settings import child_environment
from tests.conftest import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SmallYear

ROOT = DATA.parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(url: str, **changes: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    program = f"from api.serving import serve; serve('127.0.0.1', {port}, {url!r})"
    environment = child_environment(DONDOC_PREFECT_API_URL="http://127.0.0.1:9/api", DONDOC_OPEN_SANDBOX="true", **changes)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def answered(client: httpx.Client, process: subprocess.Popen[str], address: str) -> httpx.Response:
    """The answer, once the server is up."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            return client.get(address)
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(process.stdout and process.stdout.read())


def test_a_real_server_answers_and_ends_when_told(small_year: SmallYear, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    with served(url, DONDOC_HOME=str(tmp_path)) as (base, process), httpx.Client(base_url=base, trust_env=False) as client:
        page = answered(client, process, "/")
        assert page.status_code == 200
        assert "Kế hoạch nhỏ để thử" in page.text
        assert "server" not in page.headers
        listed = client.get("/api/v1/obligations?late=true").json()["items"]
        assert {line["stage"] for line in listed} <= {"plan", "report", "after-lock", "summary"}
        assert client.get("/api/v1/health").status_code == 503  # by the real clock nobody has ticked since 2025
        assert client.head("/console/console.css").status_code == 200
        assert client.get("/", headers={"Host": "evil.invalid"}).status_code == 421
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_body_that_comes_too_slowly_is_refused_and_others_are_answered(small_year: SmallYear, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    with (
        served(url, DONDOC_HOME=str(tmp_path), DONDOC_BODY_SECONDS="0.8") as (base, process),
        httpx.Client(base_url=base, trust_env=False) as client,
    ):
        answered(client, process, "/api/v1/health")
        port = httpx.URL(base).port
        with socket.create_connection(("127.0.0.1", port or 0), timeout=20) as slow:
            slow.sendall(
                b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
            )
            began = time.monotonic()
            assert client.get("/api/v1/health").status_code == 503
            heard = slow.recv(4096)
            assert heard.startswith(b"HTTP/1.1 408 ")
            assert time.monotonic() - began < 10


def test_a_foreign_address_is_refused_at_start() -> None:
    program = "from api.serving import serve; serve('0.0.0.0', 0, 'sqlite://')"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "ForeignHostError: “0.0.0.0” is not the loopback address" in ended.stderr


def test_the_web_imports_no_engine() -> None:
    program = "import sys, api.serving; print(sorted({'prefect', 'apscheduler', 'aiosmtplib', 'tasks', 'flows'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "[]"
