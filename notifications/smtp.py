"""
SMTP: one connection to a mail server, kept and reused, and what each try on it came to.

The only importer of aiosmtplib. One recipient per mail, so a partial refusal cannot hide. TLS is asked for or not, never taken as it
comes; certificates are checked. The commands are sent one by one, because it matters how far a mail came: before its content was
handed over it certainly did not leave, afterwards without an answer nobody knows.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponseException

from config.settings import TlsMode
from notifications.mime import is_address
from store.outbox.states import Outcome

if TYPE_CHECKING:
    from aiosmtplib import SMTPResponse

START_INPUT, COMPLETED, WILL_FORWARD = 354, 250, 251
TEMPORARY, PERMANENT = range(400, 500), range(500, 600)
#: Permanent answers to RCPT that speak of us, not of the recipient: unknown command, wrong order, sign in first.
NOT_THE_RECIPIENT = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
_LONE_ENDING = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    tls: TlsMode = TlsMode.NONE
    ca_file: str = ""  #: trusted beside the system's own; for a server with a certificate of its own authority
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0  #: seconds that one answer may take
    greets_as: str = "localhost"  #: name in EHLO; asking the system for one may take seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a try came to, with the server's words."""

    outcome: Outcome
    code: int = 0
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What is handed over: one sender, one recipient, the exact bytes."""

    sender: str
    recipient: str
    body: bytes


class Line:
    """A connection to a mail server: opened with the first mail, kept for the next ones."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: SMTP | None = None

    async def send(self, mail: Mail) -> Answer:
        """Hand one mail over and return what came of it; whatever happens is an answer."""
        fault = await self._open()
        if fault is not None:
            return fault
        client = self._client
        if client is None or client.protocol is None:  # closed by the server since
            return Answer(outcome=Outcome.DOWN, words="the connection was closed at once")
        answer = await _hand_over(client, mail)
        if answer.outcome is not Outcome.SENT:
            await self._reset(client)
        return answer

    async def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.is_connected:
                await client.quit(timeout=min(self._server.timeout, 5.0))
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            await _drop(client)

    async def _open(self) -> Answer | None:
        """Connect unless connected; return what went wrong, if anything did."""
        if self._client is not None and self._client.is_connected:
            return None
        self._client = client = _client(self._server)
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:  # else the first MAIL does it, and its answer would be taken for MAIL's
                await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            await _drop(client)
            return _no_connection(error)
        return None

    async def _reset(self, client: SMTP) -> None:
        """Forget a mail that did not go, or the whole connection where even that fails."""
        try:
            if client.is_connected:
                await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            await _drop(client)


class _Client(SMTP):
    """
    A client that lets its connection go at once, whoever closes it.

    One that is only closed waits to write what a silent server does not read, and with TLS for the server's own goodbye.
    """

    def close(self) -> None:
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


async def _drop(client: SMTP) -> None:
    client.close()
    await asyncio.sleep(0)  # the loop lets go of the socket in its next round


def _client(server: MailServer) -> SMTP:
    return _Client(
        hostname=server.host,
        port=server.port,
        local_hostname=server.greets_as,
        timeout=server.timeout,
        use_tls=server.tls is TlsMode.TLS,
        start_tls=server.tls is TlsMode.STARTTLS,  # True: required; False: never; None would take it as it comes
        validate_certs=True,
        cert_bundle=server.ca_file or None,
        username=server.user or None,
        password=server.password or None,
    )


def _no_connection(error: Exception) -> Answer:
    """Return what a failed connect, EHLO, STARTTLS or AUTH means: the server is away, or it will never take us as we are."""
    if isinstance(error, SMTPResponseException):
        lasting = error.code in PERMANENT
        return Answer(outcome=Outcome.STOPPED if lasting else Outcome.DOWN, code=error.code, words=error.message)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Answer(outcome=Outcome.STOPPED, words=f"TLS: {error}")
    if isinstance(error, ConnectionError | TimeoutError | OSError):
        return Answer(outcome=Outcome.DOWN, words=str(error) or type(error).__name__)
    return Answer(outcome=Outcome.STOPPED, words=str(error))  # no STARTTLS, no way to sign in


async def _hand_over(client: SMTP, mail: Mail) -> Answer:
    if not is_address(mail.recipient):  # the library would take an address out of whatever text this is
        return Answer(outcome=Outcome.REFUSED, words="this is no address that a mail can be sent to")
    content = _on_the_wire(mail.body)
    try:
        refused = await _envelope(client, mail, is_ascii=content.isascii())
        if refused is not None:
            return refused
        begun = await client.execute_command(b"DATA")
        if begun.code != START_INPUT:
            return _refusal(begun)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Answer(outcome=Outcome.LATER, words=str(error) or type(error).__name__)
    return await _content(client, content)


async def _envelope(client: SMTP, mail: Mail, *, is_ascii: bool) -> Answer | None:
    """Name sender and recipient; return the refusal, if it is one."""
    options = () if is_ascii or not client.supports_extension("8bitmime") else ("BODY=8BITMIME",)
    try:
        await client.mail(mail.sender, options=options)
    except SMTPResponseException as error:
        return _refusal(error)
    try:
        await client.rcpt(mail.recipient)
    except SMTPResponseException as error:
        if error.code in PERMANENT and error.code not in NOT_THE_RECIPIENT:
            return Answer(outcome=Outcome.REFUSED, code=error.code, words=error.message)
        return _refusal(error)
    return None


def _refusal(answer: SMTPResponse | SMTPResponseException) -> Answer:
    lasting = answer.code in PERMANENT
    return Answer(outcome=Outcome.STOPPED if lasting else Outcome.LATER, code=answer.code, words=answer.message)


async def _content(client: SMTP, content: bytes) -> Answer:
    """Hand the content over; from here on, no answer means that nobody knows."""
    protocol = client.protocol
    try:
        if protocol is None:
            return Answer(outcome=Outcome.LATER, words="the connection was lost")
        protocol.write(content)
        answer = await protocol.read_response(timeout=client.timeout)
    except SMTPResponseException as error:  # something that is no answer
        client.close()
        return Answer(outcome=Outcome.UNKNOWN, code=error.code, words=error.message)
    except (aiosmtplib.SMTPException, OSError, asyncio.IncompleteReadError) as error:
        client.close()
        return Answer(outcome=Outcome.UNKNOWN, words=str(error) or type(error).__name__)
    if answer.code == COMPLETED:
        return Answer(outcome=Outcome.SENT, code=answer.code, words=answer.message)
    return _refusal(answer)


def _on_the_wire(body: bytes) -> bytes:
    """Return the content as DATA carries it: CRLF throughout, leading dots doubled, a lone dot behind."""
    if body.count(b"\n") != body.count(b"\r\n") or b"\r" in body.replace(b"\r\n", b""):
        body = _LONE_ENDING.sub(b"\r\n", body)
    body = body.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")
