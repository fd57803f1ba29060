"""Reports by the command line as workbooks: one form, and all that the units sent of a period."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import AT as LAUNCHED
from tests.store.queries.test_report_facts import CHAIN, OWED
from tests.store.test_reports import GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Dondoc

OFFICER = ("--as", "officer.so-noi-vu")
CYCLE = "small-plan/2025"


@pytest.fixture
def quarter(staffed: Dondoc, tmp_path: Path) -> Dondoc:
    """The small year with a form, in its first period."""
    plan = tmp_path / "plans" / "small-plan.yaml"
    plan.parent.mkdir()
    shutil.copy(staffed.data / "small-roster.yaml", plan.parent)
    text = (staffed.data / "small-plan.yaml").read_text(encoding="utf-8")
    text = text.replace(OWED, f"{OWED}    report: {{form: cchc-dinh-ky, feeds: report-up}}\n", 1)
    plan.write_text(text.replace("  - key: plan\n", f"{CHAIN}  - key: plan\n", 1), encoding="utf-8")
    staffed.do("launch", plan, "--authority", "thu", "--year", 2025, *OFFICER, *LAUNCHED)
    staffed.do("tick", "--at", "2025-03-03T07:30")
    return staffed


def test_a_form_and_a_period_are_written_out(quarter: Dondoc, tmp_path: Path) -> None:
    listed = quarter.read("obligations", "--cycle", CYCLE, "--stage", "report")
    ident = next(one["id"] for one in listed if one["party"] == "xa-1")
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(GOOD), encoding="utf-8")
    at = ("--at", "2025-03-12T09:00")
    quarter.do("reports", "fill", ident, answers, "--as", "officer.xa-1", "--version", 0, *at)
    form, units = tmp_path / "form.xlsx", tmp_path / "units.xlsx"
    assert str(form) in quarter.do("reports", "form-sheet", ident, form)
    book = load_workbook(form)
    row = next(cell.row for cell in book.worksheets[0]["E"] if cell.value == "hs-qua-han")
    book.worksheets[0].cell(row, 3).value = 25
    book.save(form)
    assert "bản 2: 1 mục thay đổi" in quarter.do("reports", "import-sheet", ident, form, "--as", "officer.xa-1", *at)
    assert quarter.read("reports", "show", ident)["answers"]["hs-qua-han"] == "25"
    stale = quarter("reports", "import-sheet", ident, form, "--as", "officer.xa-1", *at)
    assert stale.code != 0 or "bản 2" in stale.out
    rows = {row[1]: row[2] for row in load_workbook(form)["Sheet"].iter_rows(values_only=True)}
    assert rows["Tổng số hồ sơ tiếp nhận trong kỳ"] == 1000
    quarter.do("reports", "units-sheet", CYCLE, "2025-Q1", units, *at)
    names = [row[0] for row in load_workbook(units)["Sheet"].iter_rows(values_only=True)]
    assert (names[0], names[-1], len(names)) == ("Đơn vị", "Cộng", 4)
