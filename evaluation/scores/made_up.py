"""Made-up scores: what a unit of a demo or a rehearsal says of its leaves and what its appraisers think, the same for the same seed."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.criteria.sets import Method
from evaluation.scores.index import is_survey
from evaluation.scores.methods import Given
from evaluation.scores.numbers import ZERO, displayed, share

if TYPE_CHECKING:
    from evaluation.criteria.sets import Node
    from evaluation.scores.ballots import Question

_SAID = (
    "Số liệu theo báo cáo năm của đơn vị, có văn bản kèm theo.",
    "Căn cứ kế hoạch và kết quả thực hiện đã báo cáo trong năm.",
    "Trích từ hệ thống một cửa điện tử, chốt số liệu ngày 30/11.",
)
REDUCED = "Tài liệu kiểm chứng chưa đủ để chấm như đơn vị tự chấm."
ANSWER = "Đơn vị đã thực hiện đầy đủ; xin bổ sung số, ngày văn bản để xem xét lại."
RULED = ("Tài liệu bổ sung hợp lệ.", "Tài liệu bổ sung không chứng minh được nội dung này.")
NOT_HANDED_IN = "Đơn vị không nộp tự đánh giá."
#: One leaf of so many is reduced by the appraisers.
_ONE_OF = 14
_WORST = 100


def _chance(seed: str, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{key}".encode()).digest()[:4], "big")


def made_up_score(node: Node, *, seed: str) -> tuple[Given, str] | None:
    """Return what a unit says of a leaf and how it scored; None of what it does not score: the survey, a bonus."""
    if node.scoring is None or is_survey(node) or node.is_bonus:
        return None
    chance, most = _chance(seed, node.key), node.maximum or ZERO
    said = _SAID[chance % len(_SAID)]
    match node.scoring.method:
        case Method.LEVELS:
            return Given(level=1 + (chance % 5 == 0) * (len(node.scoring.levels) > 1)), said
        case Method.RATIO:
            return Given(rate=Decimal(72 + chance % 29)), said
        case Method.DEDUCTION:
            return Given(errors=max(0, chance % 5 - 2)), said
        case _ if node.scoring.levels:
            return Given(points=node.scoring.levels[0].points), said
        case _:
            return Given(points=displayed(share(most, Decimal(7 + chance % 4), Decimal(10)))), said


def made_up_judgement(node: Node, own: Decimal | None, *, seed: str) -> tuple[Decimal, str]:
    """Return the appraised score of a leaf and why: mostly the unit's own, sometimes half of it."""
    if own is None:
        return ZERO, NOT_HANDED_IN
    if own > ZERO and _chance(f"{seed}/appraised", node.key) % _ONE_OF == 0:
        return displayed(share(own, Decimal(1), Decimal(2))), REDUCED
    return own, ""


def made_up_ruling(node: str, *, seed: str) -> tuple[bool, str]:
    """Return whether an explanation convinces, and why."""
    accepted = _chance(f"{seed}/ruled", node) % 2 == 0
    return accepted, RULED[0 if accepted else 1]


def made_up_answer(question: Question, *, seed: str) -> str:
    """Return what a respondent answers: one of the first choices mostly, seldom one of the last."""
    drawn = min(_chance(f"{seed}/first", question.key) % _WORST, _chance(f"{seed}/second", question.key) % _WORST)
    return question.answers[drawn * len(question.answers) // _WORST].key
