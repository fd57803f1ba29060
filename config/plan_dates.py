"""Plan dates: whether the due rules of a plan can come to a date, beyond their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.fault_nouns import NOUNS, Both, shown, suggestion
from config.references import add_circles, add_unknown, circles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.faults import FaultList
    from config.source import Source, Steps

PARTS = ("opens", "due", "locks")
WORDS = ("on", "by", "before")
MOMENTS = ("launch", "release", "event")
NUMBERED = {"quarters": ("Q1", "Q2", "Q3", "Q4"), "halves": ("H1", "H2"), "months": tuple(f"M{n:02}" for n in range(1, 13))}
_LAST_STEP = -1


def add_date_faults(source: Source, faults: FaultList) -> None:
    """Note due rules that name their day not once, periods that are not there, unknown anchors, and circles."""
    stages = {str(stage["key"]): stage for _, stage in source.mappings("stages") if isinstance(stage.get("key"), str)}
    for steps, stage in source.mappings("stages"):
        _add_period_faults(stage, steps=steps, source=source, faults=faults)
        for part in PARTS:
            rule = stage.get(part)
            if isinstance(rule, dict):
                _add_rule_faults(rule, stage=stage, steps=(*steps, part), source=source, faults=faults)
                _add_anchor_faults(rule, stages=stages, steps=(*steps, part), source=source, faults=faults)
    _add_date_circles(source, faults, stages=stages)


def _add_period_faults(stage: dict[str, Any], *, steps: Steps, source: Source, faults: FaultList) -> None:
    if "only_periods" not in stage:
        return
    numbered = NUMBERED.get(str(stage.get("periods")))
    if numbered is None:
        faults.add("needs-periods", source.key_place((*steps, "only_periods")), key="only_periods")
        return
    add_unknown("period", source.texts(*steps, "only_periods"), known=numbered, source=source, faults=faults)


def _add_rule_faults(rule: dict[str, Any], *, stage: dict[str, Any], steps: Steps, source: Source, faults: FaultList) -> None:
    named = [word for word in WORDS if word in rule]
    if "count" not in rule and len(named) != 1:
        faults.add("one-word", source.place(steps), key=str(steps[_LAST_STEP]))
    of_period = "of" in rule or any(isinstance(rule[word], int) for word in named)
    if of_period and str(stage.get("periods", "once")) not in NUMBERED:
        faults.add("needs-periods", source.key_place((*steps, "of" if "of" in rule else named[0])), key="of")
    if steps[_LAST_STEP] == "opens" and "at" in rule:
        faults.add("opens-with-time", source.key_place((*steps, "at")))


def _add_anchor_faults(rule: dict[str, Any], *, stages: dict[str, dict[str, Any]], steps: Steps, source: Source, faults: FaultList) -> None:
    anchor = rule.get("from")
    if not isinstance(anchor, str) or anchor in MOMENTS:
        return
    key, _, part = anchor.partition(".")
    place = source.place((*steps, "from"))
    if part not in PARTS or key not in stages:
        known = [*MOMENTS, *(f"{key}.{part}" for key in stages for part in PARTS)]
        faults.add("unknown-word", place, noun=NOUNS["anchor"], value=shown(anchor), near=suggestion(anchor, known))
    elif part == "locks" and "locks" not in stages[key]:
        faults.add("no-lock", place, stage=key)


def _add_date_circles(source: Source, faults: FaultList, *, stages: dict[str, dict[str, Any]]) -> None:
    """Note circles of waits, and circles of dates: a counted period needs its anchor, a release what it waits for."""
    places = {str(stage["key"]): source.place(steps) for steps, stage in reversed([*source.mappings("stages")]) if "key" in stage}
    waits = {key: [wait for wait, _ in _waits(stage) if wait in stages] for key, stage in stages.items()}
    add_circles(Both(en="the waits", vi="các công đoạn chờ nhau"), waits, places=places, faults=faults)
    if circles(waits):
        return  # their dates go round in the same circle
    needs = {f"{key}.{part}": [*_needed(stage, part, stages=stages)] for key, stage in stages.items() for part in (*PARTS, "release")}
    of_moments = {moment: places[moment.rpartition(".")[0]] for moment in needs}
    add_circles(Both(en="the dates", vi="các mốc ngày"), needs, places=of_moments, faults=faults)


def _waits(stage: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waits = stage.get("waits_for")
    for wait in waits if isinstance(waits, list) else ():
        if isinstance(wait, dict) and isinstance(wait.get("stage"), str):
            yield wait["stage"], str(wait.get("until"))


def _needed(stage: dict[str, Any], part: str, *, stages: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the moments that a stage's moment hangs on, as `evaluation.projection` works them out."""
    key = stage["key"]
    if part == "release":
        for awaited, until in _waits(stage):
            if awaited in stages:
                yield f"{awaited}.locks" if until == "locked" and "locks" in stages[awaited] else f"{awaited}.due"
        if not stage.get("waits_for") and not _is_counted_from(stage, "release"):
            yield f"{key}.opens"
        return
    rule = stage.get(part)
    anchor = rule.get("from") if isinstance(rule, dict) else None
    if anchor == "release":
        yield f"{key}.release"
    elif isinstance(anchor, str) and anchor.rpartition(".")[0] in stages and anchor.rpartition(".")[2] in PARTS:
        yield anchor


def _is_counted_from(stage: dict[str, Any], anchor: str) -> bool:
    opens = stage.get("opens")
    return isinstance(opens, dict) and opens.get("from") == anchor
