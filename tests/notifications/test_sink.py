"""The development sink as `dondoc up` runs it: a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notifications.sink import main
from notifications.smtp import Line, Mail, MailServer
from store.outbox.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
BODY = "Message-ID: <{}@thu.invalid>\nSubject: =?utf-8?b?SOG6oW4=?=\n\nthân thư\n"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    command = [sys.executable, "-m", "notifications.sink", "--port", "0", "--folder", str(tmp_path / "mail")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process, tmp_path / "mail"
        process.terminate()


async def test_every_mail_is_kept(sink: tuple[subprocess.Popen[str], Path]) -> None:
    process, folder = sink
    assert process.stdout is not None
    port = int(process.stdout.readline().split()[3].strip(",").rpartition(":")[2])
    line = Line(MailServer(host="127.0.0.1", port=port, timeout=5))
    for number in (1, 2):
        mail = Mail(sender="dondoc@thu.invalid", recipient=f"xa-{number}@thu.invalid", body=BODY.format(number).encode())
        assert (await line.send(mail)).outcome is Outcome.SENT
    await line.close()
    index = [json.loads(text) for text in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["message_id"], row["to"], row["subject"], row["file"]) for row in index] == [
        ("<1@thu.invalid>", ["xa-1@thu.invalid"], "Hạn", "000001.eml"),
        ("<2@thu.invalid>", ["xa-2@thu.invalid"], "Hạn", "000002.eml"),
    ]
    assert (folder / "000002.eml").read_bytes() == BODY.format(2).replace("\n", "\r\n").encode()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0


def test_it_answers_on_the_loopback_address_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0", "--folder", str(tmp_path)]) == 1  # noqa: S104
    assert "loopback" in capsys.readouterr().err
