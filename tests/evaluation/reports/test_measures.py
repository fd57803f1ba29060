"""Measures in a report: a row each, what is typed of it, and what is told when the report is sent."""

from __future__ import annotations

from datetime import date

import pytest

from config.form_files import parse_form
from evaluation.obligations import State
from evaluation.reports.checks import Beside, FormFault, examine
from evaluation.reports.forms import Row, Severity, carried_over
from evaluation.reports.made_up import made_up_answers
from evaluation.reports.measures import OpenMeasure, Told, measure_cell, strange_measures, told, with_measures
from evaluation.reports.typing_in import UnfitAnswerError, fitting

FORM = parse_form("""
format: 1
key: mau
title: Biểu mẫu
title_en: Form
source: customary
sections:
  - key: phan
    title: Phần
    title_en: Part
    fields:
      - {key: loi, kind: text, title: Lời, title_en: Words, required: false}
      - {key: tien-do, kind: measures, title: Tiến độ, title_en: Progress, carry: true}
""")
TWO = (
    OpenMeasure(obligation=7, criterion="1.1", text="Ban hành kế hoạch", due_on=date(2025, 6, 30), percent=20, state=State.OPEN),
    OpenMeasure(obligation=9, criterion="", text="Tập huấn", due_on=None, percent=0, state=State.SCHEDULED),
)
SEVEN = {"measure": "7", "criterion": "1.1", "text": "Ban hành kế hoạch", "due_on": "2025-06-30", "said": "20", "state": "open"}
NINE = {"measure": "9", "criterion": "", "text": "Tập huấn", "due_on": "", "said": "0", "state": "scheduled"}


def faults(*typed: Row, severity: Severity = Severity.WARNING) -> tuple[FormFault, ...]:
    """Return what is wrong with what is typed of the two measures."""
    answers = with_measures(FORM, {"tien-do": typed}, TWO)
    return examine(FORM, answers, beside=Beside(measures=severity))


def test_each_open_measure_has_a_row_with_what_was_typed_of_it() -> None:
    closed = {"measure": "8", "percent": "90"}
    answers = with_measures(
        FORM, {"loi": "x", "tien-do": [{"measure": "9", "percent": "5", "remark": "Một lớp", "said": "?"}, closed]}, TWO
    )
    assert answers == {"loi": "x", "tien-do": [SEVEN, {**NINE, "percent": "5", "remark": "Một lớp"}]}
    assert with_measures(FORM, answers, ()) == {"loi": "x"}
    assert [measure_cell(SEVEN, key, "vi") for key in ("due_on", "state", "said")] == ["30/06/2025", "Đang thực hiện", "20"]


def test_only_what_is_typed_is_kept_of_a_row() -> None:
    assert fitting(FORM, {"tien-do": [{**SEVEN, "percent": " 40 "}, NINE]}) == {"tien-do": [{"measure": "7", "percent": "40"}]}
    with pytest.raises(UnfitAnswerError, match="says its"):
        fitting(FORM, {"tien-do": [{"percent": "40"}]})
    with pytest.raises(UnfitAnswerError, match="no column"):
        fitting(FORM, {"tien-do": [{"measure": "7", "khac": "1"}]})
    assert strange_measures([SEVEN], [{"measure": "7", "percent": "1"}, {"measure": "8", "percent": "1"}]) == ["8"]


def test_a_measure_without_progress_is_as_bad_as_the_plan_says() -> None:
    (one,) = faults({"measure": "9", "percent": "0"})
    assert (one.severity, one.row, one.column) == (Severity.WARNING, 1, "percent")
    assert one.vi == "Tiến độ: “1.1 Ban hành kế hoạch”: chưa báo cáo tiến độ (%)."
    assert [one.severity for one in faults(severity=Severity.ERROR)] == [Severity.ERROR, Severity.ERROR]
    assert examine(FORM, {}, beside=Beside(measures=Severity.ERROR)) == (), "who has no measures has nothing to tell"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"percent": "nhiều"}, "không phải số"),
        ({"percent": "40,5"}, "phải là số nguyên"),
        ({"percent": "101"}, "lớn hơn 100"),
        ({"percent": "-1"}, "nhỏ hơn 0"),
        ({"remark": "Đã trình"}, "chưa báo cáo tiến độ"),
    ],
)
def test_progress_that_is_none_is_an_error_whatever_the_plan_says(row: Row, said: str) -> None:
    (one,) = faults({"measure": "7", **row}, {"measure": "9", "percent": "100"})
    assert (one.severity, said in one.vi) == (Severity.ERROR, True)


def test_what_a_submission_before_said_in_the_same_words_is_not_told_again() -> None:
    first = with_measures(
        FORM, {"tien-do": [{"measure": "9", "percent": "5"}, {"measure": "7", "percent": "40", "remark": "Đã trình"}]}, TWO
    )
    both = [Told(obligation=7, percent=40, remark="Đã trình"), Told(obligation=9, percent=5, remark="")]
    assert told(FORM, first, before={}) == both
    again = with_measures(
        FORM, {"tien-do": [{"measure": "9", "percent": "15"}, {"measure": "7", "percent": "40", "remark": "Đã trình"}]}, TWO
    )
    assert told(FORM, again, before=first) == [Told(obligation=9, percent=15, remark="")]


def test_progress_is_not_carried_over_and_made_up_as_it_was_said() -> None:
    answers = with_measures(FORM, {"tien-do": [{"measure": "7", "percent": "40"}]}, TWO)
    assert carried_over(FORM, answers) == {}
    made = made_up_answers(FORM, seed="xa-1", period="2025-Q1", begun=answers)
    assert made["tien-do"] == [{**SEVEN, "percent": "20"}, {**NINE, "percent": "0"}]
