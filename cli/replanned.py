"""What a change of a running year would do, as people read it: equal rows of a stage in one line, what is late by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.language import said
from cli.output import Column, show_json, show_table
from evaluation.lints import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from store.commands.previewing import Preview

#: Up to so many units of a line are named; of what is late more are (`evaluation.lints.MOST_NAMED`).
FEW = 3


def show_preview(preview: Preview, *, names: Mapping[int, str], applied: bool, as_json: bool) -> None:
    """Show which dates move, what is new, what has passed already, and how many notices follow."""
    if as_json:
        counts = {"mails": preview.mails, "issued": preview.issued, "raised": preview.raised, "late": preview.late}
        new = [{**vars(one), "name": names.get(one.party, "")} for one in preview.new]
        show_json({"applied": applied, **counts, "moved": preview.moved, "new": new, "warnings": preview.warnings})
        return
    if preview.moved:
        show_table(_grouped(preview.moved, by=("stage", "due_before", "due_after", "late")), columns=_moved_columns(names))
    if preview.new:
        rows = _grouped(preview.new, by=("stage", "subject", "due", "late"))
        show_table(rows, columns=_new_columns(names), title=said("Nghĩa vụ mới", "New obligations"))
    for one in preview.warnings:
        typer.echo(said(f"Lưu ý: {one.message_vi}", f"Note: {one.message_en}"))
    typer.echo(
        said(
            f"{len(preview.moved)} nghĩa vụ đổi mốc, {preview.raised} nghĩa vụ mới, {preview.late} có hạn đã qua; {preview.mails} thông báo"
            f" ({preview.mails - preview.issued} về mốc thay đổi, {preview.issued} ban hành kế hoạch).",
            f"{len(preview.moved)} obligations move, {preview.raised} are new, {preview.late} have dates that have passed;"
            f" {preview.mails} notices follow ({preview.mails - preview.issued} of dates moved, {preview.issued} of the plan issued).",
        )
    )
    if not applied:
        typer.echo(
            said(
                "Đây là bản xem trước, chưa thay đổi gì; thêm --apply --reason … --document … --as …",
                "This is a preview, nothing has changed; add --apply --reason … --document … --as …",
            )
        )


def _grouped(rows: Iterable[Any], *, by: tuple[str, ...]) -> list[list[Any]]:
    """Return the rows that say the same of their stage together, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in by), []).append(row)
    return list(groups.values())


def _moved_columns(names: Mapping[int, str]) -> list[Column]:
    return [
        Column(vi="công đoạn", en="stage", cell=lambda rows: rows[0].stage),
        Column(vi="nghĩa vụ", en="obligations", cell=len, right=True),
        Column(vi="đơn vị", en="units", cell=lambda rows: _units(rows, names=names)),
        Column(vi="hạn cũ", en="due before", cell=lambda rows: rows[0].due_before),
        Column(vi="hạn mới", en="due after", cell=lambda rows: rows[0].due_after),
        Column(vi="đã qua", en="passed", cell=lambda rows: rows[0].late),
        Column(vi="thông báo", en="notices", cell=lambda rows: sum(row.mails for row in rows), right=True),
    ]


def _new_columns(names: Mapping[int, str]) -> list[Column]:
    return [
        Column(vi="công đoạn", en="stage", cell=lambda rows: rows[0].stage),
        Column(vi="về", en="about", cell=lambda rows: rows[0].subject),
        Column(vi="nghĩa vụ", en="obligations", cell=len, right=True),
        Column(vi="đơn vị", en="units", cell=lambda rows: _units(rows, names=names)),
        Column(vi="hạn", en="due", cell=lambda rows: rows[0].due),
        Column(vi="đã qua", en="passed", cell=lambda rows: rows[0].late),
    ]


def _units(rows: list[Any], *, names: Mapping[int, str]) -> str:
    """Return who it concerns by name: a few of them, but as many as a line takes where it has passed already."""
    every = list(dict.fromkeys(names.get(row.party, str(row.party)) for row in rows))
    if rows[0].late or len(every) <= FEW:
        return listed(every)
    return ", ".join(every[:FEW]) + f", … (+{len(every) - FEW})"
