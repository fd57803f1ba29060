"""A unit's sheet as a workbook: out and in again without a change, and every fault at its cell."""

from __future__ import annotations

import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from config.criteria_files import find_criteria, read_criteria
from config.faults import SheetError
from config.scores_reading import read_sheet
from config.scores_writing import sheet_workbook
from evaluation.criteria.sets import Level, Method, Node, Scoring
from evaluation.scores.faults import ScoreError
from evaluation.scores.filling import Act, appraise, explain, hand_in, score_self, settle
from evaluation.scores.methods import Given
from evaluation.scores.rows import SheetRow, fill_in, rows_of
from evaluation.scores.sheets import Part, Sheet
from tests.evaluation.scores.small_sets import make_leaf, make_scope, make_set

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.scores.exemptions import Scope

D = Decimal
ACT = Act(by="officer", at=datetime(2023, 1, 9, 2, 0, tzinfo=UTC), why="x")
LEVELS = Scoring(method=Method.LEVELS, levels=(Level(words="Đủ", points=D("1.5")), Level(words="Thiếu", points=D(0))))
CRITERIA = make_set(
    Node(
        key="1",
        title="Chỉ đạo, điều hành",
        children=(
            make_leaf("1.1", "1.5", scoring=LEVELS),
            make_leaf("1.2", "3", Method.RATIO),
            make_leaf("1.3", "2.5", scoring=Scoring(method=Method.DEDUCTION, each=D("0.25"))),
            make_leaf("1.10", "10.05"),
        ),
    ),
    make_leaf("2", "30", Method.SURVEY),
    make_leaf("3", "5", Method.BONUS),
)
SCOPE = make_scope("so-noi-vu", criteria=CRITERIA)


def full_sheet() -> Sheet:
    sheet = score_self(Sheet(scope=SCOPE), "1.1", Given(level=1), act=ACT)
    sheet = score_self(sheet, "1.2", Given(done=D(1), of=D(7)), act=ACT)
    sheet = score_self(sheet, "1.3", Given(errors=3), act=ACT)
    sheet = score_self(sheet, "1.10", Given(points=D("10.05")), act=ACT)
    sheet = score_self(sheet, "3", Given(points=D("-0.125")), act=ACT)
    sheet = explain(sheet, "1.10", '=HYPERLINK("x")\nDòng hai, có “dấu”', act=ACT)
    sheet = hand_in(sheet, "1.2", ("Kế hoạch 12.pdf", "+bảng.xlsx"), act=ACT)
    endless = sheet.entry("1.2").self_score
    assert endless is not None
    sheet = appraise(sheet, "1.2", endless, act=ACT)
    sheet = appraise(sheet, "1.10", D("9.375"), remark="@thiếu báo cáo", act=ACT)
    return settle(sheet, "2", D("24.123"), act=ACT)


def saved(sheet: Sheet, folder: Path) -> Path:
    path = folder / "phieu.xlsx"
    path.write_bytes(sheet_workbook(sheet, name="Sở Nội vụ"))
    return path


def touched(sheet: Sheet, folder: Path, **cells: Any) -> Path:
    """Return the workbook with other values in cells, named by column header letter and row."""
    book = load_workbook(BytesIO(sheet_workbook(sheet)))
    for name, value in cells.items():
        book["Phiếu chấm điểm"][name] = value
    path = folder / "phieu.xlsx"
    book.save(path)
    return path


def refused(path: Path, scope: Scope = SCOPE) -> list[tuple[str, str]]:
    with pytest.raises(SheetError) as error:
        read_sheet(path, scope)
    return [(fault.code, fault.cell.removeprefix("Phiếu chấm điểm!")) for fault in error.value.faults]


def test_a_sheet_comes_back_as_it_went_out(tmp_path: Path) -> None:
    sheet = full_sheet()
    rows = read_sheet(saved(sheet, tmp_path), SCOPE)
    assert rows == rows_of(sheet)
    assert fill_in(sheet, rows, act=ACT) == sheet
    assert rows["1.10"].explanation == '=HYPERLINK("x")\nDòng hai, có “dấu”'


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    table = load_workbook(saved(full_sheet(), tmp_path))["Phiếu chấm điểm"]
    cells = [cell for row in table.iter_rows() for cell in row if isinstance(cell.value, str) and cell.value[0] in "=+-@"]
    assert len(cells) >= 2
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    assert isinstance(table["J6"].value, float)  # an officer can add it up


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=30)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.tuples(WORDS, WORDS), thousandths=st.integers(0, 10_050), done=st.integers(0, 10**9))
def test_any_text_and_any_score_comes_back(texts: tuple[str, str], thousandths: int, done: int, tmp_path: Path) -> None:
    words = unicodedata.normalize("NFC", f"{texts[0]}\n{texts[1]}")
    sheet = score_self(Sheet(scope=SCOPE), "1.10", Given(points=D(thousandths).scaleb(-3)), act=ACT)
    sheet = score_self(sheet, "1.2", Given(done=D(done).scaleb(-2), of=D(10**9)), act=ACT)
    sheet = replace(sheet, entries={**sheet.entries, "1.1": replace(sheet.entry("1.1"), remark=words)})
    assert read_sheet(saved(sheet, tmp_path), SCOPE) == rows_of(sheet)


