"""Forms: what was typed is kept as it was, and every fault of it is a sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from config.form_files import form_text, parse_form
from evaluation.reports.checks import Beside, errors_in, examine, value_of
from evaluation.reports.forms import ReportForm, carried_over
from evaluation.reports.made_up import made_up_answers
from evaluation.reports.numbers import as_number, number_text
from evaluation.reports.periods import report_period
from evaluation.reports.typing_in import UnfitAnswerError, fitting

FORM = """
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
      - {key: tong, kind: number, title: Tổng, title_en: Total, min: 0, max: 1000}
      - {key: dung, kind: number, title: Đúng hạn, title_en: In time, min: 0, max: 1000}
      - {key: tre, kind: number, title: Trễ hạn, title_en: Late, min: 0, max: 1000}
      - {key: ty-le, kind: number, title: Tỷ lệ, title_en: Share, min: 0, max: 100, decimals: 2, required: false}
      - {key: can-bo, kind: number, title: Biên chế, title_en: Staff, required: false, carry: true}
      - key: muc
        kind: choice
        title: Mức
        title_en: Level
        required: false
        choices: [{title: Có, title_en: "Yes"}, {title: Không, title_en: "No"}]
      - {key: tep, kind: file, title: Tệp, title_en: File, required: false, item: bao-cao}
      - key: bang
        kind: table
        title: Bảng
        title_en: Table
        required: false
        rows: units
        columns: [{key: so, title: Số, title_en: Number, kind: number}, {key: ghi-chu, title: Ghi chú, title_en: Note}]
checks:
  - {key: cong, sum: [dung, tre], equals: tong}
  - {key: bang, field: bang.so, at_most: tong}
  - {key: luy-ke, field: tong, holds_earlier: true, severity: warning}
