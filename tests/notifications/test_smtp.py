"""One connection against a real server with faults: what each of them comes to, and that the next mail still goes."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from config.settings import TlsMode
from notifications.smtp import Answer, Line, Mail, MailServer
from store.outbox.states import Outcome
from tests.faulty_smtp import FaultyServer, faulty_server

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b"Message-ID: <1@thu.invalid>\nSubject: thu\n\n.a line that begins with a dot\nlast line\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


def at(server: FaultyServer, **changes: Any) -> MailServer:
    return MailServer(host="127.0.0.1", port=server.port, timeout=0.5, **changes)


def open_to(server: MailServer) -> list[int]:
    """Return the descriptors of this process's connections to a server."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if link.is_socket():
                with socket.socket(fileno=os.dup(int(link.name))) as one:
                    found += [int(link.name)] if one.getpeername()[:2] == (server.host, server.port) else []
    return found


async def sent(server: MailServer, *recipients: str) -> list[Answer]:
    line = Line(server)
    try:
        return [await line.send(Mail(sender="dondoc@thu.invalid", recipient=to, body=BODY)) for to in recipients]
    finally:
        await line.close()
        assert not open_to(server), "a connection is left behind"


async def outcomes(server: MailServer, *recipients: str) -> list[tuple[Outcome, int]]:
    return [(answer.outcome, answer.code) for answer in await sent(server, *recipients)]


def say(place: str, code: int, **more: Any) -> dict[str, Any]:
    return {"at": place, "do": "say", "code": code, **more}


async def test_mails_go_over_one_connection(server: FaultyServer) -> None:
    server.order(say("connect", 421, times=0))
    before = len(server.taken)
    assert await outcomes(at(server), "a@thu.invalid", "b@thu.invalid") == [(Outcome.SENT, 250)] * 2
    assert [mail["to"] for mail in server.taken[before:]] == ["a@thu.invalid", "b@thu.invalid"]
    assert server.taken[-1]["bytes"] == len(BODY.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(say("connect", 554), (Outcome.STOPPED, 554), id="5xx at connect stops"),
        pytest.param(say("connect", 421), (Outcome.DOWN, 421), id="4xx at connect: no connection now"),
        pytest.param({"at": "connect", "do": "drop"}, (Outcome.DOWN, 0), id="dropped at connect"),
        pytest.param({"at": "connect", "do": "sleep", "seconds": 2}, (Outcome.DOWN, 0), id="slow greeting"),
        pytest.param(say("ehlo", 550), (Outcome.STOPPED, 550), id="5xx at EHLO stops"),
        pytest.param(say("mail", 550), (Outcome.STOPPED, 550), id="5xx at MAIL stops"),
        pytest.param(say("mail", 451), (Outcome.LATER, 451), id="4xx at MAIL backs off"),
        pytest.param(say("rcpt", 450), (Outcome.LATER, 450), id="greylisted"),
        pytest.param(say("rcpt", 550), (Outcome.REFUSED, 550), id="this recipient refused"),
        pytest.param(say("rcpt", 530), (Outcome.STOPPED, 530), id="sign in first: not the recipient's fault"),
        pytest.param(say("data", 554), (Outcome.STOPPED, 554), id="5xx at DATA stops"),
        pytest.param(say("data", 451), (Outcome.LATER, 451), id="4xx at DATA backs off"),
        pytest.param({"at": "data", "do": "drop"}, (Outcome.LATER, 0), id="dropped before the content: it did not leave"),
        pytest.param({"at": "rcpt", "do": "drop"}, (Outcome.LATER, 0), id="dropped at RCPT"),
        pytest.param({"at": "rcpt", "do": "sleep", "seconds": 2}, (Outcome.LATER, 0), id="slow at RCPT"),
        pytest.param(say("body", 554), (Outcome.STOPPED, 554), id="5xx after the content stops"),
        pytest.param(say("body", 452), (Outcome.LATER, 452), id="4xx after the content backs off"),
        pytest.param({"at": "body", "do": "drop"}, (Outcome.UNKNOWN, 0), id="dropped after the content, not kept"),
        pytest.param({"at": "answer", "do": "drop"}, (Outcome.UNKNOWN, 0), id="dropped after the content, kept"),
        pytest.param({"at": "answer", "do": "sleep", "seconds": 2}, (Outcome.UNKNOWN, 0), id="slow answer after the content"),
    ],
)
async def test_fault(server: FaultyServer, fault: dict[str, Any], outcome: tuple[Outcome, int]) -> None:
    server.order({**fault, "times": 1})
    before = [mail["to"] for mail in server.taken]
    assert await outcomes(at(server), "a@thu.invalid", "b@thu.invalid") == [outcome, (Outcome.SENT, 250)]
    await asyncio.sleep(0.05)
    kept = ["a@thu.invalid"] if fault["at"] == "answer" else []
    assert [mail["to"] for mail in server.taken][len(before) :] == [*kept, "b@thu.invalid"]


