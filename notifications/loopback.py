"""The loopback address: all that a sandbox's mail, and mail without TLS, may reach."""

from __future__ import annotations

from ipaddress import ip_address


class UnsafeServerError(ValueError):
    """A mail server is not used as it is named: why, and what to write."""


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine: a loopback address, or `localhost`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
