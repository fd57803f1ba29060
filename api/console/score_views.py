"""Sheets as pages show them: leaves with their marks, their fields, and what the visitor may do with each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.console.marks import Mark
from api.console.naming import names_of
from evaluation.criteria.sets import Method
from evaluation.criteria.words import printed
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.rights import decide
from evaluation.rights_table import Action
from evaluation.scores.index import is_survey
from evaluation.scores.methods import Given
from evaluation.scores.sheets import LeafState
from store.queries.leaf_rights import leaf_resources
from store.queries.people import authority_of_cycle
from store.rights import authority_today

if TYPE_CHECKING:
    from decimal import Decimal

    from api.console.deeds import Attempt
    from api.console.visiting import Visitor
    from evaluation.criteria.sets import Node
    from store.queries.health import View
    from store.queries.scores import LeafLine, SheetView

_LOOKS = {
    LeafState.NOT_APPLICABLE: ("idle", "circle-dotted"),
    LeafState.NOT_SCORED: ("ready", "circle-dashed"),
    LeafState.SCORED: ("wait", "send"),
    LeafState.RETURNED: ("warn", "arrow-back-up"),
    LeafState.AWAITING_EXPLANATION: ("warn", "alert-triangle"),
    LeafState.EXPLAINED: ("wait", "send"),
    LeafState.APPRAISED: ("done", "circle-check"),
    LeafState.SETTLED: ("done", "circle-check"),
}
#: Which of a method's values are typed in a field of their own.
_FIELDS = {
    Method.RATIO: ("done", "of", "rate"),
    Method.DEDUCTION: ("errors",),
    Method.POINTS: ("points",),
    Method.IMPORTED: ("points",),
    Method.BONUS: ("points",),
}


@dataclass(frozen=True, kw_only=True)
class LeafView:
    """A leaf in words."""

    id: str  #: on the page
    line: LeafLine
    mark: Mark
    scores: tuple[tuple[str, str], ...]  #: name, points; the three, last year's, the maximum
    fields: tuple[tuple[str, str], ...]  #: name, what stands in it
    levels: tuple[tuple[str, str], ...]  #: number, words with points
    given: dict[str, str] = field(default_factory=dict)
    may: frozenset[str] = frozenset()
    attempt: Attempt | None = None
    lead: str = ""  #: name of the party that leads it; empty: nobody

    @property
    def key(self) -> str:
        """The leaf's key."""
        return self.line.step.node.key

    @property
    def version(self) -> str:
        """The version that a form sends: of what could not be done the one that was seen, so that nothing is written over."""
        return self.attempt.fields.get("version", "0") if self.attempt else str(self.line.version)

    def typed(self, name: str, stands: str) -> str:
        """Return what a field shows: what was typed where it could not be saved, else what stands there."""
        return self.attempt.fields.get(name, stands) if self.attempt else stands


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field of the set with its leaves; the criteria between are named where they change."""

    key: str
    title: str
    leaves: tuple[LeafView, ...]


def points_said(visitor: Visitor, points: Decimal | None) -> str:
    """Return points in the reader's language; a dash for none."""
    return "–" if points is None else printed(points, visitor.language.value)


def leaf_views(visitor: Visitor, connection: View, view: SheetView, *, attempt: Attempt | None = None) -> tuple[LeafView, ...]:
    """Return the leaves of a sheet in words, with what the visitor may do with each, and what could not be done with one."""
    may = may_do(visitor, connection, view)
    leads = names_of(visitor, connection, authority_of_cycle(connection, view.cycle).key, {line.lead for line in view.lines} - {""})
    found = (
        _leaf_view(visitor, line, number, may=may.get(line.step.node.key, frozenset()), attempt=attempt)
        for number, line in enumerate(view.lines)
    )
    return tuple(replace(one, lead=leads.get(one.line.lead, one.line.lead)) for one in found)


def _leaf_view(visitor: Visitor, line: LeafLine, number: int, *, may: frozenset[str], attempt: Attempt | None) -> LeafView:
    node, entry = line.step.node, line.entry
    tone, drawing = _LOOKS[line.state]
    given = given_said(visitor, entry.given)
    own = attempt if attempt is not None and attempt.fields.get("leaf") == node.key else None
    shown = (
        ("self", entry.self_score),
        ("appraised", entry.appraised),
        ("final", entry.final),
        ("last", line.last_year),
        ("most", node.maximum),
    )
    scoring = node.scoring
    return LeafView(
        id=f"l{number}",
        line=line,
        mark=Mark(tone=tone, icon=drawing, words=visitor.either(*line.state.value)),
        scores=tuple((name, points_said(visitor, points)) for name, points in shown),
        fields=() if _levels(visitor, node) else tuple((name, given.get(name, "")) for name in _FIELDS.get(_method(node), ())),
        levels=_levels(visitor, node),
        given={**given, "level": str(entry.given.level or "") if entry.given and scoring else given.get("level", "")},
        may=may,
        attempt=own,
    )