async def test_nobody_listens() -> None:
    assert await outcomes(MailServer(host="127.0.0.1", port=9, timeout=0.5), "a@thu.invalid") == [(Outcome.DOWN, 0)]


async def test_an_address_that_cannot_be_written_is_refused(server: FaultyServer) -> None:
    server.order()
    answers = await sent(at(server), "xã\r\nRCPT TO:<b@thu.invalid>", "b@thu.invalid")
    assert [answer.outcome for answer in answers] == [Outcome.REFUSED, Outcome.SENT]


# --- TLS and signing in ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def pem(authority: trustme.CA, folder: Path, *names: str) -> Path:
    certificate = authority.issue_cert(*names)
    file = folder / "server.pem"
    certificate.private_key_and_cert_chain_pem.write_to_path(file)
    return file


@pytest.fixture(scope="module")
def guarded(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    folder = tmp_path_factory.mktemp("tls")
    with faulty_server(folder, certificate=pem(authority, folder, "127.0.0.1"), accounts="dondoc:secret") as running:
        yield running


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


def signing_in(server: FaultyServer, ca_file: str) -> MailServer:
    return at(server, tls=TlsMode.STARTTLS, ca_file=ca_file, user="dondoc", password="secret")


async def test_starttls_and_signing_in(guarded: FaultyServer, ca_file: str) -> None:
    guarded.order()
    assert await outcomes(signing_in(guarded, ca_file), "a@thu.invalid") == [(Outcome.SENT, 250)]
    assert guarded.taken[-1]["tls"] is True


async def test_a_wrong_password_stops(guarded: FaultyServer, ca_file: str) -> None:
    guarded.order()
    wrong = replace(signing_in(guarded, ca_file), password="guessed")
    assert await outcomes(wrong, "a@thu.invalid") == [(Outcome.STOPPED, 535)]


async def test_5xx_at_auth_stops(guarded: FaultyServer, ca_file: str) -> None:
    guarded.order(say("auth", 534))
    assert await outcomes(signing_in(guarded, ca_file), "a@thu.invalid") == [(Outcome.STOPPED, 534)]


async def test_a_certificate_of_nobody_we_trust_stops(guarded: FaultyServer) -> None:
    guarded.order()
    before = len(guarded.taken)
    (answer,) = await sent(at(guarded, tls=TlsMode.STARTTLS), "a@thu.invalid")
    assert answer.outcome is Outcome.STOPPED
    assert "certificate" in answer.words
    assert len(guarded.taken) == before


async def test_a_certificate_of_another_name_stops(authority: trustme.CA, ca_file: str, tmp_path: Path) -> None:
    with faulty_server(tmp_path / "other", certificate=pem(authority, tmp_path, "mail.thu.invalid")) as running:
        (answer,) = await sent(at(running, tls=TlsMode.STARTTLS, ca_file=ca_file), "a@thu.invalid")
        assert (answer.outcome, running.taken) == (Outcome.STOPPED, [])
        assert "certificate" in answer.words


async def test_no_starttls_is_never_taken_for_it(server: FaultyServer) -> None:
    server.order()
    before = len(server.taken)
    (answer,) = await sent(at(server, tls=TlsMode.STARTTLS), "a@thu.invalid")
    assert answer.outcome is Outcome.STOPPED
    assert "STARTTLS" in answer.words
    assert len(server.taken) == before


async def test_tls_from_the_first_byte_to_a_plain_server_stops(server: FaultyServer) -> None:
    server.order()
    (answer,) = await sent(at(server, tls=TlsMode.TLS), "a@thu.invalid")
    assert answer.outcome in {Outcome.STOPPED, Outcome.DOWN}
    assert ssl.HAS_TLSv1_2
