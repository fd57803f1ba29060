"""Scores bundles: a published bundle held against its schema and against itself, before anybody trusts it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from evaluation.scores.faults import At, fault
from evaluation.scores.publication import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.scores.faults import ScoreFault

BUNDLE_SCHEMA = Path(__file__).with_name("scores") / "bundle.schema.json"
#: A bundle of 200 units and 100 leaves each has 3 MB.
MOST_BYTES = 100_000_000
_LONGEST_SHOWN = 120


def check_bundle(content: bytes, *, expected: str) -> tuple[ScoreFault, ...]:
    """
    Return everything that is wrong with a bundle; nothing if it is what was published and adds up.

    `expected` is the published SHA-256. The shape is told first, then what `evaluation.scores.publication.verify` finds.
    """
    if len(content) > MOST_BYTES:
        return (fault("bundle-unreadable", why=f"{len(content)} bytes"),)
    return (*_shape_faults(content), *verify(content, expected=expected))


def _shape_faults(content: bytes) -> Iterator[ScoreFault]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return  # `verify` says so
    for error in _validator().iter_errors(value):
        yield fault("bundle-shape", At(about=error.json_path.removeprefix("$").removeprefix(".")), why=error.message[:_LONGEST_SHOWN])


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(BUNDLE_SCHEMA.read_text(encoding="utf-8")))
