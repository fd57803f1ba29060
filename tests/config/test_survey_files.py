"""Question sets, sample plans and exports of ballots, with their faults by line and cell."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from config.criteria_files import find_criteria, read_criteria
from config.faults import SurveyError
from config.loader import find_plan, load_plan
from config.survey_files import parse_survey, survey_text
from config.survey_tables import Known, read_ballots, read_sample
from evaluation.scores.ballots import Ballot, Mode, Sample, question_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTIONS = parse_survey(survey_text("vi-du-xa"))
KNOWN = Known(
    names={
        "xa-1": "UBND xã Bình Minh",
        "xa-2": "UBND xã Đông Bình",
        "so-noi-vu": "Sở Nội vụ",
        "ph-1": "UBND xã Tân Hòa",
        "ph-2": "UBND xã Tân Hoà",
    },
    groups={"xa-1": "ubnd-xa", "xa-2": "ubnd-xa", "so-noi-vu": "so", "ph-1": "ubnd-xa", "ph-2": "ubnd-xa"},
    sets=QUESTIONS.sets,
)
OFFICERS, CITIZENS = "Công chức, viên chức", "Người dân"


def workbook(*rows: Sequence[object]) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Mẫu"
    for row in rows:
        sheet.append(list(row))
    book.save(kept)
    return kept.getvalue()


def faults_of(error: pytest.ExceptionInfo[SurveyError]) -> list[str]:
    return [fault.text("vi") for fault in error.value.faults]


def test_the_shipped_example_says_so_and_fits_its_criteria() -> None:
    assert (QUESTIONS.is_example, "ví dụ" in QUESTIONS.note) == (True, True)
    criteria = read_criteria(find_criteria("vi-du-xa")).criteria
    assert list(question_faults(QUESTIONS.sets, criteria, group="ubnd-xa")) == []


def test_bac_lieus_example_asks_each_group_of_respondents_of_its_plan_and_fits_its_criteria() -> None:
    asked, plan = parse_survey(survey_text("bac-lieu-2020")), load_plan(find_plan("bac-lieu-2020"))
    assert asked.is_example
    for stage in ("survey-questions", "survey"):
        assert sorted(one.respondents for one in asked.sets) == sorted(next(one for one in plan.stages if one.key == stage).subjects)
    for group, key in plan.criteria.items():
        criteria = read_criteria(find_criteria(key)).criteria
        assert list(question_faults(asked.sets, criteria, group=group)) == []


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('points: "2.25"', "points: hai", "bad-points"),
        ('points: "2.25"', "points: 0", "bad-points"),
        ("{key: A,", "{key: B,", "duplicate"),
        ("weight: 100}", "weight: 101}", "out-of-range"),
        ("scale: hai-long}", "scale: tot}", "unknown-word"),
        (", scale: hai-long}", "}", "scale-or-answers"),
        ("key: c2", "key: c1", "duplicate"),
        ("key: nguoi-dan", "key: cong-chuc", "duplicate"),
        ("format: 1", "format: 2", "unknown-word"),
        ("respondents:", "nguoi:", "unknown-key"),
    ],
)
def test_each_fault_of_a_question_set_is_found_at_its_line(was: str, becomes: str, fault: str) -> None:
    text = survey_text("vi-du-xa")
    line = text[: text.index(was)].count("\n") + 1
    with pytest.raises(SurveyError) as error:
        parse_survey(text.replace(was, becomes, 1), file="phieu.yaml")
    found = next(one for one in error.value.faults if one.code == fault)
    assert abs(found.line - line) <= (20 if fault == "duplicate" else 0)
    assert found.where.startswith("phieu.yaml:")


def test_a_survey_that_is_nowhere_is_told_from_the_examples() -> None:
    with pytest.raises(SurveyError, match="did you mean “vi-du-xa”"):
        survey_text("vi-du-x")


def test_a_sample_plan_is_read_as_rows_or_as_a_matrix() -> None:
    rows = "Đơn vị,Nhóm đối tượng,Số phiếu,Hình thức\nxa-1,người dân,10,\nUBND xã Đông Bình,Người dân,5,Trực tuyến\n"
    assert read_sample(rows.encode(), name="mau.csv", known=KNOWN) == (
        Sample(unit="xa-1", respondents=CITIZENS, planned=10),
        Sample(unit="xa-2", respondents=CITIZENS, planned=5, mode=Mode.ONLINE),
    )
    matrix = workbook(("Mẫu phiếu năm 2025",), ("Đơn vị", OFFICERS, CITIZENS), ("xa-1", 15, 10), ("xa-2", 15, None))
    found = read_sample(matrix, name="mau.xlsx", known=KNOWN)
    assert [(one.unit, one.respondents, one.planned) for one in found] == [
        ("xa-1", OFFICERS, 15),
        ("xa-1", CITIZENS, 10),
        ("xa-2", OFFICERS, 15),
    ]


def test_faults_of_a_sample_plan_name_their_cells() -> None:
    with pytest.raises(SurveyError) as error:
        read_sample(
            workbook(("Đơn vị", OFFICERS), ("xa-9", 3), ("xa-1", "mười"), (None, 4), ("xa-1", 1), ("xa-1", 2)), name="m.xlsx", known=KNOWN
        )
    assert faults_of(error) == [
        "m.xlsx:Mẫu!A2: đơn vị, tổ chức, cá nhân “xa-9” không có — có phải là “xa-2”?",
        "m.xlsx:Mẫu!B3: “mười” không phải số phiếu — viết số nguyên từ 0 đến 100000",
        "m.xlsx:Mẫu!A4: “unit” để trống — điền vào ô này",
        "m.xlsx:Mẫu!B6: đơn vị ngày “xa-1” có hai lần (lần đầu ở ô Mẫu!B5) — đặt khóa khác cho một trong hai, hoặc bỏ đi",
    ]


def test_formulas_without_a_value_and_macros_are_refused() -> None:
    with pytest.raises(SurveyError) as error:
        read_sample(workbook(("Đơn vị", OFFICERS), ("xa-1", "=1+2")), name="m.xlsx", known=KNOWN)
    assert "Mẫu!B2" in faults_of(error)[0]
    with pytest.raises(SurveyError, match="macro"):
        read_sample(workbook(("Đơn vị", OFFICERS), ("xa-1", 1)), name="m.xlsm", known=KNOWN)


LIME = (
    '"id","submitdate","lastpage","startlanguage","token","ipaddr","don_vi","bo_cau_hoi","c1","c2","G01Q02[d1]","d2"\n'
    '"1","2025-12-01 08:00:00","2","vi","secret","10.0.0.1","xa-1","cong-chuc","A","Hài lòng","",""\n'
    '"2","","1","vi","secret","10.0.0.1","xa-1","cong-chuc","A","","",""\n'
    '"3","2025-12-01 09:00:00","2","vi","","","xa-2","nguoi-dan","","","b",""\n'
)
KOBO = (
    "start;end;don_vi;nhom/d1;nhom/d2;_id;_uuid;_submission_time;_validation_status\n"
    "#date;#date;#unit;#d1;#d2;;;;\n"
    "2025-12-01;2025-12-01;UBND xã Bình Minh;Rất hài lòng;D;501;uuid-1;2025-12-01T08:00:00;\n"
    "2025-12-01;2025-12-01;UBND xã Bình Minh;A;D;502;uuid-2;2025-12-01T08:00:00;Not approved\n"
)


def test_an_export_of_limesurvey_is_read_as_it_comes() -> None:
    """By codes or full answers, sub-questions in brackets; a response never sent off is no ballot; who answered is not read."""
    read = read_ballots(LIME.encode(), name="lime.csv", known=KNOWN)
    assert read.unfinished == 1
    assert read.ballots == (
        Ballot(key="1", unit="xa-1", question_set="cong-chuc", answers={"c1": "A", "c2": "B"}, mode=Mode.ONLINE),
        Ballot(key="3", unit="xa-2", question_set="nguoi-dan", answers={"d1": "B"}, mode=Mode.ONLINE),
    )
    assert "secret" not in repr(read)


def test_an_export_of_kobotoolbox_is_read_as_it_comes() -> None:
    read = read_ballots(KOBO.encode(), name="kobo.csv", known=KNOWN, question_set="Người dân")
    assert read.unfinished == 1
    assert read.ballots == (Ballot(key="501", unit="xa-1", question_set="nguoi-dan", answers={"d1": "A", "d2": "D"}, mode=Mode.ONLINE),)


def test_a_word_that_may_mean_two_answers_is_told_by_its_cell() -> None:
    """The letter of one answer, the words of another."""
    (first, second, *_) = (one for one in KNOWN.sets[0].questions[0].answers)
    answers = (first, replace(second, words=first.key))
    asked = replace(KNOWN.sets[0].questions[0], answers=answers)
    mixed = replace(KNOWN, sets=(replace(KNOWN.sets[0], questions=(asked,)),))
    csv = f"id,unit,{asked.key}\n1,xa-1,{second.key}\n2,xa-1,{first.key}\n"
    with pytest.raises(SurveyError) as error:
        read_ballots(csv.encode(), name="p.csv", known=mixed, question_set=KNOWN.sets[0].key)
    (told,) = faults_of(error)
    assert told.startswith(f"p.csv:C3: “{first.key}” có thể là hai lựa chọn của {asked.key}: {first.key}, {second.key}")


def test_a_unit_is_named_as_a_choice_of_kobotoolbox() -> None:
    assert (KNOWN.unit("xa_1"), KNOWN.unit("so_noi_vu"), KNOWN.unit("xa_9")) == ("xa-1", "so-noi-vu", "")


@pytest.mark.parametrize(
    ("csv", "fault"),
    [
        ("id,unit,set,d1\n1,xa-1,nguoi-dan,E\n", "D2: “E” không thuộc các lựa chọn của d1 — chọn một trong các giá trị: A, B, C, D"),
        ("id,unit,set,from_unit,d1\n1,xa-1,nguoi-dan,UBND xã Bình Minh,A\n", "D2: người trả lời thuộc chính đơn vị được đánh giá (xa-1)"),
        (
            "id,unit,set,from_unit,d1\n1,ph-2,nguoi-dan,UBND xã Tân Hòa,A\n",
            "D2: “UBND xã Tân Hòa” là tên của nhiều đơn vị: ph-1, ph-2 — ghi khóa",
        ),
        ("id,unit,set,d1\n1,xa-1,nguoi-dan,A\n1,xa-2,nguoi-dan,A\n", "A3: phiếu 1 có hai lần (lần đầu ở ô A2) — chỉ giữ một"),
        ("id,unit,set,d1\n1,so-noi-vu,nguoi-dan,A\n", "B2: bộ câu hỏi “nguoi-dan” không dành cho nhóm của so-noi-vu"),
        ("id,unit,set,d1\n1,xa-1,doanh-nghiep,A\n", "C2: bộ câu hỏi “doanh-nghiep” không có"),
        ("id,unit,set,d2\n1,xa-1,nguoi-dan,A\n", "A1: thiếu cột “d1” — thêm cột này"),
        ("unit,set,d1\nxa-1,nguoi-dan,A\n", "A1: không có dòng nào nêu các cột cần có: id, unit, question_set"),
        ("id,unit,set,d1\n,xa-1,nguoi-dan,A\n", "A2: “id” để trống"),
        ("id,unit,set,a/d1,b/d1\n1,xa-1,nguoi-dan,A,B\n", "E1: có hai cột của câu hỏi d1 (cột đầu: a/d1) — chỉ giữ một cột"),
        ("id,unit,set,d1\n1,UBND xã Tân Hòa,nguoi-dan,A\n", "B2: “UBND xã Tân Hòa” là tên của nhiều đơn vị: ph-1, ph-2 — ghi khóa"),
    ],
)
def test_each_fault_of_a_file_of_ballots_names_its_cell(csv: str, fault: str) -> None:
    with pytest.raises(SurveyError) as error:
        read_ballots(csv.encode(), name="p.csv", known=KNOWN)
    assert any(one.startswith(f"p.csv:{fault}") for one in faults_of(error)), faults_of(error)


def test_every_fault_of_a_row_is_named() -> None:
    csv = "id,unit,set,from_unit,d1\n,xa-99,nguoi-dan,,E\n1,xa-1,nguoi-dan,xa-1,F\n1,so-noi-vu,nguoi-dan,,A\n"
    with pytest.raises(SurveyError) as error:
        read_ballots(csv.encode(), name="p.csv", known=KNOWN)
    assert [(one.cell, one.code) for one in error.value.faults] == [
        ("A2", "cell-empty"),
        ("B2", "unknown-word"),
        ("E2", "no-answer-of-these"),
        ("D3", "own-unit"),
        ("E3", "no-answer-of-these"),
        ("A4", "ballot-twice"),
        ("B4", "not-about"),
    ]