def _method(node: Node) -> Method:
    return node.scoring.method if node.scoring is not None else Method.POINTS


def _levels(visitor: Visitor, node: Node) -> tuple[tuple[str, str], ...]:
    levels = node.scoring.levels if node.scoring is not None and _method(node) is not Method.RATIO else ()
    return tuple((str(number), f"{one.words}: {points_said(visitor, one.points)}") for number, one in enumerate(levels, start=1))


def given_said(visitor: Visitor, given: Given | None) -> dict[str, str]:
    """Return what a score was worked out from, by value, as it is typed in the reader's language."""
    values = {} if given is None else {name: getattr(given, name) for name in Given.__slots__}
    return {
        name: str(value) if isinstance(value, int) else printed(value, visitor.language.value)
        for name, value in values.items()
        if value is not None
    }


def may_do(visitor: Visitor, connection: View, view: SheetView) -> dict[str, frozenset[str]]:
    """Return what the visitor may do with each leaf now: by the policy, and as far as it has got."""
    if visitor.seen.person is None:
        return {}
    nodes = tuple(line.step.node.key for line in view.lines)
    resources = leaf_resources(visitor.served.store, connection, view.obligation, nodes, now=visitor.now)
    facts = visitor.seen.facts(connection)
    on = authority_today(connection, next(iter(resources.values())).authority, now=visitor.now) if resources else visitor.now.date()
    wanted = _wanted(view)
    allowed = {
        node: {action for action in wanted if decide(facts, action, resource, on=on).allowed} for node, resource in resources.items()
    }
    return {line.step.node.key: _open_to(view, line, allowed.get(line.step.node.key, set())) for line in view.lines}


def _wanted(view: SheetView) -> tuple[Action, ...]:
    match view.kind:
        case StageKind.SELF_ASSESSMENT if view.in_hand:
            return (Action.SCORE,)
        case StageKind.APPRAISAL if view.in_hand:
            return Action.APPRAISE, Action.RETURN_LEAF
        case StageKind.EXPLANATION if view.in_hand:
            return (Action.EXPLAIN,)
        case StageKind.EXPLANATION if view.state is State.SUBMITTED:
            return (Action.RULE_ON_EXPLANATION,)
        case _:
            return ()


def _open_to(view: SheetView, line: LeafLine, allowed: set[Action]) -> frozenset[str]:
    """Return the forms of a leaf that may be shown."""
    entry = line.entry
    if is_survey(line.step.node) or line.state in {LeafState.NOT_APPLICABLE, LeafState.SETTLED}:
        return frozenset()
    open_to = {
        "score": Action.SCORE in allowed and _is_with_its_unit(view, line),
        "appraise": Action.APPRAISE in allowed,
        "claim": Action.APPRAISE in allowed and line.claimed_contact is None,
        "release": Action.APPRAISE in allowed and line.claimed_contact is not None,
        "confirm": Action.APPRAISE in allowed and view.four_eyes and entry.appraised is not None and not line.confirmed,
        "return": Action.RETURN_LEAF in allowed and view.returnable and not entry.returned,
        "explain": Action.EXPLAIN in allowed and entry.is_reduced,
        "rule": Action.RULE_ON_EXPLANATION in allowed and line.state is LeafState.EXPLAINED,
    }
    return frozenset(name for name, is_open in open_to.items() if is_open)


def _is_with_its_unit(view: SheetView, line: LeafLine) -> bool:
    """Return whether a unit may change a leaf of a self-assessment that it has in hand."""
    fresh = line.entry.appraised is None and not line.hidden
    return (fresh or bool(line.entry.returned)) and (view.given_back is None or line.step.node.key in view.given_back)


def by_field(views: tuple[LeafView, ...]) -> list[FieldView]:
    """Return the leaves under the fields of their set, in the order of the tree."""
    found: dict[str, list[LeafView]] = {}
    titles = {}
    for one in views:
        top = (*one.line.step.above, one.line.step.node)[0]
        titles[top.key] = top.title
        found.setdefault(top.key, []).append(one)
    return [FieldView(key=key, title=titles[key], leaves=tuple(leaves)) for key, leaves in found.items()]
