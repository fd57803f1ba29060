"""
Encoding: an edition as plain JSON values, and back.

As of the journal (`evaluation.encoding`), only text, whole numbers, truth values, null, lists and objects with ASCII keys occur, so that
the canonical form (RFC 8785) is the same for every writer. Numbers of points are text, each written in one way.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evaluation.criteria.sets import CriteriaSet, Decision, Level, Method, Node, Scoring
from evaluation.scores.editions import Edition, Measured
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.index import IndexRules
from evaluation.scores.numbers import number_written
from evaluation.scores.ranking import Band, By, RankingRules, TieRule
from evaluation.scores.sheets import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,30})?", re.ASCII)
_LONGEST_SHOWN = 40


def number(value: Decimal | None) -> str | None:
    """Return a number as text, written in the one way; None stays None."""
    return None if value is None else number_written(value)


def encode_given(edition: Edition) -> dict[str, Any]:
    """Return what an edition rests on: everything but what is worked out from it; units by group and key."""
    sets = {unit.scope.criteria.key: unit.scope.criteria for unit in edition.units}
    decision, weak = edition.decision, number(edition.weak_below)
    rules = {**encode_index_rules(edition.index_rules), **encode_ranking_rules(edition.ranking_rules)}
    return {
        "authority": edition.authority,
        "cycle": edition.cycle,
        "year": edition.year,
        "decision": {"number": decision.number, "dated": _day(decision.dated), "issuer": decision.issuer},
        "corrects": edition.corrects,
        "accepted": edition.accepted,
        "rules": rules if weak is None else {**rules, "weak_below": weak},
        "criteria": [_set(sets[key]) for key in sorted(sets)],
        "units": [_unit(unit) for unit in in_order(edition)],
    }


def in_order(edition: Edition) -> list[Measured]:
    """Return the units by group and key."""
    return sorted(edition.units, key=lambda unit: (unit.scope.group, unit.scope.unit))


def decode_given(value: Mapping[str, Any]) -> Edition:
    """Return the edition that JSON values encode; KeyError, TypeError, ValueError or ArithmeticError if they encode none."""
    sets = {
        one["key"]: CriteriaSet(key=one["key"], title=one["title"], fields=tuple(map(_read_node, one["fields"])))
        for one in value["criteria"]
    }
    decision, rules = value["decision"], value["rules"]
    dated = decision["dated"]
    return Edition(
        authority=value["authority"],
        cycle=value["cycle"],
        year=value["year"],
        decision=Decision(number=decision["number"], dated=None if dated is None else date.fromisoformat(dated), issuer=decision["issuer"]),
        corrects=value["corrects"],
        accepted=value["accepted"],
        index_rules=decode_index_rules(rules),
        ranking_rules=decode_ranking_rules(rules),
        weak_below=_read(rules.get("weak_below")),
        units=tuple(_read_unit(one, cycle=value["cycle"], sets=sets) for one in value["units"]),
    )


def encode_index_rules(rules: IndexRules) -> dict[str, Any]:
    """Return the rules of the index as JSON values."""
    return {"survey_held": rules.survey_held, "cap": number(rules.cap), "floor": number(rules.floor)}


def decode_index_rules(value: Mapping[str, Any]) -> IndexRules:
    """Return the rules of the index that JSON values encode; errors as `decode_given`."""
    return IndexRules(survey_held=value["survey_held"], cap=_read(value["cap"]), floor=_read(value["floor"]))


def encode_ranking_rules(rules: RankingRules) -> dict[str, Any]:
    """Return the rules of ranking as JSON values."""
    return {
        "ties": rules.ties.value,
        "tie_keys": list(rules.tie_keys),
        "bands": [{"name": band.name, "least": number(band.least)} for band in rules.bands],
        "bands_by": rules.bands_by.value,
        "decimals": rules.decimals,
    }


def decode_ranking_rules(value: Mapping[str, Any]) -> RankingRules:
    """Return the rules of ranking that JSON values encode; errors as `decode_given`."""
    return RankingRules(
        ties=TieRule(value["ties"]),
        tie_keys=tuple(value["tie_keys"]),
        bands=tuple(Band(name=one["name"], least=read_number(one["least"])) for one in value["bands"]),
        bands_by=By(value["bands_by"]),
        decimals=value["decimals"],
    )


def _set(criteria: CriteriaSet) -> dict[str, Any]:
    return {"key": criteria.key, "title": criteria.title, "fields": [_node(node) for node in criteria.fields]}


def _node(node: Node) -> dict[str, Any]:
    return {
        "key": node.key,
        "title": node.title,
        "maximum": number(node.maximum),
        "groups": list(node.groups),
        "scoring": None if node.scoring is None else _scoring(node.scoring),
        "children": [_node(child) for child in node.children],
    }


def _scoring(scoring: Scoring) -> dict[str, Any]:
    return {
        "method": scoring.method.value,
        "levels": [{"words": level.words, "points": number(level.points)} for level in scoring.levels],
        "threshold": number(scoring.threshold),
        "each": number(scoring.each),
        "floor": number(scoring.floor),
        "origin": scoring.origin,
    }


def _unit(unit: Measured) -> dict[str, Any]:
    scope = unit.scope
    own = sorted((one for one in scope.exemptions if (one.cycle, one.unit) == (scope.cycle, scope.unit)), key=lambda one: one.node)
    return {
        "unit": scope.unit,
        "name": unit.name,
        "group": scope.group,
        "criteria": scope.criteria.key,
        "special": unit.special,
        "exemptions": [{"node": one.node, "reason": one.reason, "approver": one.approver, "document": one.document} for one in own],
        "scores": [
            {"node": step.node.key, **{part.value: number(unit.scores.get(part, {}).get(step.node.key)) for part in Part}}
            for step in scope.owed
        ],
    }


def _read_node(value: Mapping[str, Any]) -> Node:
    return Node(
        key=value["key"],
        title=value["title"],
        maximum=_read(value["maximum"]),
        groups=tuple(value["groups"]),
        scoring=None if value["scoring"] is None else _read_scoring(value["scoring"]),
        children=tuple(map(_read_node, value["children"])),
    )


def _read_scoring(value: Mapping[str, Any]) -> Scoring:
    return Scoring(
        method=Method(value["method"]),
        levels=tuple(Level(words=one["words"], points=read_number(one["points"])) for one in value["levels"]),
        threshold=_read(value["threshold"]),
        each=_read(value["each"]),
        floor=_read(value["floor"]),
        origin=value["origin"],
    )


def _read_unit(value: Mapping[str, Any], *, cycle: str, sets: Mapping[str, CriteriaSet]) -> Measured:
    exemptions = tuple(
        Exemption(
            cycle=cycle, unit=value["unit"], node=one["node"], reason=one["reason"], approver=one["approver"], document=one["document"]
        )
        for one in value["exemptions"]
    )
    scores = {part: {one["node"]: read_number(one[part.value]) for one in value["scores"] if one[part.value] is not None} for part in Part}
    scope = Scope(cycle=cycle, unit=value["unit"], criteria=sets[value["criteria"]], group=value["group"], exemptions=exemptions)
    return Measured(scope=scope, name=value["name"], special=value["special"], scores=scores)


def _read(text: str | None) -> Decimal | None:
    return None if text is None else read_number(text)


def read_number(text: str) -> Decimal:
    """Return the number that a text is, as `number` writes it; ValueError of any other text: no exponents, no endless digits."""
    if not _NUMBER.fullmatch(text):
        msg = f"“{text[:_LONGEST_SHOWN]}” is no number"
        raise ValueError(msg)
    return Decimal(text)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
