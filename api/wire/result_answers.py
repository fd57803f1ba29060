"""What the API answers about results; points and per cents are text: exact, unrounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.wire.schemas import Instant, Wire
from evaluation.scores.encoding import number
from evaluation.scores.index import deepening
from evaluation.scores.settings import encode_rules
from evaluation.scores.sheets import Part

if TYPE_CHECKING:
    from evaluation.scores.comparison import Comparison
    from evaluation.scores.index import Figure
    from evaluation.scores.ranking import GroupTable, Placed
    from store.queries.results import CycleResults, UnitTrace


class BeforeOut(Wire):
    """A unit beside last year: points and per cent are two series, neither comes from the other."""

    unit: str
    """Key of last year; another one where the unit goes on under a new key."""
    points: str
    index: str
    place: str
    """Beside the size of the group, `46/63`."""
    comparable: bool
    why_not: list[str]
    """What is different between the two years."""
    points_change: str | None
    index_change: str | None
    places_up: int | None

    @classmethod
    def of(cls, one: Comparison) -> BeforeOut | None:
        """Return a line of a comparison; None where there was nobody last year."""
        if one.before is None:
            return None
        return cls(
            unit=one.before.unit,
            points=number(one.before.points) or "",
            index=number(one.before.index) or "",
            place=one.before.placed,
            comparable=one.is_comparable,
            why_not=[obstacle.value for obstacle in one.obstacles],
            points_change=number(one.points),
            index_change=number(one.index),
            places_up=one.places,
        )


class PlacedOut(Wire):
    """A unit's line in the table of its group."""

    unit: str
    name: str
    place: int | None
    """None: evaluated without a place."""
    of: int
    tied_with: list[str]
    band: str
    index: str
    """Empty: none of its leaves has a score yet; it has no place either."""
    points: str
    """Empty: as of `index`."""
    maximum: str
    behind: str | None
    """Index by which it is behind the one before."""
    behind_points: str | None
    provisional: int
    """Leaves of which only the unit's own score is there."""
    missing: int
    """Leaves without any score, counted 0."""
    last_year: list[BeforeOut]

    @classmethod
    def from_line(cls, line: Placed, results: CycleResults) -> PlacedOut:
        """Return a line of a table."""
        one = results.units[line.contender.unit]
        return cls(
            unit=one.unit.key,
            name=one.unit.name,
            place=line.place,
            of=line.of,
            tied_with=list(line.tied_with),
            band=line.band if one.scored else "",
            index=(number(one.totals.index) or "") if one.scored else "",
            points=(number(one.totals.points) or "") if one.scored else "",
            maximum=number(one.totals.maximum) or "",
            behind=number(line.ahead),
            behind_points=number(line.ahead_points),
            provisional=one.provisional,
            missing=one.totals.missing,
            last_year=[found for pair in results.compared(one.unit.key) if (found := BeforeOut.of(pair)) is not None],
        )


class GroupOut(Wire):
    """The table of a group."""

    group: str
    mean: str | None
    gap: str | None
    """Index of the first less that of the last."""
    gap_points: str | None
    field_means: dict[str, str]
    bands: dict[str, int]
    lines: list[PlacedOut]

    @classmethod
    def of(cls, table: GroupTable, results: CycleResults) -> GroupOut:
        """Return a group's table."""
        return cls(
            group=table.group,
            mean=number(table.mean),
            gap=number(table.gap),
            gap_points=number(table.gap_points),
            field_means={node: number(value) or "" for node, value in table.field_means.items()},
            bands=dict(table.bands),
            lines=[PlacedOut.from_line(line, results) for line in table.lines],
        )


class ResultsOut(Wire):
    """The results of a cycle as they stand: provisional until they are published."""

    year: int
    settled: bool
    """Every leaf that counts was settled or appraised."""
    compared_with: str
    """The decision that last year's results were published by; empty: none were."""
    groups: list[GroupOut]


class FigureOut(Wire):
    """A node's points and maximum, from its leaves."""

    node: str
    depth: int
    """0: a field."""
    title: str
    points: str
    maximum: str
    index: str | None
    bonus: str
    exempt: bool
    left_out: bool
    self_score: str | None
    appraised: str | None
    final: str | None
    provisional: bool

    @classmethod
    def of(cls, figure: Figure, trace: UnitTrace, *, depth: int) -> FigureOut:
        """Return a node."""
        own = {part: number(trace.parts[part].get(figure.node)) for part in Part}
        return cls(
            node=figure.node,
            depth=depth,
            title=figure.title,
            points=number(figure.points) or "",
            maximum=number(figure.maximum) or "",
            index=number(figure.index),
            bonus=number(figure.bonus) or "",
            exempt=figure.exempt,
            left_out=figure.left_out,
            self_score=own[Part.SELF],
            appraised=own[Part.APPRAISED],
            final=own[Part.FINAL],
            provisional=figure.node in trace.provisional,
        )


class WeakOut(Wire):
    """A leaf that a unit did badly in."""

    field: str
    node: str
    title: str
    points: str
    maximum: str
    lost: str
    unscored: bool
    """It counts 0 for want of a score."""


class TraceOut(Wire):
    """The way from a unit's index to its leaves."""

    unit: str
    name: str
    criteria: str
    """Key and version of the criteria set."""
    points: str
    maximum: str
    index: str
    note: str
    nodes: list[FigureOut]
    """In the order of the tree, a node before what is below it."""
    weak: list[WeakOut]

    @classmethod
    def of(cls, trace: UnitTrace, *, language: str) -> TraceOut:
        """Return a unit's trace."""
        return cls(
            unit=trace.unit.key,
            name=trace.unit.name,
            criteria=trace.unit.scope.criteria.key,
            points=number(trace.index.points) or "",
            maximum=number(trace.index.maximum) or "",
            index=number(trace.index.index) or "",
            note=trace.index.note(language),
            nodes=[FigureOut.of(one, trace, depth=depth) for one, depth in deepening(trace.index.fields)],
            weak=[
                WeakOut(
                    field=one.field,
                    node=one.node,
                    title=one.title,
                    points=number(one.points) or "",
                    maximum=number(one.maximum) or "",
                    lost=number(one.lost) or "",
                    unscored=one.unscored,
                )
                for one in trace.weak
            ],
        )


class RulesOut(Wire):
    """The settings that hold for a cycle."""

    rules: dict[str, Any]

    @classmethod
    def of(cls, rules: Any) -> RulesOut:  # noqa: ANN401  settings of results
        """Return settings."""
        return cls(rules=encode_rules(rules))


class ExemptionOut(Wire):
    """An exemption of a cycle."""

    id: int
    unit: str
    unit_name: str
    node: str
    reason: str
    approver: str
    document: str
    at: Instant
    ended_at: Instant | None
    ended_why: str


class ExemptionsOut(Wire):
    """The exemptions of a cycle."""

    items: list[ExemptionOut]
