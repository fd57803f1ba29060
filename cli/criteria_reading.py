"""Criteria sets read: listed, shown as a tree, exported, checked, compared."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import the_authority
from cli.criteria import File, SetName
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import DAY_FORMATS, AsJson, AuthorityKey
from cli.output import Column, show_json, show_table

if TYPE_CHECKING:
    from evaluation.criteria.sets import CriteriaSet, Step
    from store.session import Store

_STATES = {"draft": ("dự thảo", "draft"), "published": ("đã ban hành", "published")}


def show_all(*, authority: AuthorityKey = "", as_json: AsJson = False) -> None:
    """Liệt kê các bộ tiêu chí, phiên bản, và chu kỳ đang dùng. / List criteria sets, their versions, and which cycles use them."""
    from store.queries.criteria import pins_of_authority, versions_of

    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            rows, pins = versions_of(connection, facts.id), pins_of_authority(connection, facts.id)
    used: dict[tuple[str, int], list[str]] = {(pin.key, pin.version): [] for pin in pins}
    for pin in pins:
        if pin.current:
            used[pin.key, pin.version].append(f"{pin.plan}/{pin.year}: {pin.group}")
    if as_json:
        show_json([{**vars(row), "used": used.get((row.key, row.number), [])} for row in rows])
        return
    columns = [
        Column(vi="mã", en="key", cell=lambda row: row.key),
        Column(vi="phiên bản", en="version", cell=lambda row: row.number, right=True),
        Column(vi="trạng thái", en="state", cell=lambda row: said(*_STATES[row.state])),
        Column(vi="quyết định", en="decision", cell=lambda row: row.decision),
        Column(vi="ngày", en="dated", cell=lambda row: row.decided_on),
        Column(vi="tên", en="title", cell=lambda row: row.title),
        Column(vi="nhận dù không khớp, vì", en="taken in though off, because", cell=lambda row: row.accepted),
        Column(vi="đang dùng", en="in use", cell=lambda row: used.get((row.key, row.number), [])),
    ]
    show_table(rows, columns=columns)


def _stored(store: Store, authority: str, name: str) -> CriteriaSet:
    from store.criteria import load_criteria
    from store.queries.criteria import version_named

    facts = the_authority(store, authority)
    with store.reading() as connection:
        return load_criteria(store, connection, version_named(connection, facts.id, name).id)


def show(
    name: SetName,
    *,
    group: Annotated[str, typer.Option(metavar="GROUP", help="Chỉ mục áp dụng cho nhóm này / only what applies to this group")] = "",
    on: Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Chủ trì vào ngày / leads as of")] = None,
    authority: AuthorityKey = "",
    as_json: AsJson = False,
) -> None:
    """Cây tiêu chí: điểm, cách chấm, minh chứng, chủ trì; (*): ví dụ. / The tree; (*): made up as an example."""
    from cli.moments import today_of
    from config.clock import utc_now
    from config.criteria_records import criteria_data
    from evaluation.criteria.sets import walk

    with opened() as store:
        criteria = _stored(store, authority, name)
        day = on.date() if on else today_of(the_authority(store, authority), utc_now())
    if as_json:
        show_json(criteria_data(criteria))
        return
    steps = [step for step in walk(criteria) if not group or not step.groups or group in step.groups]
    show_table(steps, columns=_columns(day), title=criteria.title)
    if criteria.has_examples:
        typer.echo(said("(*) tên và điểm là ví dụ", "(*) name and points are made up as an example"))
    if criteria.note:
        typer.echo(criteria.note)


def _columns(day: date) -> list[Column]:
    from evaluation.criteria.sets import points_printed
    from evaluation.criteria.words import METHODS, printed

    def led(step: Step) -> str:
        lead = step.lead_on(day)
        return lead.party if lead else ""

    return [
        Column(vi="số", en="number", cell=lambda step: step.node.key),
        Column(
            vi="tên",
            en="title",
            cell=lambda step: "  " * step.depth + step.node.title + (" (*)" if step.node.example else ""),
        ),
        Column(vi="điểm", en="points", cell=lambda step: printed(points_printed(step.node), spoken()), right=True),
        Column(vi="cách chấm", en="method", cell=lambda step: said(*METHODS[step.node.scoring.method]) if step.node.scoring else ""),
        Column(vi="minh chứng", en="evidence", cell=lambda step: step.node.evidence + (" (!)" if step.node.evidence_required else "")),
        Column(vi="chủ trì", en="lead", cell=led),
    ]


def export(
    name: SetName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx hoặc .yaml sẽ ghi / the file to be written")],
    *,
    authority: AuthorityKey = "",
) -> None:
    """Xuất ra .xlsx hoặc .yaml, đọc lại được nguyên nghĩa. / Export as .xlsx or .yaml."""
    from config.criteria_writing import criteria_workbook, criteria_yaml

    with opened() as store:
        criteria = _stored(store, authority, name)
    match file.suffix.lower():
        case ".xlsx":
            file.write_bytes(criteria_workbook(criteria))
        case ".yaml" | ".yml":
            file.write_text(criteria_yaml(criteria), encoding="utf-8")
        case _:
            vi, en = "đặt tên tệp kết thúc bằng .xlsx hoặc .yaml", "let the file's name end in .xlsx or .yaml"
            raise RefusedError(vi, en, code=ExitCode.USAGE)
    typer.echo(said(f"Đã ghi {file}.", f"Wrote {file}."))


def check(file: File, *, as_json: AsJson = False) -> None:
    """Kiểm tra một tệp bộ tiêu chí: lỗi theo dòng, ô; tổng điểm, số lượng. / Check a criteria set's file."""
    from config.criteria_files import find_criteria, read_criteria
    from evaluation.criteria.sets import leaves

    read = read_criteria(find_criteria(file))
    if as_json:
        show_json({"key": read.criteria.key, "leaves": len(leaves(read.criteria)), "misfits": [vars(one) for one in read.misfits]})
    else:
        count = len(leaves(read.criteria))
        typer.echo(said(f"{read.criteria.title}: {count} mục chấm điểm", f"{read.criteria.title}: {count} leaves"))
    read.require_sums("" if not as_json else "said")
    if not as_json:
        typer.echo(said("Tổng điểm và số lượng khớp.", "Points and counts add up."))


def diff(
    before: SetName,
    after: Annotated[str, typer.Argument(metavar="SET", help="Bộ mới hơn / the newer one")],
    *,
    authority: AuthorityKey = "",
    as_json: AsJson = False,
) -> None:
    """So sánh hai bộ tiêu chí: thêm, bỏ, đổi điểm, đổi lời, đổi chủ trì. / What another set says otherwise."""
    from evaluation.criteria.differences import compare
    from evaluation.criteria.words import CHANGES

    with opened() as store:
        compared = compare(_stored(store, authority, before), _stored(store, authority, after))
    if as_json:
        show_json(compared.differences)
        return
    columns = [
        Column(vi="số", en="number", cell=lambda one: one.node),
        Column(vi="khác", en="changed", cell=lambda one: said(*CHANGES[one.changed])),
        Column(vi="tên", en="title", cell=lambda one: one.title),
        Column(vi="trước", en="before", cell=lambda one: one.before),
        Column(vi="sau", en="after", cell=lambda one: one.after),
    ]
    show_table(compared.differences, columns=columns)
    if not compared:
        typer.echo(said("Không khác gì.", "There is no difference."))
