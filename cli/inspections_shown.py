"""Inspections and findings as the command line shows them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from cli.language import said
from cli.output import Column, show_table, text
from evaluation.inspections.findings import FindingStatus
from evaluation.inspections.words import KIND_WORDS, SAID_WORDS, STEP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.inspections.coverage import Coverage
    from store.queries.inspection_lines import FindingLine, InspectionLine

INSPECTION_COLUMNS = [
    Column(vi="Số", en="Number", cell=lambda one: one.id, right=True),
    Column(vi="Đơn vị", en="Unit", cell=lambda one: one.unit_name),
    Column(vi="Loại", en="Kind", cell=lambda one: said(*KIND_WORDS[one.kind])),
    Column(vi="Ngày", en="Day", cell=lambda one: one.held_on or one.day),
    Column(vi="Kết luận", en="Conclusions", cell=lambda one: one.conclusions),
    Column(vi="Tồn tại còn mở", en="Open findings", cell=lambda one: f"{one.open_findings}/{one.findings}", right=True),
]


def status_words(one: FindingLine) -> str:
    """Return where a finding stands, and whether it is closed or late."""
    words = said(one.status.vi, one.status.en)
    if one.closed_at is not None:
        return f"{words} · {said('Đã kết thúc', 'closed')}"
    return f"{words} · {said('Quá hạn', 'overdue')}" if one.late else words


def chain_words(one: FindingLine) -> str:
    """Return the way of a finding as one line: finding → remedy → re-inspection → closed."""
    parts = []
    for link in one.links:
        word = said(*STEP_WORDS[link.kind]) + (f" {link.number}" if link.number > 1 else "")
        told = f" ({said(*SAID_WORDS[link.kind, link.word])})" if link.word else ""
        parts.append(f"{'●' if link.done else '○'} {word}{told}")
    return " → ".join(parts)


FINDING_COLUMNS = [
    Column(vi="Số", en="Number", cell=lambda one: one.id, right=True),
    Column(vi="Tồn tại", en="Finding", cell=lambda one: one.key),
    Column(vi="Đơn vị", en="Unit", cell=lambda one: one.unit_name),
    Column(vi="Nội dung", en="What", cell=lambda one: one.text),
    Column(vi="Hạn", en="Due", cell=lambda one: one.due_on),
    Column(vi="Tình trạng", en="Status", cell=status_words),
    Column(vi="Số ngày", en="Days", cell=lambda one: one.age, right=True),
    Column(vi="Diễn biến", en="Way", cell=chain_words),
]


def show_inspection(line: InspectionLine, findings: Sequence[FindingLine]) -> None:
    """Print one inspection with its findings."""
    facts = [
        (said("Đơn vị", "Unit"), line.unit_name),
        (said("Loại", "Kind"), said(*KIND_WORDS[line.kind]) + (f": {line.theme}" if line.theme else "")),
        (said("Đoàn", "Team"), "; ".join(f"{one.name}{said(' (trưởng đoàn)', ' (lead)') if one.is_lead else ''}" for one in line.members)),
        (said("Ngày", "Day"), text(line.held_on or line.day)),
        (said("Biên bản", "Minutes"), line.minutes),
        (said("Kết luận", "Conclusions"), line.conclusions),
    ]
    for name, value in facts:
        typer.echo(f"{name}: {value or '–'}")
    show_table(findings, columns=FINDING_COLUMNS)


def show_coverage(stage: str, one: Coverage) -> None:
    """Print what the inspections of a stage reach, per group, and whom they have not reached for long."""
    columns = [
        Column(vi="Nhóm", en="Group", cell=lambda row: row.group or said("Tất cả", "All")),
        Column(vi="Đơn vị", en="Units", cell=lambda row: row.units, right=True),
        Column(vi="Cần kiểm tra", en="Wanted", cell=lambda row: row.wanted, right=True),
        Column(vi="Trong kế hoạch", en="Planned", cell=lambda row: row.planned, right=True),
        Column(vi="Đã kiểm tra", en="Inspected", cell=lambda row: row.inspected, right=True),
    ]
    show_table([one.whole, *one.groups], columns=columns, title=stage)
    if one.neglected:
        units = ", ".join(unit.unit for unit in one.neglected[:10])
        typer.echo(said(f"Lâu chưa kiểm tra ({len(one.neglected)}): {units}", f"Not inspected for long ({len(one.neglected)}): {units}"))


def as_json(record: Any) -> dict[str, Any]:  # noqa: ANN401  any record of inspections
    """Return a record as plain values; a status as its English meaning."""
    plain: dict[str, Any] = asdict(record)
    return {key: value.en if isinstance(value, FindingStatus) else value for key, value in plain.items()}