def test_a_shipped_set_comes_back(tmp_path: Path) -> None:
    criteria = read_criteria(find_criteria("ha-noi-2022-phong")).criteria
    scope = make_scope("phong-noi-vu", criteria=criteria, group="phong-ban")
    assert read_sheet(saved(Sheet(scope=scope), tmp_path), scope) == {step.node.key: SheetRow(node=step.node.key) for step in scope.leaves}


def test_what_an_officer_types_becomes_the_units_scores(tmp_path: Path) -> None:
    path = touched(Sheet(scope=SCOPE), tmp_path, J6="9,5", E3=2, F4="1.234,5", G4=2469, L6="Kế hoạch", M6="a.pdf\nb.pdf")
    sheet = fill_in(Sheet(scope=SCOPE), read_sheet(path, SCOPE), act=ACT)
    assert {node: entry.self_score for node, entry in sheet.entries.items()} == {"1.1": D(0), "1.2": D("1.5"), "1.10": D("9.5")}
    explanation = sheet.entry("1.10").explanation
    assert explanation is not None
    assert (explanation.text, sheet.entry("1.10").evidence) == ("Kế hoạch", ("a.pdf", "b.pdf"))


def test_a_unit_changes_its_own_columns_alone_and_nothing_is_half_applied(tmp_path: Path) -> None:
    sheet = full_sheet()
    rows = read_sheet(touched(sheet, tmp_path, N6=10, H5=None, I5=0), SCOPE)
    with pytest.raises(ScoreError) as error:
        fill_in(sheet, rows, act=ACT)
    assert [(fault.code, fault.node) for fault in error.value.faults] == [("column-of-others", "1.10")]


def test_appraisers_and_council_fill_in_their_own_columns(tmp_path: Path) -> None:
    sheet = full_sheet()
    rows = read_sheet(touched(sheet, tmp_path, N3="1,5", N6="9,5", O6="Đã có báo cáo", P4=None), SCOPE)
    done = fill_in(sheet, rows, part=Part.APPRAISED, act=ACT)
    assert (done.entry("1.1").appraised, done.entry("1.10").appraised, done.entry("1.10").remark) == (D("1.5"), D("9.5"), "Đã có báo cáo")
    with pytest.raises(ScoreError) as error:
        fill_in(sheet, rows, part=Part.FINAL, act=ACT)
    assert [(fault.code, fault.where) for fault in error.value.faults] == [
        ("column-of-others", "so-noi-vu · 1.1 · appraised"),
        ("column-of-others", "so-noi-vu · 1.10 · appraised"),
        ("column-of-others", "so-noi-vu · 1.10 · remark"),
    ]
    final = read_sheet(touched(done, tmp_path, P6="9,5"), SCOPE)
    assert fill_in(done, final, part=Part.FINAL, act=ACT).entry("1.10").final == D("9.5")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        pytest.param({"J6": "=1+1"}, [("sheet-formula", "J6")], id="a formula"),
        pytest.param({"L6": "=A1"}, [("sheet-formula", "L6")], id="a formula in a text"),
        pytest.param({"J6": 10.06}, [("sheet-score", "J6")], id="above the maximum"),
        pytest.param({"J6": "chín"}, [("sheet-number", "J6")], id="no number"),
        pytest.param({"J6": True}, [("sheet-number", "J6")], id="a truth value"),
        pytest.param({"G4": "1.234", "F4": 1}, [("sheet-ambiguous", "G4")], id="a point that may part thousands"),
        pytest.param({"J6": date(2023, 5, 1)}, [("sheet-date", "J6")], id="1.5 made a day of"),
        pytest.param({"E3": 1.5}, [("sheet-number", "E3")], id="half a level"),
        pytest.param({"E3": 3}, [("sheet-score", "E3")], id="no such level"),
        pytest.param({"F4": 8, "G4": 7}, [("sheet-score", "F4")], id="more than all"),
        pytest.param({"J4": 1}, [("sheet-score", "J4")], id="points for a ratio"),
        pytest.param({"N6": 11, "P6": -1}, [("sheet-score", "N6"), ("sheet-score", "P6")], id="appraised and final out of range"),
        pytest.param({"J2": 5}, [("sheet-row-closed", "J2")], id="a score for a field"),
        pytest.param({"A6": "1.1"}, [("sheet-row-twice", "A6"), ("sheet-row-lost", "A8")], id="a row twice and one lost"),
        pytest.param({"A6": "9.9"}, [("sheet-row-unknown", "A6"), ("sheet-row-lost", "A8")], id="a leaf that is not there"),
        pytest.param({"B6": "Tiêu chí 1.1"}, [("sheet-row-moved", "B6")], id="columns sorted apart"),
        pytest.param({"J1": "x"}, [("sheet-no-table", "A1")], id="a column renamed"),
    ],
)
def test_every_fault_is_told_by_its_cell(cells: dict[str, Any], told: list[tuple[str, str]], tmp_path: Path) -> None:
    assert refused(touched(Sheet(scope=SCOPE), tmp_path, **cells)) == told


