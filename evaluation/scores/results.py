"""
Results as they are printed: per field the survey's part, the appraisal's, the sum and the index (domain §3, result sheet).

Rounding happens here and nowhere before. Points and index may stand on different bases, so that each maximum is printed beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.scores.numbers import DECIMALS, TOLERANCE, ZERO, displayed, parts_agree

if TYPE_CHECKING:
    from decimal import Decimal

    from evaluation.scores.index import Figure, UnitIndex


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultLine:
    """A line of a unit's result sheet, rounded: `Đánh giá qua ĐTXHH | Thẩm định | Tổng điểm | Chỉ số (%)`."""

    node: str  #: key of the field; empty: the whole
    title: str
    survey: Decimal | None  #: None: no part of it comes from a survey, or none was held
    appraised: Decimal
    points: Decimal
    maximum: Decimal  #: what the points are out of
    bonus: Decimal
    index: Decimal | None  #: None: nothing of it applies to the unit


def result_sheet(index: UnitIndex, *, decimals: int = DECIMALS) -> tuple[ResultLine, ...]:
    """Return a line for each field in the order of the set, and the whole with bonus and penalty as the last."""
    lines = [_line(one, points=one.points, per_cent=one.index, decimals=decimals) for one in index.fields]
    return (*lines, _line(index.whole, points=index.points, per_cent=index.index, decimals=decimals))


def rounding_agrees(index: UnitIndex, *, decimals: int = DECIMALS, tolerance: Decimal = TOLERANCE) -> bool:
    """Return whether the fields as displayed make up the displayed total, within the tolerance (domain §3.5: 0.01 to 0.02)."""
    parts = [*(one.points for one in index.fields), *(one.bonus for one in index.fields)]
    return parts_agree(parts, index.points, decimals=decimals, tolerance=tolerance)


def _line(figure: Figure, *, points: Decimal, per_cent: Decimal | None, decimals: int) -> ResultLine:
    return ResultLine(
        node=figure.node,
        title=figure.title,
        survey=displayed(figure.survey_points, decimals) if figure.survey_maximum > ZERO else None,
        appraised=displayed(figure.appraised_points, decimals),
        points=displayed(points, decimals),
        maximum=figure.maximum,
        bonus=displayed(figure.bonus, decimals),
        index=None if per_cent is None else displayed(per_cent, decimals),
    )
