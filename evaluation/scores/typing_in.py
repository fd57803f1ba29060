"""Typing in: scores as people write them (0,75 or 0.75; 1.250 is a thousand and more), and what a score was worked out from as text."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evaluation.reports.numbers import as_number
from evaluation.scores.faults import At, fault, require
from evaluation.scores.methods import VALUES, Given
from evaluation.scores.numbers import number_written

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A point that parts decimals: a nought before it, or not three digits behind it.
_POINT = re.compile(r"-?(0\.\d{1,6}|\d{1,15}\.(\d{1,2}|\d{4,6}))", re.ASCII)
_WHOLE = frozenset({"level", "errors"})


def score_number(text: str) -> Decimal | None:
    """Return the number that a text writes, or None: a comma parts decimals; so does a point that cannot part thousands."""
    text = text.strip()
    return Decimal(text) if _POINT.fullmatch(text) else as_number(text)


def typed_given(values: Mapping[str, str], *, unit: str = "", node: str = "") -> Given | None:
    """
    Return what was typed about a leaf, by value (`level`, `done`, `of`, `rate`, `errors`, `points`); None where nothing was.

    Raises:
        ScoreError: something is no number; every such value is named.
    """
    there = {name: values[name].strip() for name in VALUES if values.get(name, "").strip()}
    read = {name: score_number(text) for name, text in there.items()}
    require(
        fault("score-no-number", At(unit=unit, node=node, about=name), value=there[name])
        for name, number in read.items()
        if number is None or (name in _WHOLE and number != number.to_integral_value())
    )
    numbers: dict[str, Any] = {name: int(number) if name in _WHOLE else number for name, number in read.items() if number is not None}
    return Given(**numbers) if numbers else None


def given_text(given: Given | None) -> str:
    """Return what a score was worked out from as one line of JSON; empty where it was from nothing."""
    if given is None:
        return ""
    there = {one.name: getattr(given, one.name) for one in fields(given)}
    plain = {name: value if isinstance(value, int) else number_written(value) for name, value in there.items() if value is not None}
    return json.dumps(plain, sort_keys=True)


def given_read(text: str | None) -> Given | None:
    """Return what `given_text` wrote; ValueError or TypeError of anything else."""
    if not text:
        return None
    values: dict[str, Any] = {name: value if isinstance(value, int) else Decimal(value) for name, value in json.loads(text).items()}
    return Given(**values)
