"""Our own templates by purpose: what writes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.decisions import result_decision
from documents.letters import criticism, list_to_chair, urging
from documents.reports import conclusions, minutes, report, result_sheet
from evaluation.papers import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document

#: By purpose, what writes its template.
BODIES: dict[Purpose, Callable[[Document], None]] = {
    Purpose.URGING: urging,
    Purpose.LIST_TO_CHAIR: list_to_chair,
    Purpose.CRITICISM: criticism,
    Purpose.REPORT: report,
    Purpose.CONCLUSIONS: conclusions,
    Purpose.MINUTES: minutes,
    Purpose.RESULT_DECISION: result_decision,
    Purpose.RESULT_SHEET: result_sheet,
    Purpose.SELF_ASSESSMENT: report,
}
