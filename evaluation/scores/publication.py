"""
Publication: the frozen bundle of a year, its SHA-256, and the check that whoever holds it can make (domain §4: a table is frozen).

A bundle is canonical JSON (RFC 8785). It holds what was decided and what comes of it. To verify it everything that was worked out is
worked out anew from its leaves and compared, value by value; beside that its hash is compared with the published one. A correction is
another bundle, by a new decision, which names the hash of the one that it corrects.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from evaluation.scores.editions import outcome_of
from evaluation.scores.encoding import decode_given, encode_given, number
from evaluation.scores.faults import At, ScoreError, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.scores.editions import Edition, Outcome
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.index import Figure, UnitIndex
    from evaluation.scores.ranking import GroupTable

FORMAT = 1
_LONGEST_SHOWN = 60
_ABSENT = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class Frozen:
    """A bundle: its bytes and their SHA-256 in hexadecimal."""

    content: bytes
    sha256: str


def freeze(edition: Edition) -> Frozen:
    """
    Return an edition with all that comes of it as a bundle; the same edition gives the same bytes.

    Raises:
        ScoreError: leaves without a final score, or anything that `outcome_of` refuses.
    """
    content = canonical(bundle_of(edition))
    return Frozen(content=content, sha256=sha256(content).hexdigest())


def bundle_of(edition: Edition) -> dict[str, Any]:
    """Return the bundle of an edition as JSON values; raises as `freeze` does."""
    outcome = outcome_of(edition)
    given = encode_given(edition)
    units = [{**unit, "results": _results(unit["unit"], outcome)} for unit in given["units"]]
    return {"format": FORMAT, **given, "units": units, "tables": [_table(table) for table in outcome.tables]}


def canonical(value: object) -> bytes:
    """Return RFC 8785 canonical JSON of text, whole numbers, truth values, null, lists and objects with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def verify(content: bytes, *, expected: str) -> tuple[ScoreFault, ...]:
    """
    Return everything about a bundle that is not as it says; nothing if it is sound.

    `expected` is the SHA-256 that was published; the recomputation is done whether or not it agrees. Every index, place, band and mean is
    worked out from the leaves in the bundle; a difference is told with the way to its value.
    """
    found = sha256(content).hexdigest()
    faults = [] if found == expected.lower() else [fault("bundle-hash", found=found, expected=expected)]
    try:
        value = json.loads(content)
        if canonical(value) != content:
            faults.append(fault("bundle-not-canonical"))
        anew = bundle_of(decode_given(value))
    except ScoreError as error:
        return (*faults, *error.faults)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        return (*faults, fault("bundle-unreadable", why=f"{type(error).__name__}: {error}"[:_LONGEST_SHOWN]))
    return (*faults, *_differences(value, anew, way=""))


def _results(unit: str, outcome: Outcome) -> dict[str, Any]:
    final = outcome.final[unit]
    line = next(line for table in outcome.tables if (line := table.line(unit)) is not None)
    return {
        "points": number(final.points),
        "maximum": number(final.maximum),
        "index": number(final.index),
        "uncapped": number(final.uncapped),
        "bonus": number(final.whole.bonus),
        "survey_points": number(final.whole.survey_points),
        "survey_maximum": number(final.whole.survey_maximum),
        "fields": [_figure(one) for one in final.fields],
        "self": _series(outcome.self_scored.get(unit)),
        "appraised": _series(outcome.appraised.get(unit)),
        "place": line.place,
        "of": line.of,
        "tied_with": list(line.tied_with),
        "band": line.band,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "node": figure.node,
        "points": number(figure.points),
        "maximum": number(figure.maximum),
        "index": number(figure.index),
        "survey_points": number(figure.survey_points),
        "bonus": number(figure.bonus),
    }


def _series(index: UnitIndex | None) -> dict[str, Any] | None:
    """Return what unit or appraisers gave, on its own base: without the survey."""
    if index is None:
        return None
    return {"points": number(index.points), "maximum": number(index.maximum), "index": number(index.index)}


def _table(table: GroupTable) -> dict[str, Any]:
    return {
        "group": table.group,
        "order": [line.contender.unit for line in table.lines],
        "mean": number(table.mean),
        "gap": number(table.gap),
        "gap_points": number(table.gap_points),
        "field_means": [{"node": node, "mean": number(mean)} for node, mean in table.field_means.items()],
        "bands": [{"name": name, "units": count} for name, count in table.bands.items()],
    }


def _differences(said: object, anew: object, *, way: str) -> Iterator[ScoreFault]:
    """Yield each value that is otherwise than worked out anew; of a part that is there on one side alone, the part."""
    if isinstance(said, dict) and isinstance(anew, dict):
        for key in sorted({*said, *anew}):
            yield from _differences(said.get(key, _ABSENT), anew.get(key, _ABSENT), way=f"{way}.{key}" if way else key)
    elif isinstance(said, list) and isinstance(anew, list) and len(said) == len(anew):
        for place, (one, other) in enumerate(zip(said, anew, strict=True)):
            yield from _differences(one, other, way=f"{way}[{place}]")
    elif (type(said), said) != (type(anew), anew):
        yield fault("bundle-differs", At(about=way), found=_shown(said), expected=_shown(anew))


def _shown(value: object) -> tuple[str, str]:
    if value is _ABSENT:
        return "không có gì", "nothing"
    text = json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return text, text
