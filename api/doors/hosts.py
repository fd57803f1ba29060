"""
Hosts: where dondoc listens, and to which names it answers.

Without accounts it listens on this machine alone; with accounts anywhere. A request that names another host than those of the settings is
refused, since a web page elsewhere could otherwise make a browser read the answers (DNS rebinding), or a mail carry a link to another site.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config.settings import Settings


class ForeignHostError(ValueError):
    """The web was to listen where others could reach it, or was asked for by another name."""

    def __init__(self, host: str) -> None:
        """Keep the address, and say what is possible instead."""
        self.host = host
        super().__init__(
            f"“{host}” is not the loopback address, and nobody could sign in yet, so the web pages listen on this machine alone: make the "
            "first account with `dondoc admin create`, or set DONDOC_WEB_HOST to 127.0.0.1 or ::1. To look from elsewhere, open an SSH "
            "tunnel: ssh -L 8000:127.0.0.1:8000 <this machine>"
        )


class OpenSandboxError(ValueError):
    """Sandboxes were to be open to everybody on a network."""

    def __init__(self, host: str) -> None:
        """Keep the address, and say what to do."""
        self.host = host
        super().__init__(
            f"DONDOC_OPEN_SANDBOX lets anybody read without signing in, and “{host}” is not the loopback address: switch one of them"
        )


def is_loopback(host: str) -> bool:
    """Return whether a name or address is this machine's loopback, whatever it resolves to."""
    if not host:
        return False
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return False
    return bool(found) and all(ip_address(address.partition("%")[0]).is_loopback for address in found)


def check_host(host: str, *, anybody: bool, open_sandbox: bool) -> None:
    """
    Let the web listen at an address; `anybody`: there are accounts.

    Raises:
        ForeignHostError: it is not the loopback's, and nobody could sign in.
        OpenSandboxError: it is not the loopback's, and sandboxes would be open.

    """
    if is_loopback(host):
        return
    if open_sandbox:
        raise OpenSandboxError(host)
    if not anybody:
        raise ForeignHostError(host)


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names that the web answers to."""

    own: str  #: of `base_url`
    local: bool  #: also those of this machine

    @classmethod
    def of(cls, settings: Settings) -> Names:
        """Return those of the settings: this machine's only where the web listens there alone."""
        return cls(own=urlsplit(settings.base_url).hostname or "", local=is_loopback(settings.web_host))

    def are_ours(self, header: str) -> bool:
        """Return whether a Host header is one of them; nothing is resolved."""
        return (self.local and names_this_machine(header)) or (bool(self.own) and _host(header) == self.own)

    def is_own_origin(self, origin: str, *, host: str) -> bool:
        """Return whether an Origin header is the site that was asked: same name, same port."""
        parts = urlsplit(origin)
        return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def names_this_machine(header: str) -> bool:
    """Return whether a Host header is a loopback address or `localhost`; nothing is resolved."""
    host = _host(header)
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
