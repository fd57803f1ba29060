"""Servers: where sandboxes and real authorities hand their mail over, as the settings say, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings import TlsMode
from notifications.loopback import UnsafeServerError, is_loopback
from notifications.smtp import MailServer

if TYPE_CHECKING:
    from config.settings import Settings


def sandbox_server(settings: Settings) -> MailServer:
    """Return the server of sandboxes; UnsafeServerError unless it is on the loopback address."""
    host, _, port = settings.sandbox_smtp.rpartition(":")
    host = host.strip("[]")
    if not port.isdigit() or not is_loopback(host):
        msg = (
            f"DONDOC_SANDBOX_SMTP is “{settings.sandbox_smtp}”: a sandbox mails to the loopback address only, "
            "so that no test reaches a real person; write 127.0.0.1:8025"
        )
        raise UnsafeServerError(msg)
    return MailServer(host=host, port=int(port), timeout=settings.smtp_timeout_seconds, greets_as=settings.mail_domain)


def real_server(settings: Settings) -> MailServer | None:
    """Return the server of real authorities, None where none is named; UnsafeServerError if it were reached unprotected."""
    if not settings.smtp_host:
        return None
    if settings.smtp_tls is TlsMode.NONE and not is_loopback(settings.smtp_host):
        msg = f"DONDOC_SMTP_TLS is “none”, but “{settings.smtp_host}” is not this machine; write starttls or tls"
        raise UnsafeServerError(msg)
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        ca_file=settings.smtp_ca_file,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        timeout=settings.smtp_timeout_seconds,
        greets_as=settings.mail_domain,
    )