"""
GOOD = {"tong": "10", "dung": "7", "tre": "3"}


def form() -> ReportForm:
    """Return a small form."""
    return parse_form(FORM)


def sentences(answers: dict[str, Any], beside: Beside = Beside()) -> list[str]:  # noqa: B008  frozen
    """Return what is wrong with the answers, in Vietnamese."""
    return [fault.vi for fault in examine(form(), fitting(form(), answers), beside=beside)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", "12"), ("1.234", "1234"), ("1 234 567", "1234567"), ("83,54", "83.54"), ("1.234,5", "1234.5"), ("-3", "-3"), (" 007 ", "7")],
)
def test_number_as_officers_write_it(text: str, number: str) -> None:
    assert as_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["83.54", "1,234,567", "12a", "", "1.23.456", "1e9", "9" * 16, "--1", "1 23"])
def test_what_is_no_number(text: str) -> None:
    assert as_number(text) is None


def test_number_is_written_with_a_decimal_comma() -> None:
    assert [number_text(Decimal(text)) for text in ("1234.5", "12", "-1000000")] == ["1.234,5", "12", "-1.000.000"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, [], id="nothing is wrong"),
        pytest.param({"tong": ""}, ["Tổng: chưa điền."], id="a required field is empty, and its check says nothing"),
        pytest.param({"tre": "4"}, ["“Đúng hạn” (7) + “Trễ hạn” (4) = 11, khác “Tổng” (10)."], id="the total does not add up"),
        pytest.param({"ty-le": "83.54"}, ["Tỷ lệ: “83.54” không phải số (viết 1.234 hoặc 83,54)."], id="a point is no comma"),
        pytest.param({"ty-le": "83,545"}, ["Tỷ lệ: “83,545” có quá 2 chữ số thập phân."], id="too many decimals"),
        pytest.param({"ty-le": "101"}, ["Tỷ lệ: 101 lớn hơn 100."], id="over the greatest"),
        pytest.param({"can-bo": "1,5"}, ["Biên chế: “1,5” phải là số nguyên."], id="no whole number"),
        pytest.param({"muc": "Có lẽ"}, ["Mức: “Có lẽ” không thuộc các lựa chọn: Có, Không."], id="not to be chosen"),
        pytest.param(
            {"bang": [{"unit": "a", "so": "x"}]}, ["Bảng: hàng 1, cột “Số”: “x” không phải số (viết 1.234 hoặc 83,54)."], id="a cell"
        ),
        pytest.param(
            {"bang": [{"unit": "a", "so": "6"}, {"unit": "b", "so": "5"}]}, ["“Bảng: Số” (11) lớn hơn “Tổng” (10)."], id="a column's sum"
        ),
    ],
)
def test_fault_is_a_sentence(changed: dict[str, Any], said: list[str]) -> None:
    assert sentences({**GOOD, **changed}) == said


def test_row_of_an_unknown_unit() -> None:
    rows = [{"unit": "a", "so": "1"}, {"unit": "c", "so": "1"}]
    assert sentences({**GOOD, "bang": rows}, Beside(units={"a", "b"})) == ["Bảng: hàng 2: không có đơn vị “c”."]


@pytest.mark.parametrize(
    ("period", "earlier", "wrong"),
    [
        pytest.param("2026-Q2", {"2026-Q1": {"tong": "11"}}, True, id="six months are less than the first quarter"),
        pytest.param("2026-Q2", {"2026-Q1": {"tong": "10"}}, False, id="as much as the first quarter"),
        pytest.param("2026-Q3", {"2026-Q2": {"tong": "11"}}, False, id="the third quarter is told alone"),
        pytest.param("2026-Q4", {"2026-Q2": {"tong": "6"}, "2026-Q3": {"tong": "5"}}, True, id="the year is less than its parts together"),
        pytest.param("2026-Q4", {"2026-Q1": {"tong": "6"}, "2026-Q2": {"tong": "6"}}, False, id="the first quarter is in the six months"),
    ],
)
def test_cumulative_report_holds_the_earlier_ones(period: str, earlier: dict[str, Any], wrong: bool) -> None:  # noqa: FBT001
    faults = examine(form(), GOOD, beside=Beside(period=report_period(period), earlier=earlier))
    assert bool(faults) is wrong
    assert errors_in(faults) == ()  # the form says that it is a warning


def test_file_that_is_asked_and_missing() -> None:
    asked = parse_form(
        FORM.replace(
            "{key: tep, kind: file, title: Tệp, title_en: File, required: false", "{key: tep, kind: file, title: Tệp, title_en: File"
        )
    )
    assert [fault.en for fault in examine(asked, GOOD, beside=Beside())] == ["File: there is no file."]
    assert examine(asked, GOOD, beside=Beside(files={"bao-cao"})) == ()


def test_typed_is_kept_as_typed() -> None:
    typed = {"tong": " 83.54 ", "dung": "", "bang": [{"unit": "a"}, {"unit": "b", "ghi-chu": "x\r\ny"}]}
    assert fitting(form(), typed) == {"tong": "83.54", "bang": [{"unit": "b", "ghi-chu": "x\ny"}]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"khac": "1"}, "khac"),
        ({"tep": "1"}, "tep"),
        ({"tong": 1}, "tong"),
        ({"tong": "\x00"}, "tong"),
        ({"tong": "x" * 20_001}, "tong"),
        ({"bang": "x"}, "bang"),
        ({"bang": [{"khac": "1"}]}, "bang"),
        ({"bang": [{"so": "1"}] * 501}, "bang"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(UnfitAnswerError) as refused:
        fitting(form(), given)
    assert refused.value.field == field


def test_only_what_carries_is_carried() -> None:
    assert carried_over(form(), {**GOOD, "can-bo": "12"}) == {"can-bo": "12"}


def test_value_of_a_column_is_its_sum() -> None:
    assert value_of({"bang": [{"so": "1"}, {"so": "x"}, {"so": "2"}]}, "bang.so") == Decimal(3)
    assert value_of({}, "bang.so") is None


def test_shipped_form_asks_the_six_contents_and_two_more() -> None:
    shipped = parse_form(form_text("cchc-dinh-ky"))
    assert [section.title for section in shipped.sections][1:7] == [
        "Cải cách thể chế",
        "Cải cách thủ tục hành chính",
        "Cải cách tổ chức bộ máy",
        "Cải cách chế độ công vụ",
        "Cải cách tài chính công",
        "Xây dựng và phát triển chính quyền điện tử, chính quyền số",
    ]
    assert (shipped.source, [section.key for section in shipped.sections][7:]) == ("customary", ["long-ghep", "kien-nghi"])


def test_made_up_answers_are_such_as_a_unit_might_give() -> None:
    shipped = parse_form(form_text("cchc-dinh-ky"))
    made = [made_up_answers(shipped, seed=f"xa-{unit}", period="2026-Q4", begun={}) for unit in range(124)]
    disciplined, staff = (sum(int(str(one[key]).replace(".", "")) for one in made) for key in ("vi-pham", "bien-che"))
    assert 0 < disciplined * 100 < staff, "fewer than one in a hundred"
    late, files = (sum(int(str(one[key]).replace(".", "")) for one in made) for key in ("hs-qua-han", "hs-tiep-nhan"))
    assert late * 20 < files


@pytest.mark.parametrize("period", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"])
def test_made_up_answers_have_no_errors(period: str) -> None:
    shipped = parse_form(form_text("cchc-dinh-ky"))
    for unit in range(50):
        answers = made_up_answers(shipped, seed=f"xa-{unit}", period=period, begun={})
        assert errors_in(examine(shipped, fitting(shipped, answers), beside=Beside(period=report_period(period)))) == ()
