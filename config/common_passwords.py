"""The passwords that are tried first everywhere: shipped, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("passwords") / "common.txt"


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Return them in lower case."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.lower() for line in lines if line and not line.startswith("#"))
