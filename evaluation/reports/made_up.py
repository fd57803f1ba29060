"""Made-up answers: a report of a demo or a rehearsal, the same for the same seed, with totals that add up."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.reports.forms import PERCENT, CheckKind, FieldKind, RowsOf
from evaluation.reports.measures import measure_keys
from evaluation.reports.numbers import number_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evaluation.reports.forms import Answer, Answers, Field, ReportForm

_MOST = 200
#: What a unit might say in one quarter in fields of the shipped form; of whatever else something below `_MOST`. Invented, as all of this.
_USUAL: Mapping[str, Sequence[int]] = {
    "vb-chi-dao": range(3, 15),
    "nv-duoc-giao": range(20, 45),
    "nv-hoan-thanh": range(3, 10),
    "vb-ra-soat": range(4, 20),
    "vb-xu-ly": range(3),
    "hs-truoc-han": range(90, 320),
    "hs-dung-han": range(20, 110),
    "hs-qua-han": range(6),
    "hs-dang-giai-quyet": range(5, 35),
    "hs-truc-tuyen": range(60, 300),
    "phong-ban": range(3, 9),
    "bien-che": range(32, 85),
    "luot-boi-duong": range(4, 30),
    "vi-pham": (0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    "giai-ngan": range(15, 24),
    "vb-dien-tu": range(88, 101),
}
#: What does not add up over the quarters of a year.
_STANDING = frozenset({"nv-duoc-giao", "phong-ban", "bien-che", "vi-pham", "vb-dien-tu"})
#: How much more a report tells than that of one quarter.
_TIMES = {"Q2": 2, "Q4": 4}
_SAID = (
    "Đã triển khai đầy đủ các nhiệm vụ trong kỳ; kết quả cụ thể theo số liệu nêu trên.",
    "Đã số hóa hồ sơ tại bộ phận một cửa và công khai kết quả giải quyết hằng tuần.",
    "Đã tổ chức kiểm tra nội bộ và khắc phục các tồn tại được chỉ ra.",
)


def made_up_answers(form: ReportForm, *, seed: str, period: str, begun: Answers) -> dict[str, Answer]:
    """Return answers to every field that can be typed into; what carries over stays, sums and bounds of the form's checks hold."""
    times = _TIMES.get(period.rpartition("-")[2][:2], 1)
    typed = {field.key: _answer(field, seed=seed, times=times) for field in form.fields if field.key not in begun}
    answers: dict[str, Answer] = {**{key: answer for key, answer in typed.items() if answer}, **begun}
    for key in measure_keys(form):  # those that stand there are as far as was said last
        answers[key] = [{**row, PERCENT: row["said"]} for row in answers.get(key, ()) if not isinstance(row, str)]
    for check in form.checks:
        terms = [_number(answers, term) for term in check.terms]
        if check.kind is CheckKind.SUM:
            answers[check.total] = number_text(sum(terms, Decimal()))
        elif check.kind is CheckKind.AT_MOST:
            answers[check.terms[0]] = number_text(min(terms[0], _number(answers, check.total)))
    return answers


def _number(answers: Answers, term: str) -> Decimal:
    answer = answers.get(term)
    return Decimal(answer.replace(".", "").replace(",", ".")) if isinstance(answer, str) else Decimal()


def _chance(seed: str, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{key}".encode()).digest()[:4], "big")


def _answer(field: Field, *, seed: str, times: int) -> Answer:
    chance = _chance(seed, field.key)
    match field.kind:
        case FieldKind.NUMBER:
            return _made_number(field, chance, times=times)
        case FieldKind.CHOICE:
            return field.choices[chance % len(field.choices)][0]
        case FieldKind.TEXT:
            return _SAID[chance % len(_SAID)]
        case FieldKind.TABLE if field.rows is RowsOf.FREE:
            made = {column.key: str(chance % 9 + 1) if column.kind is FieldKind.NUMBER else "Nội dung 1" for column in field.columns}
            return [made]
        case _:
            return ""


def _made_number(field: Field, chance: int, *, times: int) -> str:
    low, high = field.minimum or Decimal(), field.maximum
    if usual := _USUAL.get(field.key):
        number = Decimal(usual[chance % len(usual)] * (1 if field.key in _STANDING else times))
        return number_text(max(low, number if high is None else min(high, number)))
    number = low + chance % _MOST * times
    if high is not None and number > high:
        number = low + chance % int(high - low + 1)
    return number_text(number)
