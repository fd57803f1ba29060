"""Which dondoc this is."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


@lru_cache
def version() -> str:
    """Return the installed version; `unknown` where the program runs without being installed."""
    try:
        return version_of("dondoc")
    except PackageNotFoundError:
        return "unknown"
