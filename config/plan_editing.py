"""Editing a plan's text: one rung of a ladder changed, added or dropped; every other word, comment and order stays as it was."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from evaluation.plans import CountFrom

if TYPE_CHECKING:
    from evaluation.due_rules import DayUnit
    from evaluation.kinds import Audience, MessageKind

#: Wider than any line, so that none is folded.
_WIDTH = 100_000


class NoSuchRungError(LookupError):
    """The plan has no such ladder, or the ladder no such rung."""

    def __init__(self, ladder: str, rung: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"the plan has no rung “{rung}” in a ladder “{ladder}”" if rung else f"the plan has no ladder “{ladder}”")


@dataclass(frozen=True, kw_only=True)
class RungEdit:
    """What becomes of a rung; what is not given stays as it is."""

    ladder: str
    rung: str = ""  #: key; empty: a new one
    drop: bool = False
    offset: int | None = None
    unit: DayUnit | None = None
    audience: tuple[Audience, ...] = ()
    message: MessageKind | None = None


def with_rung(text: str, edit: RungEdit) -> str:
    """
    Return the plan's text with one rung changed; a rung is called by its offset (`T-7`, `T+3`; `L-1` where it counts from the lock).

    Whether the text is a plan is said by whoever reads it. NoSuchRungError.
    """
    yaml = YAML()
    yaml.width = _WIDTH
    rungs = (yaml.load(text).get("ladders") or {}).get(edit.ladder)
    if not rungs:
        raise NoSuchRungError(edit.ladder, "")
    lines = text.splitlines(keepends=True)
    at = next((place for place, one in enumerate(rungs) if one.get("rung") == edit.rung), None) if edit.rung else len(rungs) - 1
    if at is None:
        raise NoSuchRungError(edit.ladder, edit.rung)
    first, after = _span(rungs, at, lines)
    changed = CommentedMap(rungs[at] if edit.rung else {})
    _change(changed, edit)
    head, _, _ = lines[first].partition("-")
    written = f"{head}- {_flow_text(yaml, changed)}{_comment(lines[first])}\n"
    if edit.drop:
        written = ""
    elif not edit.rung:
        written = "".join(lines[first:after]) + written
    return "".join([*lines[:first], written, *lines[after:]])


def _span(rungs: CommentedSeq, at: int, lines: list[str]) -> tuple[int, int]:
    """Return the first line of a rung and the line behind its last: up to where another begins, or something stands less far in."""
    first = rungs.lc.item(at)[0]
    depth = lines[first].index("-")
    after = first + 1
    while after < len(lines) and len(lines[after]) - len(lines[after].lstrip(" ")) > depth:
        after += 1
    return first, after


def _comment(line: str) -> str:
    _, mark, words = line.partition("  #")
    return (mark + words).rstrip()


def _flow_text(yaml: YAML, one: CommentedMap) -> str:
    plain = CommentedMap(one)
    plain.fa.set_flow_style()
    written = io.StringIO()
    yaml.dump(plain, written)
    return written.getvalue().strip()


def _change(one: CommentedMap, edit: RungEdit) -> None:
    told = {
        "rung": None if edit.offset is None else _named(edit.offset, one),
        "offset": edit.offset,
        "unit": None if edit.unit is None else edit.unit.value,
        "audience": _flow([each.value for each in edit.audience]) if edit.audience else None,
        "message": None if edit.message is None else edit.message.value,
    }
    for name, value in told.items():
        if value is not None:
            one[name] = value


def _named(offset: int, one: CommentedMap) -> str:
    return f"{'L' if one.get('from') == CountFrom.LOCK.value else 'T'}{offset:+d}"


def _flow(values: list[str]) -> CommentedSeq:
    written = CommentedSeq(values)
    written.fa.set_flow_style()
    return written
