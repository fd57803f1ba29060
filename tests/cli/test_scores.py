"""A sheet on the command line: filled in, out as a workbook and in again, shown; what is refused says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook

from cli.errors import ExitCode
from cli.opening import opened
from config.scores_columns import ROWS_SHEET
from store.commands.moves import accept
from tests.store.scoring import with_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Dondoc

AT = ("--as", "officer.xa-1", "--at", "2025-02-12T09:00")


def test_a_sheet_by_command_line(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.do("authority", "list")
    with opened() as store:
        sheets = with_sheets(store)
        own = sheets.of("self")
    dondoc.do("score", "fill", own, "1.2", "--done", "2", "--of", "3", "--explanation", "một cửa", *AT)
    assert dondoc("score", "fill", own, "1.2", "--rate", "90", *AT).code == ExitCode.CONFLICT
    refused = dondoc("score", "fill", own, "2", "--errors", "nhiều", *AT)
    assert (refused.code, "2 · errors" in refused.err) == (ExitCode.REFUSED, True)
    file = tmp_path / "phieu.xlsx"
    dondoc.do("score", "export", own, file)
    book = load_workbook(file)
    head = {cell.value: number for number, cell in enumerate(book[ROWS_SHEET][1], start=1)}
    row = next(line for line in range(2, book[ROWS_SHEET].max_row + 1) if book[ROWS_SHEET].cell(line, 1).value == "2")
    book[ROWS_SHEET].cell(row, head["Số lỗi"], 2)
    book.save(file)
    dondoc.do("score", "import", own, file, *AT)
    shown = dondoc.read("score", "show", own)
    assert (shown["done"], shown["wanted"], [one["node"] for one in shown["missing"]]) == (2, 3, ["1.1", "2"])
    dondoc.do("score", "fill", own, "1.1", "--level", "1", "--explanation", "theo kế hoạch", *AT)
    assert [one["node"] for one in dondoc.read("score", "show", own)["warnings"]] == ["1.1"]
    assert "thiếu tài liệu kiểm chứng bắt buộc" in dondoc.do("score", "show", own)
    assert [one["what"] for one in dondoc.read("score", "history", own, "2")] == ["self", "given"]
    dondoc.do("score", "fill", own, "1.2", "--rate", "66.5", "--version", "1", *AT)
    told = dondoc.do("score", "history", own, "1.2")
    assert ("điểm tự chấm" in told, "1,995" in told, "tỷ lệ %: 66,5" in told) == (True, True, True)
    assert "self score" in dondoc.do("--lang", "en", "score", "history", own, "1.2")


def test_leaves_of_an_accepted_self_assessment_go_back_by_command_line(dondoc: Dondoc) -> None:
    dondoc.do("authority", "list")
    with opened() as store:
        sheets = with_sheets(store)
        sheets.fill()
        sheets.hand_in()
        own, appraisal = sheets.of("self"), sheets.of("appraisal")
        sheets.do(accept, own, by="officer.so-noi-vu")
    team = ("--as", "officer.so-tu-phap", "--at", "2025-02-12T09:00")
    dondoc.do("score", "return", appraisal, "--leaf", "2=Thiếu số liệu", *team)
    refused = dondoc("score", "fill", own, "1.2", "--rate", "90", "--version", "1", *AT)
    assert (refused.code, "chỉ sửa các mục được trả lại: 2" in refused.err) == (ExitCode.REFUSED, True)
    dondoc.do("score", "fill", own, "2", "--errors", "4", "--explanation", "rà lại", "--version", "2", *AT)
