"""A kind of problem."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of problem: its name, status and words."""

    name: str
    status: int
    title: tuple[str, str]
    detail: tuple[str, str]
