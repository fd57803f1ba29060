"""Criteria checks: what a set's shape cannot tell; what does not add up is noted apart, because a reason may let it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.criteria_points import add_bad_points, nodes_of, points
from config.fault_nouns import Both, shown, suggestion
from config.references import add_impossible_dates, add_unknown, as_date, first_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from decimal import Decimal

    from config.faults import FaultList
    from config.source import Source, Steps
    from evaluation.criteria.checks import Finding

DEEPEST = 8
#: What belongs to a method: what it may have, and of these what it must have.
_OF_METHOD: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "levels": (frozenset({"levels"}), frozenset({"levels"})),
    "ratio": (frozenset({"threshold"}), frozenset()),
    "points": (frozenset(), frozenset()),
    "deduction": (frozenset({"each", "floor"}), frozenset({"each"})),
    "imported": (frozenset({"origin"}), frozenset()),
    "survey": (frozenset({"origin"}), frozenset()),
    "bonus": (frozenset({"floor", "levels"}), frozenset()),
}
_PARAMETERS = ("levels", "threshold", "each", "floor", "origin")


def add_criteria_faults(source: Source, faults: FaultList, *, parties: Collection[str] | None = None) -> None:
    """Note every fault of a criteria set beyond its shape; parties that lead are looked for where it is known which there are."""
    keys = [found for steps, _ in nodes_of(source) for found in source.texts(*steps, "key")]
    first_places("criterion", keys, source=source, faults=faults)
    add_bad_points(source, faults)
    _add_unknown_groups(source, faults)
    _add_bad_dates(source, faults)
    for steps, node in nodes_of(source):
        if steps.count("children") >= DEEPEST:
            faults.add("too-many-levels", source.place(steps), most=DEEPEST)
        _add_faults_of_method(source, steps, node=node, faults=faults)
    if parties is not None:
        leads = (text for steps in _leads(source) for text in source.texts(*steps, "party"))
        add_unknown("party", leads, known=parties, source=source, faults=faults)


def add_findings(source: Source, findings: Collection[Finding], faults: FaultList) -> None:
    """Note what does not add up as faults, each where its number stands."""
    places = {str(node.get("key")): steps for steps, node in nodes_of(source)}
    for finding in findings:
        steps = (*places.get(finding.node, ()), finding.about)
        at = source.places.get(steps) or source.key_place(steps)
        faults.add("does-not-add-up", at, said=Both(en=finding.en, vi=finding.vi))


def _leads(source: Source) -> Iterator[Steps]:
    for steps, _ in nodes_of(source):
        for lead, _ in source.mappings(*steps, "leads"):
            yield lead


def _add_bad_dates(source: Source, faults: FaultList) -> None:
    dates = [
        *source.texts("decision", "date"),
        *(text for steps in _leads(source) for end in ("from", "to") for text in source.texts(*steps, end)),
    ]
    add_impossible_dates(dates, source=source, faults=faults)
    for steps in _leads(source):
        lead = source.mapping(steps)
        begins, ends = as_date(lead.get("from")), as_date(lead.get("to"))
        if begins is not None and ends is not None and begins > ends:
            facts = {"first": "from", "last": "to", "from_on": begins.isoformat(), "to_on": ends.isoformat()}
            faults.add("dates-reversed", source.place((*steps, "from")), **facts)


def _add_unknown_groups(source: Source, faults: FaultList) -> None:
    own = [text for _, text in source.texts("groups")]
    for steps, _ in nodes_of(source) if own else ():
        for at, text in source.texts(*steps, "groups"):
            if text not in own:
                faults.add("group-not-of-set", source.place(at), value=shown(text), near=suggestion(text, own))


def _add_faults_of_method(source: Source, steps: Steps, *, node: dict[str, object], faults: FaultList) -> None:
    named = Both(en=shown(node.get("key", "")), vi=shown(node.get("key", "")))
    if node.get("children"):
        for key in ("method", *_PARAMETERS):
            if key in node:
                faults.add("method-of-no-leaf", source.key_place((*steps, key)), node=named, key=key)
        return
    if node.get("maximum") is None:
        faults.add("leaf-without-points", source.key_place((*steps, "maximum")), node=named)
    method = str(node.get("method", "points"))
    may, must = _OF_METHOD.get(method, (frozenset(_PARAMETERS), frozenset()))
    for key in _PARAMETERS:
        if key in node and key not in may:
            faults.add("not-of-method", source.key_place((*steps, key)), key=key, method=method)
        if key in must and key not in node:
            faults.add("method-lacks", source.key_place((*steps, key)), key=key, method=method)
    _add_levels_above(source, steps, most=points(node.get("maximum")), faults=faults)


def _add_levels_above(source: Source, steps: Steps, *, most: Decimal | None, faults: FaultList) -> None:
    for level, given in source.mappings(*steps, "levels"):
        value = points(given.get("points"))
        if value is not None and most is not None and value > most:
            faults.add("level-above-maximum", source.place((*level, "points")), value=str(value), most=str(most))
