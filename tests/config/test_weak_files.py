"""Last year's results are read whole, as a workbook, CSV or YAML, or refused with every fault at its cell; plans say where they go."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from config.faults import PlanError, WeakError
from config.loader import parse_plan
from config.weak_files import WeakKnown, read_uploaded_weak, read_weak
from tests.conftest import SMALL_PLAN
from tests.store.improving import IMPROVING, make_index

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = WeakKnown(
    criteria=make_index().criteria,
    units={"xa-1": "xa-1", "xa 001": "xa-1"},
    province=("thu", "UBND thử"),
    leads={"1.1": "so-noi-vu", "2.1": "so-noi-vu"},
    low_of_units=50,
    low_of_province=50,
)
CSV = 'Đơn vị,Lĩnh vực,Tiêu chí,Điểm đạt,Nguyên nhân\nXã 001,Chỉ đạo,1.1,"0,5",Chậm\nUBND thử,,2.1,0,\n,,1.2,3,\n'
YAML = """format: 1
weak:
  - {unit: xa-1, criterion: "1.1", points: "0.5", cause: Chậm}
  - {unit: tỉnh, criterion: "2.1", points: 0, maximum: "4"}
  - {criterion: "1.2", points: "3"}
"""
READ = [("xa-1", "1.1", Decimal("0.5"), Decimal(2)), ("", "2.1", Decimal(0), Decimal(4)), ("", "1.2", Decimal(3), Decimal(3))]


@pytest.mark.parametrize(("name", "text"), [("a.csv", CSV), ("a.yaml", YAML)])
def test_csv_and_yaml_say_the_same(name: str, text: str) -> None:
    found = read_uploaded_weak(text.encode(), known=KNOWN, name=name)
    assert [(one.unit, one.criterion, one.points, one.maximum) for one in found] == READ
    assert found[0].cause == "Chậm"


def test_every_fault_is_named_by_its_cell(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Kết quả"
    for row in (
        ("Kết quả Chỉ số năm trước",),
        ("Đơn vị", "Tiêu chí", "Điểm đạt", "Điểm tối đa"),
        ("xa-2", "1.1", "0", None),
        ("xa-1", "1.9", "0", None),
        ("xa-1", "1.1", "nhiều", None),
        ("xa-1", "1.2", "4", "3"),
        ("xa-1", "2.1", "1", "5"),
        (None, "3.1", "0", None),
        (None, "2.1", "-1", None),
        (None, "2.1", "1", None),
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WeakError) as caught:
        read_weak(tmp_path / "a.xlsx", known=KNOWN)
    assert [(fault.cell.rpartition("!")[2], fault.code) for fault in caught.value.faults] == [
        ("A3", "unknown-word"),
        ("B4", "unknown-word"),
        ("C5", "bad-points"),
        ("C6", "points-above-maximum"),
        ("D7", "other-maximum"),
        ("B8", "nobody-leads"),
        ("C9", "negative-points"),
        ("B10", "duplicate"),
    ]


def test_what_is_no_table_of_results_is_refused() -> None:
    with pytest.raises(WeakError, match="no sheet has the columns"):
        read_uploaded_weak(b"a,b\n1,2\n", known=KNOWN, name="a.csv")
    without = WeakKnown(criteria=KNOWN.criteria, units=KNOWN.units, leads=KNOWN.leads, low_of_units=50)
    with pytest.raises(WeakError, match="no stage for the weak criteria of the province"):
        read_uploaded_weak(b"Ti\xc3\xaau ch\xc3\xad,\xc4\x90i\xe1\xbb\x83m\n2.1,0\n", known=without, name="a.csv")


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        pytest.param("measures: unit-measures", "measures: unit-measure", "did you mean “unit-measures”", id="a stage that is not there"),
        pytest.param("measures: unit-measures", "measures: plan", "stage", id="a stage that comes by the calendar"),
        pytest.param("measures: unit-measures", "measures: lead-measures", "twice|already|again|first", id="measures of two stages in one"),
        pytest.param("weak: units", "weak: province", "twice|already|again|first", id="two places for the same"),
        pytest.param("weak: units", "weak: unit", "did you mean “units”", id="word"),
        pytest.param("low: 60", "low: 160", "from 0 to 100", id="share"),
        pytest.param("{leads_of: chi-so-tinh", "{per: cell, leads_of: chi-so-tinh", "field, criterion, leaf", id="depth"),
        pytest.param(
            "kind: improvement\n    title: Công đoạn leads", "kind: duty\n    title: Công đoạn leads", "kind: improvement", id="kind"
        ),
    ],
)
def test_a_plan_says_whole_what_it_improves(right: str, wrong: str, says: str) -> None:
    text = SMALL_PLAN.read_text(encoding="utf-8") + IMPROVING
    assert parse_plan(text, file="plan").stage("weak-province").improvement is not None
    with pytest.raises(PlanError, match=says):
        parse_plan(text.replace(right, wrong, 1), file="plan")


def test_what_is_raised_as_it_comes_is_on_request() -> None:
    text = SMALL_PLAN.read_text(encoding="utf-8") + IMPROVING
    wrong = text.replace(
        "    on_request: true\n    opens: {count: 0, unit: calendar, from: event, roll: none}", "    opens: {on: Y-02-03}", 1
    )
    with pytest.raises(PlanError, match="“leads_of” is owed as it comes"):
        parse_plan(wrong, file="plan")
