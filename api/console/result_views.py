"""Results as pages show them: the table of a group with last year beside it, the tree of a unit, numbers rounded for reading."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.criteria.words import printed
from evaluation.scores.index import deepening
from evaluation.scores.numbers import displayed
from evaluation.scores.sheets import Part
from notifications.group_names import group_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evaluation.scores.comparison import Comparison
    from evaluation.scores.index import UnitIndex
    from evaluation.scores.ranking import GroupTable, Placed
    from notifications.letters import Language

DASH = "–"


@dataclass(frozen=True, kw_only=True)
class BeforeView:
    """A unit's last year beside this one."""

    index: str
    place: str
    index_change: str
    points_change: str
    places: int | None
    why_not: str  #: what is different; empty: nothing
    comparable: bool
    continued: str  #: key of last year, where it goes on under a new one


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A unit's line."""

    unit: str
    name: str
    place: str
    tied: bool
    band: str
    index: str
    drawn: str  #: the index as a chart reads it
    points: str
    maximum: str
    behind: str
    behind_points: str
    before: tuple[BeforeView, ...]
    provisional: int = 0
    missing: int = 0


@dataclass(frozen=True, kw_only=True)
class TableView:
    """The table of a group."""

    group: str
    name: str
    rows: tuple[RowView, ...]
    mean: str
    gap: str
    gap_points: str
    fields: tuple[tuple[str, str], ...]  #: title and mean
    bands: tuple[tuple[str, int], ...]
    compared: bool  #: whether anybody has a last year


@dataclass(frozen=True, kw_only=True)
class NodeView:
    """A node of a unit's tree."""

    node: str
    title: str
    depth: int
    leaf: bool
    points: str
    maximum: str
    index: str
    self_score: str
    appraised: str
    final: str
    exempt: bool
    left_out: bool
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Printer:
    """How numbers are written in a language, with so many decimals."""

    language: Language
    decimals: int = 2

    def __call__(self, value: Decimal | None) -> str:
        """Return a number rounded half up; a dash for none."""
        return DASH if value is None else printed(displayed(value, self.decimals), self.language.value)

    def plain(self, value: Decimal | None) -> str:
        """Return a number as it is, without rounding: a maximum, a leaf's points."""
        return DASH if value is None else printed(value, self.language.value)

    def signed(self, value: Decimal | None) -> str:
        """Return a change with its sign."""
        return DASH if value is None else ("+" if value > 0 else "") + self(value)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside the lines of a table."""

    names: Mapping[str, str]
    maxima: Mapping[str, Decimal]
    titles: Mapping[str, Mapping[str, str]]  #: of fields, by group: two sets may call a field otherwise
    comparisons: Sequence[Comparison]
    open_leaves: Callable[[str], tuple[int, int]] = lambda _unit: (0, 0)  #: provisional, missing


def table_views(tables: Sequence[GroupTable], beside: Beside, *, printer: Printer) -> list[TableView]:
    """Return the tables of the groups as pages show them."""
    last: dict[str, list[Comparison]] = {}
    for one in beside.comparisons:
        if one.after is not None and one.before is not None:
            last.setdefault(one.unit, []).append(one)
    return [
        TableView(
            group=table.group,
            name=group_name(table.group, language=printer.language),
            rows=tuple(_row(line, beside, last=last.get(line.contender.unit, []), printer=printer) for line in table.lines),
            mean=printer(table.mean),
            gap=printer(table.gap),
            gap_points=printer(table.gap_points),
            fields=tuple(
                (f"{node} {beside.titles.get(table.group, {}).get(node, '')}".strip(), printer(mean))
                for node, mean in table.field_means.items()
            ),
            bands=tuple(table.bands.items()),
            compared=any(line.contender.unit in last for line in table.lines),
        )
        for table in tables
    ]


def _row(line: Placed, beside: Beside, *, last: Sequence[Comparison], printer: Printer) -> RowView:
    unit = line.contender.unit
    provisional, missing = beside.open_leaves(unit)
    return RowView(
        unit=unit,
        name=beside.names.get(unit, unit),
        place=DASH if line.place is None else f"{line.place}/{line.of}",
        tied=bool(line.tied_with),
        band=line.band,
        index=printer(line.contender.index),
        drawn=f"{displayed(line.contender.index, printer.decimals):f}",
        points=printer(line.contender.points),
        maximum=printer.plain(beside.maxima.get(unit)),
        behind=printer(line.ahead),
        behind_points=printer(line.ahead_points),
        before=tuple(_before(one, printer=printer) for one in last),
        provisional=provisional,
        missing=missing,
    )


def _before(one: Comparison, *, printer: Printer) -> BeforeView:
    assert one.before is not None  # noqa: S101  only such lines are shown
    return BeforeView(
        index=printer(one.before.index),
        place=one.before.placed,
        index_change=printer.signed(one.index),
        points_change=printer.signed(one.points),
        places=one.places,
        why_not=one.words(printer.language.value),
        comparable=one.is_comparable,
        continued=one.before.unit if one.continued else "",
    )


def node_views(
    index: UnitIndex, parts: Mapping[Part, Mapping[str, Decimal]], *, provisional: frozenset[str] = frozenset(), printer: Printer
) -> list[NodeView]:
    """Return a unit's tree from its fields down to its leaves."""
    return [
        NodeView(
            node=one.node,
            title=one.title,
            depth=depth,
            leaf=not one.children,
            points=printer(one.points + one.bonus),
            maximum=printer.plain(one.maximum),
            index=printer(one.index),
            self_score=printer(parts.get(Part.SELF, {}).get(one.node)),
            appraised=printer(parts.get(Part.APPRAISED, {}).get(one.node)),
            final=printer(parts.get(Part.FINAL, {}).get(one.node)),
            exempt=one.exempt,
            left_out=one.left_out,
            provisional=one.node in provisional,
        )
        for one, depth in deepening(index.fields)
    ]
