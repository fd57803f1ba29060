"""Criteria as pages show them: the tree with points, methods, evidence and leads, and what another set says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.console.groups import group_said
from evaluation.criteria.differences import compare
from evaluation.criteria.sets import points_printed, walk
from evaluation.criteria.words import CHANGES, METHODS, printed
from notifications.phrases import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from api.console.visiting import Visitor
    from evaluation.criteria.sets import CriteriaSet, Node, Step
    from store.queries.criteria import PinLine, VersionLine


@dataclass(frozen=True, kw_only=True)
class NodeView:
    """A node of the tree."""

    key: str
    title: str
    depth: int
    leaf: bool
    points: str
    method: str
    rules: tuple[str, ...]  #: the method's parameters, in words
    groups: str
    evidence: str
    required: bool
    lead: str
    inherited: bool  #: the lead is that of a node above
    example: bool
    words: str  #: what it is found by: its own, those above, and those below
    children: tuple[NodeView, ...]


@dataclass(frozen=True, kw_only=True)
class SetView:
    """A criteria set in the list: its newest version, and which cycles use which."""

    newest: VersionLine
    versions: Sequence[VersionLine]
    pins: Sequence[PinLine]


@dataclass(frozen=True, kw_only=True)
class DifferenceView:
    """One thing that is different."""

    node: str
    title: str
    changed: str
    before: str
    after: str


def tree_of(visitor: Visitor, criteria: CriteriaSet, *, names: Mapping[str, str], today: date) -> tuple[NodeView, ...]:
    """Return the fields with everything below them, as of a day; `names` are those of parties by key."""
    steps = {step.node.key: step for step in walk(criteria)}

    def view(node: Node) -> NodeView:
        return _node(visitor, steps[node.key], children=tuple(map(view, node.children)), names=names, today=today)

    return tuple(map(view, criteria.fields))


def _node(visitor: Visitor, step: Step, *, children: tuple[NodeView, ...], names: Mapping[str, str], today: date) -> NodeView:
    node, lead = step.node, step.lead_on(today)
    points = node.maximum if node.maximum is not None else points_printed(node)
    return NodeView(
        key=node.key,
        title=node.title,
        depth=step.depth,
        leaf=node.is_leaf,
        points=printed(points, visitor.language.value),
        method=pick(METHODS[node.scoring.method], language=visitor.language) if node.scoring else "",
        rules=_rules(visitor, node),
        groups=", ".join(group_said(visitor, one) for one in node.groups),
        evidence=node.evidence,
        required=node.evidence_required,
        lead="" if lead is None else names.get(lead.party, lead.party),
        inherited=lead is not None and lead not in node.leads,
        example=node.example,
        words=" ".join((*(f"{one.key} {one.title}" for one in (*step.above, node)), node.evidence, *(child.words for child in children))),
        children=children,
    )


def _rules(visitor: Visitor, node: Node) -> tuple[str, ...]:
    scoring, language = node.scoring, visitor.language.value
    if scoring is None:
        return ()
    given = (
        (visitor.say("dưới %s %% không có điểm"), scoring.threshold),
        (visitor.say("mỗi lỗi trừ %s"), scoring.each),
        (visitor.say("không dưới %s"), scoring.floor),
    )
    return (
        *(f"{printed(level.points, language)}: {level.words}" for level in scoring.levels),
        *(words % printed(number, language) for words, number in given if number is not None),
        *([scoring.origin] if scoring.origin else []),
    )


def differences_of(visitor: Visitor, before: CriteriaSet, after: CriteriaSet) -> list[DifferenceView]:
    """Return what the later set says otherwise."""
    return [
        DifferenceView(
            node=one.node,
            title=one.title,
            changed=pick(CHANGES[one.changed], language=visitor.language),
            before=one.before,
            after=one.after,
        )
        for one in compare(before, after).differences
    ]
