"""What methods and numbers of criteria are called, in Vietnamese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.criteria.sets import Method

if TYPE_CHECKING:
    from decimal import Decimal

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


def printed(points: Decimal, language: str = "vi") -> str:
    """Return points as people print them: a decimal comma in Vietnamese, as many decimals as were written."""
    plain = format(points, "f")
    return plain.replace(".", ",") if language == "vi" else plain


def both(points: Decimal) -> tuple[str, str]:
    """Return points as printed in Vietnamese and in English."""
    return printed(points, "vi"), printed(points, "en")
