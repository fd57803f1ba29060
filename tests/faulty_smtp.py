"""
A mail server with faults on order, run as a process of its own.

    python -m tests.faulty_smtp --folder somewhere [--certificate pem] [--accounts user:password]

It writes its port to `<folder>/port`, each mail that it takes over as a JSON line to `<folder>/taken.jsonl`, and reads
`<folder>/faults.json` anew at each command: a list of faults `{at, do, code?, for?, times?, seconds?}`.

at: connect, ehlo, auth, mail, rcpt, data (the command),
    body (the content has come, nothing is kept), answer (the mail is kept, nothing is answered)
do: say (the code), drop, sleep (then go on)
"""

# ruff: noqa: N802  (aiosmtpd names its methods after the commands)

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent


class Faults:
    """The faults on order; each is counted down by itself."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faults.json"
        self._used: dict[str, int] = {}

    def at(self, place: str, text: str = "") -> dict[str, Any] | None:
        """Return the fault that is to happen here, if any."""
        faults = json.loads(self._file.read_text()) if self._file.exists() else []
        for fault in faults:
            key = json.dumps(fault)
            left = fault.get("times", 10**9) - self._used.get(key, 0)
            if fault["at"] == place and fault.get("for", "") in text and left > 0:
                self._used[key] = self._used.get(key, 0) + 1
                return dict(fault)
        return None


class FaultySMTP(SMTP):
    """A server that does as its faults say, and else its work."""

    def __init__(self, folder: Path, faults: Faults, **options: Any) -> None:
        self._folder, self._faults = folder, faults
        super().__init__(self, **options)

    async def _suffers(self, place: str, text: str = "") -> bool:
        fault = self._faults.at(place, text)
        if fault is None:
            return False
        if fault["do"] == "sleep":
            await asyncio.sleep(fault["seconds"])
            return False
        if fault["do"] == "drop":
            self._drop()
            return True
        await self.push(f"{fault['code']} fault on order")
        return True

    def _drop(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()

    async def _handle_client(self) -> None:
        if await self._suffers("connect"):
            assert self.transport is not None
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._suffers("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._suffers("ehlo"):
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._suffers("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._suffers("mail", arg or ""):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._suffers("rcpt", arg or ""):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._suffers("data", self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0]
        fault = self._faults.at("body", to)
        if fault is not None:
            if fault["do"] == "say":
                return f"{fault['code']} fault on order"
            return await self._delayed(fault)
        head = message_from_bytes(envelope.content)
        secured = self.session is not None and self.session.ssl is not None
        line = {"id": head["Message-ID"], "to": to, "date": head["Date"], "bytes": len(envelope.content), "tls": secured}
        with (self._folder / "taken.jsonl").open("a") as taken:
            taken.write(json.dumps(line) + "\n")
        fault = self._faults.at("answer", to)
        return "250 taken" if fault is None else await self._delayed(fault)

    async def _delayed(self, fault: dict[str, Any]) -> str:
        if fault["do"] == "drop":
            self._drop()
        else:
            await asyncio.sleep(fault["seconds"])
        return "250 taken late"


async def serve(folder: Path, *, certificate: str, accounts: str) -> None:
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    user, _, password = accounts.partition(":")

    def allow(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(handled=False, success=(data.login.decode(), data.password.decode()) == (user, password))

    faults = Faults(folder)
    options: dict[str, Any] = {"hostname": "localhost", "tls_context": context, "enable_SMTPUTF8": True}
    if accounts:
        options |= {"authenticator": allow, "auth_require_tls": context is not None, "auth_required": True}
    server = await asyncio.get_running_loop().create_server(lambda: FaultySMTP(folder, faults, **options), "127.0.0.1", 0)
    (folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    await server.serve_forever()


class FaultyServer:
    """The process, as a test sees it."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder, self.port = folder, port
        self._orders = 0

    def order(self, *faults: dict[str, Any]) -> None:
        """Let these faults happen from now on."""
        self._orders += 1  # what an earlier order used up is not missing here
        (self.folder / "faults.new").write_text(json.dumps([{**fault, "order": self._orders} for fault in faults]))
        (self.folder / "faults.new").rename(self.folder / "faults.json")

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The mails that it took over."""
        file = self.folder / "taken.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@contextmanager
def faulty_server(folder: Path, *, certificate: Path | None = None, accounts: str = "") -> Iterator[FaultyServer]:
    """Run the server in a process of its own until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, "--folder", str(folder), "--accounts", accounts]
    command += ["--certificate", str(certificate or "")]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            until = time.monotonic() + 20
            while not (folder / "port").exists():
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server did not come up"
                time.sleep(0.02)
            yield FaultyServer(folder, port=int((folder / "port").read_text()))
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--certificate", default="")
    parser.add_argument("--accounts", default="")
    given = parser.parse_args()
    asyncio.run(serve(given.folder, certificate=given.certificate, accounts=given.accounts))
