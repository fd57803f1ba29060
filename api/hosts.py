"""
Loopback only: until there are accounts, dondoc answers this machine and nobody else.

It refuses to listen anywhere else, and it refuses requests that name another host, since a web page elsewhere could otherwise make a
browser on this machine read the answers (DNS rebinding).
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit


class ForeignHostError(ValueError):
    """The web was to listen where others could reach it."""

    def __init__(self, host: str) -> None:
        """Keep the address, and say what is possible instead."""
        self.host = host
        super().__init__(
            f"“{host}” is not the loopback address. dondoc has no accounts yet, so its web pages listen on this machine alone: "
            "set DONDOC_WEB_HOST to 127.0.0.1 or ::1. To look from elsewhere, open an SSH tunnel: ssh -L 8000:127.0.0.1:8000 <this machine>"
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


def check_host(host: str) -> None:
    """Raise `ForeignHostError` unless a bind address is the loopback's."""
    if not is_loopback(host):
        raise ForeignHostError(host)


def names_this_machine(header: str) -> bool:
    """Return whether a Host header is a loopback address or `localhost`; nothing is resolved."""
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
