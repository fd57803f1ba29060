"""Figures as a table to paste into docs/performance.md: the machine above it, a row as soon as it is measured."""

from __future__ import annotations

from benchmarks.machine import machine


def begin(*columns: str, about: str = "") -> None:
    """Print the machine, what is measured, and the head of a table."""
    print(machine())
    if about:
        print(about)
    head(*columns)


def head(*columns: str) -> None:
    """Print the head of a table."""
    row(*columns)
    print("|" + "---|" * len(columns))


def row(*cells: object) -> None:
    """Print a row, at once."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
