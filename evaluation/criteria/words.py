"""What methods, differences and numbers of criteria are called, in Vietnamese and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.criteria.sets import Method

if TYPE_CHECKING:
    from decimal import Decimal


class Changed(StrEnum):
    """What is different about a node."""

    ADDED = "added"
    DROPPED = "dropped"
    RENUMBERED = "renumbered"  #: the same words under another number
    MOVED = "moved"  #: under another node
    POINTS = "points"
    WORDS = "words"
    METHOD = "method"
    EVIDENCE = "evidence"
    GROUPS = "groups"
    LEADS = "leads"


#: Vietnamese, English.
METHODS: dict[Method, tuple[str, str]] = {
    Method.LEVELS: ("theo mức", "fixed levels"),
    Method.RATIO: ("theo tỷ lệ", "ratio"),
    Method.POINTS: ("chấm điểm", "points"),
    Method.DEDUCTION: ("trừ điểm", "deduction"),
    Method.IMPORTED: ("số liệu nhập", "imported value"),
    Method.SURVEY: ("điều tra xã hội học", "survey"),
    Method.BONUS: ("thưởng, phạt", "bonus or penalty"),
}


CHANGES: dict[Changed, tuple[str, str]] = {
    Changed.ADDED: ("thêm", "added"),
    Changed.DROPPED: ("bỏ", "dropped"),
    Changed.RENUMBERED: ("đổi số", "renumbered"),
    Changed.MOVED: ("chuyển chỗ", "moved"),
    Changed.POINTS: ("đổi điểm", "points"),
    Changed.WORDS: ("đổi lời", "words"),
    Changed.METHOD: ("đổi cách chấm", "method"),
    Changed.EVIDENCE: ("đổi minh chứng", "evidence"),
    Changed.GROUPS: ("đổi nhóm áp dụng", "groups"),
    Changed.LEADS: ("đổi chủ trì", "leads"),
}


def printed(points: Decimal, language: str = "vi") -> str:
    """Return points as people print them: a decimal comma in Vietnamese, as many decimals as were written."""
    plain = format(points, "f")
    return plain.replace(".", ",") if language == "vi" else plain
