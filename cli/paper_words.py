"""What papers are called on the command line, and the columns of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language import said
from cli.output import Column
from evaluation.papers import PaperState, Purpose

if TYPE_CHECKING:
    from store.queries.papers import AskedPaper, PaperLine

STATES = {
    PaperState.DRAFT: ("dự thảo", "draft"),
    PaperState.NUMBERED: ("đã lấy số, chờ ký", "numbered, to be signed"),
    PaperState.SIGNED: ("đã ký, ban hành", "signed"),
    PaperState.DISCARDED: ("đã bỏ", "discarded"),
}
PURPOSES = {
    Purpose.URGING: ("đôn đốc", "urging letter"),
    Purpose.LIST_TO_CHAIR: ("danh sách chậm trình Chủ tịch", "list to the chair"),
    Purpose.CRITICISM: ("phê bình", "letter of criticism"),
    Purpose.REPORT: ("báo cáo", "report"),
    Purpose.CONCLUSIONS: ("kết luận kiểm tra", "conclusions"),
    Purpose.MINUTES: ("biên bản", "minutes"),
    Purpose.RESULT_DECISION: ("quyết định kết quả", "result decision"),
    Purpose.RESULT_SHEET: ("kết quả của đơn vị", "result sheet"),
    Purpose.SELF_ASSESSMENT: ("báo cáo tự chấm", "self-assessment report"),
    Purpose.OTHER: ("khác", "other"),
}


def register_columns() -> tuple[Column, ...]:
    """Return the columns of the register."""
    return (
        Column(vi="stt", en="no.", cell=lambda row: row.id, right=True),
        Column(vi="loại", en="kind", cell=lambda row: row.kind.value),
        Column(vi="số, ký hiệu", en="number", cell=lambda row: row.number_text),
        Column(vi="ngày", en="date", cell=lambda row: row.dated),
        Column(vi="nơi ban hành", en="issuer", cell=lambda row: row.issuer_name),
        Column(vi="trích yếu", en="summary", cell=lambda row: row.summary),
        Column(vi="để", en="for", cell=_purpose),
        Column(vi="trạng thái", en="state", cell=lambda row: said(*STATES[row.state])),
        Column(vi="bản", en="version", cell=lambda row: row.version or "", right=True),
    )


def asked_columns() -> tuple[Column, ...]:
    """Return the columns of what is asked for and not signed."""
    return (
        Column(vi="việc", en="duty", cell=lambda row: row.duty, right=True),
        Column(vi="văn bản", en="paper", cell=_asked_for),
        Column(vi="công đoạn", en="stage", cell=lambda row: row.asked.stage),
        Column(vi="ngày", en="date", cell=lambda row: row.asked.on),
        Column(vi="nghĩa vụ", en="obligations", cell=lambda row: len(row.obligations), right=True),
        Column(vi="dự thảo", en="draft", cell=lambda row: row.paper or "", right=True),
    )


def _purpose(row: PaperLine) -> str:
    return said(*PURPOSES[row.purpose])


def _asked_for(row: AskedPaper) -> str:
    return said(*PURPOSES[row.asked.purpose])
