"""Sheets shown: three scores side by side, the history of a leaf, how far the appraisals are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.language import said, spoken
from cli.opening import opened
from cli.options import AsJson, CycleName
from cli.output import Column, show_json, show_table
from cli.scores import Node, Which
from config.clock import utc_now
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from evaluation.scores.faults import ScoreFault
    from store.queries.scores import LeafLine


def show(obligation: Which, *, as_json: AsJson = False) -> None:
    """Phiếu chấm điểm: ba điểm cạnh nhau, còn thiếu gì. / A sheet: three scores side by side, and what is missing."""
    from store.commands.scores.held import no_sheet
    from store.queries.scores import view_sheet

    with opened() as store, store.reading() as connection:
        view = view_sheet(store, connection, obligation, now=utc_now())
    if view is None:
        raise no_sheet()
    if as_json:
        plain = {"unit": view.unit, "done": view.done, "wanted": view.wanted, "leaves": [_plain(one) for one in view.lines]}
        before = [{"unit": one.unit, "name": one.name, "scores": {n: str(p) for n, p in one.scores.items()}} for one in view.predecessors]
        lacks = {"missing": _lacking(view.faults), "warnings": _lacking(view.warnings)}
        show_json({**plain, **lacks, "predecessors": before})
        return
    show_table(view.lines, columns=_COLUMNS, title=f"{view.unit_name}: {view.done}/{view.wanted}")
    for one in (*view.faults, *view.warnings):
        typer.echo(one.text(spoken().value))
    for old in view.predecessors:
        vi = f"Đơn vị cũ {old.unit} ({old.name}) đã tự chấm {len(old.scores)} mục: dondoc score take-over {obligation} {old.unit}"
        en = f"Predecessor {old.unit} ({old.name}) had scored {len(old.scores)} leaves: dondoc score take-over {obligation} {old.unit}"
        typer.echo(said(vi, en))


def _lacking(faults: Iterable[ScoreFault]) -> list[dict[str, str]]:
    return [{"node": one.node, "code": one.code, "vi": one.text("vi"), "en": one.text("en")} for one in faults]


def _written(points: Decimal | None) -> str:
    from evaluation.criteria.words import printed

    return "" if points is None else printed(points, spoken().value)


def _plain(line: LeafLine) -> dict[str, Any]:
    entry, scores = line.entry, ("self_score", "appraised", "final")
    said_so = entry.explanation.text if entry.explanation is not None else ""
    shown = {name: str(getattr(entry, name)) if getattr(entry, name) is not None else None for name in scores}
    return {"node": line.step.node.key, "version": line.version, "state": line.state.name.lower(), **shown, "explanation": said_so}


_COLUMNS: tuple[Column, ...] = (
    Column(vi="mục", en="leaf", cell=lambda line: line.step.node.key),
    Column(vi="tên", en="title", cell=lambda line: line.step.node.title),
    Column(vi="tối đa", en="maximum", cell=lambda line: _written(line.step.node.maximum), right=True),
    Column(vi="tự chấm", en="self", cell=lambda line: _written(line.entry.self_score), right=True),
    Column(vi="thẩm định", en="appraised", cell=lambda line: _written(line.entry.appraised), right=True),
    Column(vi="chính thức", en="final", cell=lambda line: _written(line.entry.final), right=True),
    Column(vi="tình trạng", en="state", cell=lambda line: line.state.text(spoken().value)),
    Column(vi="bản", en="version", cell=lambda line: str(line.version), right=True),
)


def history(obligation: Which, node: Node, *, as_json: AsJson = False) -> None:
    """Lịch sử một mục: ai, khi nào, cũ, mới, vì sao. / The history of a leaf."""
    from store.commands.scores.held import no_sheet
    from store.queries.score_history import leaf_history
    from store.queries.scores import view_sheet

    with opened() as store, store.reading() as connection:
        view = view_sheet(store, connection, obligation, now=utc_now())
        if view is None:
            raise no_sheet()
        lines = leaf_history(connection, cycle=view.cycle, party=view.unit, node=node)
    if as_json:
        show_json([{**vars(one), "at": one.at.isoformat()} for one in lines])
        return
    columns: tuple[Column, ...] = (
        Column(vi="lúc", en="at", cell=lambda one: f"{one.at:%Y-%m-%d %H:%M} UTC"),
        Column(vi="ai", en="who", cell=lambda one: one.who or "–"),
        Column(vi="giá trị", en="what", cell=lambda one: said(*_WHAT[one.what])),
        Column(vi="cũ", en="old", cell=lambda one: _value(one.what, one.old)),
        Column(vi="mới", en="new", cell=lambda one: _value(one.what, one.new)),
        Column(vi="vì sao", en="why", cell=lambda one: one.why),
    )
    show_table(lines, columns=columns)


#: What was changed of a leaf, in Vietnamese and English.
_WHAT: dict[str, tuple[str, str]] = {
    "self": ("điểm tự chấm", "self score"),
    "given": ("số liệu để chấm", "scored by"),
    "appraised": ("điểm thẩm định", "appraised score"),
    "final": ("điểm chính thức", "final score"),
    "explanation": ("giải trình", "explanation"),
    "ruling": ("xem xét giải trình", "ruling"),
    "evidence": ("tài liệu", "evidence"),
    "remark": ("ý kiến thẩm định", "remark"),
    "returned": ("trả lại để bổ sung", "returned"),
    "claim": ("nhận thẩm định", "claim"),
}


def _value(what: str, text: str) -> str:
    """Return a value of the history as people read it: numbers as the language writes them, what a score was worked out from in words."""
    from decimal import Decimal

    from evaluation.scores.methods import VALUES
    from evaluation.scores.typing_in import given_read

    if not text:
        return ""
    if what == "given":
        given = given_read(text)
        there = ((words, getattr(given, name)) for name, words in VALUES.items())
        return "; ".join(f"{said(*words)}: {_written(Decimal(value))}" for words, value in there if value is not None)
    return _written(Decimal(text)) if what in {"self", "appraised", "final"} else text


def appraisals(
    cycle: CycleName,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="CONTACT", help="Chỉ đếm mục của người này / only their leaves")] = "",
    as_json: AsJson = False,
) -> None:
    """Thẩm định đến đâu: từng đơn vị, bao nhiêu mục, còn mấy ngày. / How far the appraisals of a cycle are."""
    from cli.seeing import reader_of
    from store.queries.appraisals import list_appraisals
    from store.queries.cycles import find_cycle
    from store.queries.sight import permitted

    with opened() as store, store.reading() as connection:
        reader = reader_of(connection, as_)
        facts = None if reader is None else reader.facts
        seen = None if reader is None else permitted(store, connection, reader.facts, Action.READ_OBLIGATION, now=reader.now)
        ident = find_cycle(connection, cycle).id
        lines = list_appraisals(store, connection, ident, now=utc_now(), readable=seen, viewer=facts)
    if as_json:
        show_json([{**vars(one), "state": one.state.value} for one in lines])
        return
    columns: tuple[Column, ...] = (
        Column(vi="nghĩa vụ", en="obligation", cell=lambda one: str(one.obligation), right=True),
        Column(vi="đơn vị", en="unit", cell=lambda one: one.unit_name),
        Column(vi="đã thẩm định", en="appraised", cell=lambda one: f"{one.appraised}/{one.wanted}", right=True),
        Column(vi="chờ", en="waiting", cell=lambda one: str(one.waiting), right=True),
        Column(vi="trả lại", en="returned", cell=lambda one: str(one.returned), right=True),
        Column(vi="giảm điểm", en="reduced", cell=lambda one: "–" if one.reduced is None else str(one.reduced), right=True),
        Column(vi="hạn", en="due", cell=lambda one: one.due_on),
        Column(vi="còn (ngày)", en="days left", cell=lambda one: one.days_left, right=True),
    )
    show_table(lines, columns=columns)


def write_sheet(obligation: Which, file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx sẽ ghi / to be written")]) -> None:
    """Xuất phiếu ra .xlsx để điền khi không có mạng. / Write a sheet as a workbook to be filled in."""
    from config.scores_writing import sheet_workbook
    from store.commands.scores.held import no_sheet
    from store.commands.scores.workbooks import sheet_with_names, stamp_of
    from store.queries.scores import sheet_at, view_sheet

    with opened() as store, store.reading() as connection:
        view = view_sheet(store, connection, obligation, now=utc_now())
        found = sheet_at(store, connection, obligation, now=utc_now())
    if view is None or found is None:
        raise no_sheet()
    names = {line.step.node.key: tuple(name for _, name in line.files) for line in view.lines}
    file.write_bytes(sheet_workbook(sheet_with_names(found[2].sheet, names), name=view.unit_name, stamp=stamp_of(found[2])))
    typer.echo(said(f"Đã ghi {file}.", f"Written: {file}."))
