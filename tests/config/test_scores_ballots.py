"""Exports of LimeSurvey and KoboToolbox, as they come, become ballots."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from config.faults import SheetError
from config.scores_ballots import Export, Program, read_ballots
from evaluation.scores.ballots import Answer, Ballot, Mode, Question, QuestionSet, Spoiled, sort_ballots
from evaluation.scores.survey import SurveyRules, survey_result

if TYPE_CHECKING:
    from pathlib import Path

D = Decimal
ANSWERS = (
    Answer(key="A1", words="Rất hài lòng", weight=D(100)),
    Answer(key="A2", words="Hài lòng", weight=D(60)),
    Answer(key="A3", words="Không hài lòng", weight=D(0)),
)
STAFF = QuestionSet(
    key="cbcc",
    respondents="cong-chuc",
    title="Công chức",
    questions=(
        Question(key="Q1", words="Chỉ đạo", leaf="2", points=D(10), answers=ANSWERS),
        Question(key="Q2[SQ001]", words="Kỷ luật", leaf="2", points=D(10), answers=ANSWERS, may_skip=True),
    ),
)
UNITS = {"so-noi-vu": "Sở Nội vụ", "so-tu-phap": "Sở Tư pháp"}
LIME = Export(question_set=STAFF, unit_column="DONVI", from_column="COQUAN")
LIME_HEAD = '"id","submitdate","lastpage","startlanguage","seed","startdate","datestamp","DONVI","COQUAN","Q1","Q2[SQ001]","Q1Time"\n'
KOBO = Export(question_set=STAFF, unit_column="don_vi", columns={"Q1": "q1", "Q2[SQ001]": "ky_luat"}, mode=Mode.DIRECT)
KOBO_HEAD = (
    '"start";"end";"don_vi";"nhom/q1";"nhom/ky_luat";"_id";"_uuid";"_submission_time";"_validation_status";"_notes";"_status";'
    '"_submitted_by";"__version__";"_tags";"_index"\r\n'
)


def written(folder: Path, text: str, name: str = "cbcc.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def refused(path: Path, export: Export) -> list[tuple[str, str]]:
    with pytest.raises(SheetError) as error:
        read_ballots(path, export, units=UNITS)
    return [(fault.code, fault.cell) for fault in error.value.faults]


def test_an_export_of_limesurvey_becomes_ballots(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        LIME_HEAD
        + '"1","2022-12-01 08:00:00","2","vi","77","2022-12-01 07:50:00","2022-12-01 08:00:00","Sở Nội vụ","so-tu-phap","A1","A2","12.3"\n'
        + '"2","","1","vi","78","2022-12-01 07:50:00","2022-12-01 07:51:00","Sở Nội vụ","","A1","",""\n'
        + '"3","1980-01-01 00:00:00","2","vi","79","","","so-noi-vu","Sở Nội vụ","Không hài lòng","",""\n'
        + '"4","2022-12-02 08:00:00","2","vi","80","","","Sở Tư pháp","Báo chí","A9","A1",""\n',
    )
    found = read_ballots(path, LIME, units=UNITS)
    assert (found.program, found.broken_off, found.rejected) == (Program.LIMESURVEY, 1, 0)
    assert [(one.key, one.unit, one.from_unit, dict(one.answers)) for one in found.ballots] == [
        ("cbcc:1", "so-noi-vu", "so-tu-phap", {"Q1": "A1", "Q2[SQ001]": "A2"}),
        ("cbcc:3", "so-noi-vu", "so-noi-vu", {"Q1": "A3", "Q2[SQ001]": ""}),
        ("cbcc:4", "so-tu-phap", "Báo chí", {"Q1": "A9", "Q2[SQ001]": "A1"}),
    ]
    counted = sort_ballots(found.ballots, sets=[STAFF], groups={})
    assert [why for _, why in counted.spoiled] == [Spoiled.OWN_UNIT, Spoiled.NO_SUCH_ANSWER]
    assert survey_result("so-noi-vu", counted.valid, sets=[STAFF], rules=SurveyRules()).points == {"2": D(16)}


def test_an_export_of_kobotoolbox_becomes_ballots(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        KOBO_HEAD
        + '"";"";"#org";"#q1";"";"";"";"";"";"";"";"";"";"";""\r\n'
        + '"2022-12-01T08:00:00.000+07:00";"";"so_noi_vu";"A2";"Rất hài lòng";"61";"48583952-1892";"2022-12-01T01:00:10";"";"";'
        + '"submitted_via_web";"";"vX";"";"1"\r\n'
        + '"";"";"so_noi_vu";"A1";"A1";"62";"";"2022-12-01T01:00:10";"Not Approved";"";"submitted_via_web";"";"vX";"";"2"\r\n',
    )
    found = read_ballots(path, KOBO, units=UNITS)
    assert (found.program, found.broken_off, found.rejected) == (Program.KOBOTOOLBOX, 0, 1)
    assert found.ballots == (
        Ballot(key="cbcc:48583952-1892", unit="so-noi-vu", question_set="cbcc", answers={"Q1": "A2", "Q2[SQ001]": "A1"}, mode=Mode.DIRECT),
    )


def test_the_same_as_a_workbook_about_one_unit(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "submitdate", "lastpage", "Q1", "Q2[SQ001]"])
    sheet.append([1, datetime(2022, 12, 1, 8, 0), 2, "A1", None])  # noqa: DTZ001  a spreadsheet's dates have no zone
    sheet.append([2, None, 1, None, None])
    path = tmp_path / "cbcc.xlsx"
    book.save(path)
    found = read_ballots(path, Export(question_set=STAFF, unit="so-noi-vu"), units=UNITS)
    assert (found.broken_off, [(one.key, one.unit, one.answers["Q1"]) for one in found.ballots]) == (1, [("cbcc:1", "so-noi-vu", "A1")])


@pytest.mark.parametrize(
    ("text", "export", "told"),
    [
        pytest.param("a,b\n1,2\n", LIME, [("ballots-unknown", "")], id="another table"),
        pytest.param("", LIME, [("ballots-unknown", "")], id="nothing"),
        pytest.param(
            LIME_HEAD.replace('"Q1"', '"G1Q1"').replace("DONVI", "UNIT"), LIME, [("ballots-no-column", "A1")] * 2, id="columns not there"
        ),
        pytest.param(LIME_HEAD + "1,x,2,vi,7,,,Sở Nội v,,A1,A1,\n", LIME, [("ballots-no-unit", "H2")], id="a unit that nobody knows"),
        pytest.param(
            LIME_HEAD + "1,x,2,vi,7,,,Sở Nội vụ,,A1,A1,\n1,x,2,vi,7,,,Sở Nội vụ,,A1,A1,\n", LIME, [("ballots-twice", "A3")], id="twice"
        ),
        pytest.param(KOBO_HEAD.replace("nhom/ky_luat", "a/q1"), KOBO, [("ballots-no-column", "A1")] * 2, id="two questions of one name"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_cell(text: str, export: Export, told: list[tuple[str, str]], tmp_path: Path) -> None:
    assert refused(written(tmp_path, text), export) == told


def test_a_fault_of_an_export_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as error:
        read_ballots(written(tmp_path, LIME_HEAD + "1,x,2,vi,7,,,Sở Nội v,,A1,A1,\n"), LIME, units=UNITS)
    assert error.value.text("vi") == "cbcc.csv:H2: “Sở Nội v” không phải đơn vị được khảo sát — có phải là “Sở Nội vụ”?"
