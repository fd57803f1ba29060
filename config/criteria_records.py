"""Criteria records: a criteria set's data, found to be in order, as frozen records; and records as that data again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.criteria_points import points
from evaluation.criteria.sets import Counts, CriteriaSet, Decision, Lead, Level, Method, Node, Scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.source import Steps


def build_criteria(data: Mapping[str, Any], *, file: str = "", line_of: Callable[[Steps], int] = lambda _steps: 0) -> CriteriaSet:
    """Return the set that faultless data says; `line_of` knows the line of what stands at some steps."""
    decision = data.get("decision", {})
    return CriteriaSet(
        key=data["key"],
        title=data["title"],
        title_en=data.get("title_en", ""),
        year=data.get("year"),
        decision=Decision(number=decision.get("number", ""), dated=_date(decision.get("date")), issuer=decision.get("issuer", "")),
        groups=tuple(data.get("groups", ())),
        total=points(data.get("total")),
        counts=Counts(**data.get("counts", {})),
        source=data.get("source", "none"),
        note=data.get("note", ""),
        fields=_nodes(data["criteria"], ("criteria",), line_of=line_of),
        file=file,
    )


def _nodes(given: list[dict[str, Any]], steps: Steps, *, line_of: Callable[[Steps], int]) -> tuple[Node, ...]:
    return tuple(_node(one, (*steps, index), line_of=line_of) for index, one in enumerate(given))


def _node(given: Mapping[str, Any], steps: Steps, *, line_of: Callable[[Steps], int]) -> Node:
    children = _nodes(given.get("children", []), (*steps, "children"), line_of=line_of)
    return Node(
        key=given["key"],
        title=given["title"],
        maximum=points(given.get("maximum")),
        scoring=None if children else _scoring(given),
        groups=tuple(given.get("groups", ())),
        evidence=given.get("evidence", ""),
        evidence_required=given.get("evidence_required", False),
        leads=tuple(map(_lead, given.get("leads", ()))),
        counts=Counts(**given.get("counts", {})),
        example=given.get("example", False),
        children=children,
        line=line_of(steps),
    )


def _scoring(given: Mapping[str, Any]) -> Scoring:
    return Scoring(
        method=Method(given.get("method", Method.POINTS)),
        levels=tuple(Level(words=one["words"], points=points(one["points"]) or Decimal(0)) for one in given.get("levels", ())),
        threshold=points(given.get("threshold")),
        each=points(given.get("each")),
        floor=points(given.get("floor")),
        origin=given.get("origin", ""),
    )


def _lead(given: Mapping[str, Any]) -> Lead:
    return Lead(party=given["party"], from_on=_date(given.get("from")), to_on=_date(given.get("to")))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def criteria_data(criteria: CriteriaSet) -> dict[str, Any]:
    """Return the set as its files say it: points as texts, so that not a digit is lost, and nothing that is empty."""
    decision = criteria.decision
    return _filled(
        format=1,
        key=criteria.key,
        title=criteria.title,
        title_en=criteria.title_en,
        year=criteria.year,
        decision=_filled(number=decision.number, date=_day(decision.dated), issuer=decision.issuer),
        groups=list(criteria.groups),
        total=_text(criteria.total),
        counts=_counts(criteria.counts),
        source="" if criteria.source == "none" else criteria.source,
        note=criteria.note,
        criteria=[_node_data(node) for node in criteria.fields],
    )


def _node_data(node: Node) -> dict[str, Any]:
    scoring = node.scoring or Scoring()
    return _filled(
        key=node.key,
        title=node.title,
        maximum=_text(node.maximum),
        method="" if scoring.method is Method.POINTS else scoring.method.value,
        levels=[{"words": level.words, "points": _text(level.points)} for level in scoring.levels],
        threshold=_text(scoring.threshold),
        each=_text(scoring.each),
        floor=_text(scoring.floor),
        origin=scoring.origin,
        groups=list(node.groups),
        evidence=node.evidence,
        evidence_required=node.evidence_required,
        leads=[_filled(party=lead.party, **{"from": _day(lead.from_on), "to": _day(lead.to_on)}) for lead in node.leads],
        counts=_counts(node.counts),
        example=node.example,
        children=[_node_data(child) for child in node.children],
    )


def _filled(**given: Any) -> dict[str, Any]:  # noqa: ANN401  data of every kind
    return {name: value for name, value in given.items() if value not in (None, "", False, [], {})}


def _counts(counts: Counts) -> dict[str, int]:
    given = {"fields": counts.fields, "criteria": counts.criteria, "sub_criteria": counts.sub_criteria}
    return {name: value for name, value in given.items() if value is not None}


def _text(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
