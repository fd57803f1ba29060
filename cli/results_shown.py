"""Results of a cycle as they stand, as tables: a unit without any score has neither place nor index."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

import typer

from cli.language import said
from cli.opening import opened
from cli.options import AsJson, CycleName
from cli.output import Column, show_json, show_table
from cli.results import cycle_now, shown_number

if TYPE_CHECKING:
    from evaluation.scores.ranking import Placed
    from store.queries.results import CycleResults

Shown = TypeVar("Shown")


def show(cycle: CycleName, *, as_json: AsJson = False) -> None:
    """Kết quả đang có: xếp hạng từng nhóm, so với năm trước; chưa phải kết quả công bố. / Results as they stand."""
    from api.wire.result_answers import GroupOut
    from evaluation.group_names import GROUP_NAMES
    from store.queries.results import read_results

    with opened() as store:
        facts, who = cycle_now(store, cycle)
        with store.reading() as connection:
            found = read_results(store, connection, facts.id, now=who.now)
    if as_json:
        show_json([GroupOut.of(table, found).model_dump(mode="json") for table in found.tables])
        return
    number = partial(shown_number, decimals=found.rules.ranking.decimals)
    columns = [
        Column(vi="hạng", en="place", cell=lambda line: _place(line, found), right=True),
        Column(vi="đơn vị", en="unit", cell=lambda line: found.units[line.contender.unit].unit.name),
        Column(vi="chỉ số %", en="index %", cell=lambda line: number(_if_scored(line, line.contender.index, found)), right=True),
        Column(vi="điểm", en="points", cell=lambda line: number(_if_scored(line, line.contender.points, found)), right=True),
        Column(vi="tối đa", en="maximum", cell=lambda line: number(found.units[line.contender.unit].totals.maximum), right=True),
        Column(vi="loại", en="band", cell=lambda line: _if_scored(line, line.band, found)),
        Column(vi="kém hạng trên", en="behind", cell=lambda line: number(line.ahead), right=True),
        Column(
            vi="so năm trước",
            en="change",
            cell=lambda line: ", ".join(number(one.index) for one in found.compared(line.contender.unit)),
            right=True,
        ),
        Column(vi="cùng hạng", en="tied with", cell=lambda line: [found.units[one].unit.name for one in line.tied_with]),
        Column(vi="tạm tính", en="provisional", cell=lambda line: found.units[line.contender.unit].provisional or "", right=True),
        Column(vi="thiếu", en="missing", cell=lambda line: found.units[line.contender.unit].totals.missing or "", right=True),
    ]
    for table in found.tables:
        gap = said(f"đầu–cuối {number(table.gap)}", f"first–last {number(table.gap)}")
        mean = said(f"trung bình {number(table.mean)} %", f"mean {number(table.mean)} %")
        show_table(table.lines, columns=columns, title=f"{said(*GROUP_NAMES.get(table.group, (table.group, table.group)))}: {mean}; {gap}")
    if unscored := sum(not one.scored for one in found.units.values()):
        vi = f"{unscored} đơn vị chưa có điểm: chưa xếp hạng, không tính vào trung bình."
        typer.echo(said(vi, f"{unscored} units have no score yet: they have no place and count in no mean."))
    if not found.is_settled:
        typer.echo(said("Tạm tính: còn mục chưa thẩm định hoặc chưa có điểm.", "Provisional: leaves are not appraised, or have no score."))


def _place(line: Placed, found: CycleResults) -> str:
    if not found.units[line.contender.unit].scored:
        return said("chưa có điểm", "not scored")
    return "–" if line.place is None else f"{line.place}/{line.of}"


def _if_scored(line: Placed, value: Shown, found: CycleResults) -> Shown | None:
    """Return what stands in a unit's line; nothing while none of its leaves has a score."""
    return value if found.units[line.contender.unit].scored else None