def changed(folder: Path, change: Any) -> Path:
    book = load_workbook(BytesIO(sheet_workbook(Sheet(scope=SCOPE))))
    change(book)
    path = folder / "phieu.xlsx"
    book.save(path)
    return path


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    assert refused(changed(tmp_path, lambda book: book["Phiếu chấm điểm"].merge_cells("J6:K6"))) == [("sheet-merged", "J6:K6")]


def test_macros_and_other_files_are_refused(tmp_path: Path) -> None:
    path = saved(full_sheet(), tmp_path)
    assert refused(path.rename(tmp_path / "phieu.xlsm"))[0][0] == "macros"
    no_book = tmp_path / "x.xlsx"
    no_book.write_bytes(b"PK")
    assert refused(no_book) == [("not-a-table", "")]
    empty = tmp_path / "y.xlsx"
    Workbook().save(empty)
    assert [code for code, _ in refused(empty)] == ["sheet-no-table", *["sheet-of-another"] * 3]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (b"<sheetData><row>" + b"<c><v>1</v></c>" * 260_000 + b"</row></sheetData>", "XML tags, at most 1000000"),
        (b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "34359738368 merged or linked cells"),
        (b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>', "34359738368 merged or linked cells"),
        (b'<mergeCells><mergeCell ref="A1:?"/></mergeCells>', "no workbook that can be read"),
    ],
)
def test_a_small_file_that_would_become_millions_of_cells_is_refused_unread(more: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(BytesIO(sheet_workbook(full_sheet()))) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in whole.namelist():
            bomb.writestr(name, whole.read(name).replace(b"</sheetData>", b"</sheetData>" + more))
    assert path.stat().st_size < 50_000
    with pytest.raises(SheetError, match=words):
        read_sheet(path, SCOPE)


def test_a_sheet_of_another_unit_cycle_or_set_is_refused(tmp_path: Path) -> None:
    path = saved(Sheet(scope=SCOPE), tmp_path)
    other = make_scope("so-tu-phap", criteria=replace(CRITERIA, key="khac"))
    assert refused(path, other) == [("sheet-of-another", "Thông tin!B3"), ("sheet-of-another", "Thông tin!B5")]


def test_nothing_is_scored_in_the_row_of_an_exempt_leaf(tmp_path: Path) -> None:
    scope = make_scope("so-noi-vu", "1.10", criteria=CRITERIA)
    assert refused(touched(Sheet(scope=scope), tmp_path, J6=5), scope) == [("sheet-row-closed", "J6")]
    assert "1.10" not in read_sheet(saved(Sheet(scope=scope), tmp_path), scope)


def test_decomposed_names_are_composed_and_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet: Worksheet = book["Phiếu chấm điểm"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, values in enumerate(reversed(rows), start=2):
            for column, value in enumerate(values, start=1):
                sheet.cell(row=number, column=column).value = unicodedata.normalize("NFD", value) if isinstance(value, str) else value
        sheet["L4"] = unicodedata.normalize("NFD", "Đã gửi kèm")

    rows = read_sheet(changed(tmp_path, change), SCOPE)
    assert list(rows) == ["3", "2", "1.10", "1.3", "1.2", "1.1"]
    assert rows["1.10"].explanation == "Đã gửi kèm"


def test_a_workbook_that_counts_days_from_1904_says_the_same_day(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book["Phiếu chấm điểm"]["L6"] = date(2023, 5, 1)

    assert read_sheet(changed(tmp_path, change), SCOPE)["1.10"].explanation == "2023-05-01"


def test_a_text_that_no_cell_holds_is_refused_and_not_cut_off() -> None:
    sheet = explain(Sheet(scope=SCOPE), "1.10", "x" * 32_768, act=ACT)
    with pytest.raises(ScoreError) as error:
        sheet_workbook(sheet)
    assert [(fault.code, fault.about) for fault in error.value.faults] == [("text-above-cell", "explanation")]
