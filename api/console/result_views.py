"""Results as pages show them: the table of a group with last year beside it, the tree of a unit, numbers rounded for reading."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from api.console.charts import Chart, bar_chart, change_chart
from evaluation.criteria.words import printed
from evaluation.scores.index import deepening
from evaluation.scores.numbers import displayed
from evaluation.scores.sheets import Part
from notifications.group_names import group_name
from notifications.phrases import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from evaluation.scores.comparison import Comparison
    from evaluation.scores.index import UnitIndex
    from evaluation.scores.ranking import GroupTable, Placed
    from notifications.letters import Language

DASH = "–"
_WHOLE = Decimal(100)  #: per cent
_MEAN = ("Trung bình", "Mean")


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
    scored: bool = True  #: False: no place, no index, no change yet


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
    charts: tuple[Chart, ...] = ()  #: of bands, fields, the gap, changes on last year; each where there is something to draw


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

    def text(self, value: str | None) -> str:
        """Return a number that came as text, without rounding."""
        return DASH if value is None else self.plain(Decimal(value))

    def round(self, value: str | None) -> str:
        """Return a number that came as text, rounded half up."""
        return self(None if value is None else Decimal(value))

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
    unscored: Collection[str] = ()  #: units none of whose leaves has a score yet


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
            charts=_charts(table, beside, last=last, printer=printer),
        )
        for table in tables
    ]


def _charts(table: GroupTable, beside: Beside, *, last: Mapping[str, Sequence[Comparison]], printer: Printer) -> tuple[Chart, ...]:
    titles = beside.titles.get(table.group, {})
    fields = [(f"{node} {titles.get(node, '')}".strip(), f"{printer(mean)} %", mean) for node, mean in table.field_means.items()]
    bands = [(name, str(units), Decimal(units)) for name, units in table.bands.items()]
    changes = [
        (beside.names.get(line.contender.unit, line.contender.unit), f"{printer.signed(one.index)} %", one.index)
        for line in table.lines
        for one in last.get(line.contender.unit, ())
        if one.index is not None
    ]
    found = (
        bar_chart("bands", bands),
        bar_chart("fields", fields, most=_WHOLE),
        bar_chart("gap", _gap(table, beside, printer=printer), most=_WHOLE),
        change_chart("changes", changes),
    )
    return tuple(one for one in found if one.bars)


def _gap(table: GroupTable, beside: Beside, *, printer: Printer) -> list[tuple[str, str, Decimal]]:
    """Return the first, the mean and the last of a group; nothing where there is no gap."""
    placed = [line.contender for line in table.lines if line.place is not None]
    if len(placed) < 2 or table.mean is None:  # noqa: PLR2004  a gap is between two
        return []
    mean = (pick(_MEAN, language=printer.language), table.mean)
    ends = [(beside.names.get(one.unit, one.unit), one.index) for one in (placed[0], placed[-1])]
    return [(name, f"{printer(index)} %", index) for name, index in (ends[0], mean, ends[1])]


def _row(line: Placed, beside: Beside, *, last: Sequence[Comparison], printer: Printer) -> RowView:
    unit = line.contender.unit
    provisional, missing = beside.open_leaves(unit)
    scored = unit not in beside.unscored
    return RowView(
        unit=unit,
        name=beside.names.get(unit, unit),
        place=DASH if line.place is None else f"{line.place}/{line.of}",
        tied=bool(line.tied_with),
        band=line.band if scored else "",
        index=printer(line.contender.index if scored else None),
        drawn=f"{displayed(line.contender.index, printer.decimals):f}" if scored else "",
        points=printer(line.contender.points if scored else None),
        maximum=printer.plain(beside.maxima.get(unit)),
        behind=printer(line.ahead),
        behind_points=printer(line.ahead_points),
        before=tuple(_before(one, printer=printer) for one in last),
        provisional=provisional,
        missing=missing,
        scored=scored,
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
