"""
Criteria sets: a numbered decision's tree of fields, criteria and sub-criteria, as frozen records.

The depth is not uniform: a criterion without sub-criteria is a leaf. Points live on leaves; what a field or a criterion prints beside its
name is compared with its leaves (`evaluation.criteria.checks`) and never added to them. Points are exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.plans import Item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

#: Most decimals that points have (domain §3).
MOST_DECIMALS = 3


class Method(StrEnum):
    """How the points of a leaf come about (domain §3)."""

    LEVELS = "levels"  #: fixed levels, each with its points
    RATIO = "ratio"  #: a share of the maximum; nothing under a threshold
    POINTS = "points"  #: points given by judgement, from 0 to the maximum
    DEDUCTION = "deduction"  #: the maximum less something for each error, down to a floor
    IMPORTED = "imported"  #: a value that comes from elsewhere: SIPAS, economic data
    SURVEY = "survey"  #: from the survey's answers
    BONUS = "bonus"  #: added or taken off after the sum; no part of the total


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """One of a leaf's fixed levels."""

    words: str
    points: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Scoring:
    """A leaf's method and its parameters, as data: what does not belong to the method is empty."""

    method: Method = Method.POINTS
    levels: tuple[Level, ...] = ()
    threshold: Decimal | None = None  #: ratio: per cent under which there are no points
    each: Decimal | None = None  #: deduction: points for each error
    floor: Decimal | None = None  #: deduction: never below; bonus: the most that is taken off, as a negative number
    origin: str = ""  #: imported, survey: what the value is taken from


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """Which party leads a node, from a day to a day, both included; None: without end."""

    party: str
    from_on: date | None = None
    to_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the party leads on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many there are, where the decision prints it."""

    fields: int | None = None
    criteria: int | None = None
    sub_criteria: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A field, criterion or sub-criterion; a leaf if it has no children."""

    key: str  #: its number as printed, `2.1.3`; unique in the set
    title: str
    maximum: Decimal | None = None  #: as printed; of a leaf always given
    scoring: Scoring | None = None  #: of a leaf; None: of a node with children
    groups: tuple[str, ...] = ()  #: unit groups that it applies to; none: those of the node above
    evidence: str = ""  #: what is to be handed in as evidence
    evidence_required: bool = False
    leads: tuple[Lead, ...] = ()  #: of two that hold on a day the later in this order counts
    counts: Counts = Counts()
    example: bool = False  #: name and points are made up: the source does not print them
    children: tuple[Node, ...] = ()
    line: int = 0  #: where it stands in the file

    @property
    def is_leaf(self) -> bool:
        """Whether points live here."""
        return not self.children

    @property
    def is_bonus(self) -> bool:
        """Whether it stands beside the sum."""
        return self.scoring is not None and self.scoring.method is Method.BONUS


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The decision that a version rests on; empty where it has none yet."""

    number: str = ""
    dated: date | None = None
    issuer: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether number and date are known: only then is a version published."""
        return bool(self.number) and self.dated is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class CriteriaSet:
    """One version of a criteria set."""

    key: str
    title: str
    title_en: str = ""
    year: int | None = None  #: the evaluated year that it was made for
    decision: Decision = Decision()
    groups: tuple[str, ...] = ()  #: unit groups that it is for; none: any
    total: Decimal | None = None  #: as declared
    counts: Counts = Counts()
    source: str = "none"
    note: str = ""
    fields: tuple[Node, ...]
    file: str = ""

    @property
    def has_examples(self) -> bool:
        """Whether anything in it is made up."""
        return any(step.node.example for step in walk(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A node on a walk through the tree, with what it stands under, from the top."""

    node: Node
    above: tuple[Node, ...] = ()

    @property
    def depth(self) -> int:
        """0 for a field, 1 for a criterion, 2 and more for what is below."""
        return len(self.above)

    @property
    def groups(self) -> tuple[str, ...]:
        """The unit groups that it applies to, its own or inherited; none: all."""
        return next((node.groups for node in (self.node, *reversed(self.above)) if node.groups), ())

    def lead_on(self, day: date) -> Lead | None:
        """Return who leads it on a day: its own lead, else that of the nearest node above; None if nobody does."""
        for node in (self.node, *reversed(self.above)):
            own = [lead for lead in node.leads if lead.holds_on(day)]
            if own:
                return own[-1]
        return None


def walk(criteria: CriteriaSet) -> Iterator[Step]:
    """Yield every node in the order of the tree, a node before its children."""
    yield from _walked(criteria.fields, ())


def _walked(nodes: tuple[Node, ...], above: tuple[Node, ...]) -> Iterator[Step]:
    for node in nodes:
        yield Step(node=node, above=above)
        yield from _walked(node.children, (*above, node))


def leaves(criteria: CriteriaSet, *, group: str = "") -> tuple[Step, ...]:
    """Return the leaves in the order of the tree; with a unit group those that apply to it."""
    found = (step for step in walk(criteria) if step.node.is_leaf)
    return tuple(step for step in found if not group or not step.groups or group in step.groups)


def step_named(criteria: CriteriaSet, key: str) -> Step | None:
    """Return the node of that key with what it stands under, or None."""
    return next((step for step in walk(criteria) if step.node.key == key), None)


def items_of(criteria: CriteriaSet, *, group: str) -> tuple[Item, ...]:
    """Return the leaves that apply to a unit group as the items of a deliverable, in the order of the tree."""
    return tuple(Item(key=step.node.key, title=step.node.title) for step in leaves(criteria, group=group))


def points_below(node: Node) -> Decimal:
    """Return the sum of the leaves of a node, without what stands beside the sum."""
    if node.is_leaf:
        return Decimal(0) if node.is_bonus else node.maximum or Decimal(0)
    return sum((points_below(child) for child in node.children), Decimal(0))


def points_printed(node: Node) -> Decimal:
    """Return a node's points as printed, else the sum of what its children print."""
    if node.maximum is not None and not node.is_bonus:
        return node.maximum
    return sum((points_printed(child) for child in node.children), Decimal(0))


def without_leads(criteria: CriteriaSet) -> CriteriaSet:
    """Return the set as the decision has it: leads change by day, a published version never."""
    return with_leads(criteria, {})


def with_leads(criteria: CriteriaSet, leads: dict[str, tuple[Lead, ...]]) -> CriteriaSet:
    """Return the set with these leads by the keys of nodes, and no others."""

    def led(node: Node) -> Node:
        return replace(node, leads=leads.get(node.key, ()), children=tuple(map(led, node.children)))

    return replace(criteria, fields=tuple(map(led, criteria.fields)))


def leads_by_node(criteria: CriteriaSet) -> dict[str, tuple[Lead, ...]]:
    """Return the leads of each node that has any of its own."""
    return {step.node.key: step.node.leads for step in walk(criteria) if step.node.leads}
