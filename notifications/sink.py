"""
The development mail sink: a mail server on the loopback address that keeps every mail and sends none on.

    python -m notifications.sink --host 127.0.0.1 --port 8025 --folder var/mail

Each mail becomes a file `<number>.eml` and a line of `index.jsonl`: number, file, time of arrival, sender, recipients, Message-ID, subject.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from email import policy
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.clock import utc_now
from notifications.loopback import UnsafeServerError, is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence

INDEX = "index.jsonl"


class Keeper:
    """Keeps mails in a folder; goes on counting where an earlier one stopped."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept = max((int(path.stem) for path in folder.glob("*.eml") if path.stem.isdigit()), default=0)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's word)
        """Keep one mail and say so."""
        content = envelope.original_content or b""
        self._kept += 1
        file = f"{self._kept:06}.eml"
        (self._folder / file).write_bytes(content)
        head = BytesParser(policy=policy.default).parsebytes(content, headersonly=True)
        line = {
            "number": self._kept,
            "file": file,
            "at": utc_now().isoformat(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "message_id": str(head.get("Message-ID", "")),
            "subject": str(head.get("Subject", "")),
        }
        with (self._folder / INDEX).open("ab") as index:
            index.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        return f"250 kept as {file}"


async def keep_mail(host: str, port: int, folder: Path) -> None:
    """Take mail until told to stop (SIGINT, SIGTERM); UnsafeServerError unless the host is the loopback address."""
    if not is_loopback(host):
        msg = f"the sink answers on the loopback address only, not on “{host}”: anyone could read the mail; write --host 127.0.0.1"
        raise UnsafeServerError(msg)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    answer = partial(SMTP, Keeper(folder), hostname="localhost", ident="dondoc sink", enable_SMTPUTF8=True)
    server = await loop.create_server(answer, host, port)
    sys.stdout.write(f"mail sink on {host}:{server.sockets[0].getsockname()[1]}, mails in {folder}\n")
    sys.stdout.flush()
    async with server:
        await stop.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sink; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m notifications.sink", description="Keeps every mail as a file and sends none on.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--folder", type=Path, default=Path("var/mail"))
    given = parser.parse_args(arguments)
    try:
        asyncio.run(keep_mail(given.host, given.port, given.folder))
    except (UnsafeServerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
