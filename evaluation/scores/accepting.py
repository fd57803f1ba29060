"""Accepting self scores as they are, many at once: which leaves may be, and why not the others; nobody looks away from what is missing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.criteria.sets import Step
    from evaluation.scores.sheets import Sheet


class LeftOut(Enum):
    """Why a leaf is to be judged by itself, in Vietnamese and English."""

    SETTLED = ("đã có điểm chính thức", "its final score is settled")
    RETURNED = ("đang trả lại để đơn vị bổ sung", "it was returned to its unit for correction")
    JUDGED = ("đã có điểm thẩm định", "it is appraised already")
    NOT_SCORED = ("đơn vị chưa tự chấm", "its unit has not scored it")
    NO_EVIDENCE = ("thiếu tài liệu kiểm chứng bắt buộc", "the required evidence is missing")
    CLAIMED = ("{who} đang nhận thẩm định", "{who} is appraising it")

    def text(self, language: str = "vi", *, who: str = "") -> str:
        """Return the reason; of a claim, whose."""
        return self.value[0 if language == "vi" else 1].format(who=who)


def left_out(sheet: Sheet, step: Step) -> LeftOut | None:
    """
    Return why a leaf's self score may not stand as the appraised one without being looked at; None where it may.

    A leaf whose required evidence is missing is judged by itself: its unit only explained how it scored (domain §3). Who is at a leaf
    this does not know.
    """
    entry = sheet.entry(step.node.key)
    if entry.final is not None:
        return LeftOut.SETTLED
    if entry.returned:
        return LeftOut.RETURNED
    if entry.appraised is not None:
        return LeftOut.JUDGED
    if entry.self_score is None:
        return LeftOut.NOT_SCORED
    return LeftOut.NO_EVIDENCE if step.node.evidence_required and not entry.evidence else None
