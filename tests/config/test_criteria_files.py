"""Criteria files: every fault at its line or cell, the shipped sets, and the round trip through YAML and a workbook."""

from __future__ import annotations

import json
import string
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import Workbook, load_workbook

from config.criteria_fault_words import CRITERIA_FAULT_WORDS
from config.criteria_files import CRITERIA_SCHEMA, find_criteria, read_criteria, shipped_criteria
from config.criteria_writing import criteria_workbook, criteria_yaml
from config.fault_nouns import NOUNS
from config.faults import CriteriaError
from evaluation.criteria.sets import Counts, CriteriaSet, Decision, Lead, Level, Method, Node, Scoring, leaves, points_below, walk

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """format: 1
key: thu
title: Thử
total: 20
groups: [so]
criteria:
  - key: "1"
    title: Một
    maximum: 10.05
    method: deduction
    each: 0.5
  - key: "2"
    title: Hai
    children:
      - {key: "2.1", title: Hai một, maximum: "9.950", evidence: Báo cáo, evidence_required: true, leads: [{party: so-noi-vu}]}
"""


def written(tmp_path: Path, text: str, *, name: str = "thu.yaml") -> Path:
    (file := tmp_path / name).write_text(text, encoding="utf-8")
    return file


def faults_of(file: Path, **given: object) -> list[tuple[str, str]]:
    with pytest.raises(CriteriaError) as refused:
        read_criteria(file, name=file.name, **given)  # type: ignore[arg-type]
    return [(fault.code, fault.where) for fault in refused.value.faults]


def test_points_keep_every_digit_that_was_written(tmp_path: Path) -> None:
    read = read_criteria(written(tmp_path, SMALL))
    assert read.misfits == ()
    assert [str(step.node.maximum) for step in leaves(read.criteria)] == ["10.05", "9.950"]
    assert sum(map(points_below, read.criteria.fields)) == Decimal("20.000")


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        pytest.param("10.05", "mười", ("bad-points", "thu.yaml:9:14"), id="no number"),
        pytest.param("10.05", "10.0505", ("bad-points", "thu.yaml:9:14"), id="too many decimals"),
        pytest.param("10.05", "-1", ("negative-points", "thu.yaml:9:14"), id="below nothing"),
        pytest.param("    maximum: 10.05\n", "", ("leaf-without-points", "thu.yaml:7:5"), id="a leaf without points"),
        pytest.param("    each: 0.5\n", "", ("method-lacks", "thu.yaml:7:5"), id="a deduction of nothing"),
        pytest.param("method: deduction", "method: ratio", ("not-of-method", "thu.yaml:11:5"), id="another method's parameter"),
        pytest.param("method: deduction", "method: deducted", ("unknown-word", "thu.yaml:10:13"), id="an unknown method"),
        pytest.param('key: "2.1"', 'key: "1"', ("duplicate", "thu.yaml:15:15"), id="a number twice"),
        pytest.param('key: "2.1"', "key: 2.1", ("wrong-type", "thu.yaml:15:15"), id="a number that is no text: 2.10 would become 2.1"),
        pytest.param(
            "title: Hai\n", "title: Hai\n    method: points\n", ("method-of-no-leaf", "thu.yaml:14:5"), id="a method above leaves"
        ),
        pytest.param(
            "title: Một", "title: Một\n    groups: [xa]", ("group-not-of-set", "thu.yaml:9:14"), id="a group that the set is not for"
        ),
        pytest.param("so-noi-vu}", "so-noi-vu, from: 2025-02-30}", ("bad-date", "thu.yaml:15:133"), id="no day"),
        pytest.param(
            "so-noi-vu}", "so-noi-vu, from: 2025-03-01, to: 2025-02-01}", ("dates-reversed", "thu.yaml:15:133"), id="ends before it begins"
        ),
        pytest.param("party: so-noi-vu", "party: so-noi-vo", ("unknown-word", "thu.yaml:15:116"), id="led by nobody"),
    ],
)
def test_a_fault_is_told_at_its_place(tmp_path: Path, right: str, wrong: str, found: tuple[str, str]) -> None:
    assert SMALL.count(right) == 1
    assert found in faults_of(written(tmp_path, SMALL.replace(right, wrong)), parties=["so-noi-vu"])


def test_a_sum_that_is_off_is_refused_unless_there_is_a_reason(tmp_path: Path) -> None:
    read = read_criteria(written(tmp_path, SMALL.replace("total: 20", "total: 20.5")), name="thu.yaml")
    with pytest.raises(CriteriaError) as refused:
        read.require_sums("  ")
    (fault,) = refused.value.faults
    assert fault.where == "thu.yaml:4:8"
    assert "là 20,000, thiếu 0,500 so với tổng điểm ghi là 20,5" in fault.what_vi
    read.require_sums("quyết định in như vậy")


def test_the_misprinted_set_is_refused_and_taken_with_a_reason() -> None:
    read = read_criteria(find_criteria("huyen-2019-phong"))
    with pytest.raises(CriteriaError, match=r"sum to 99\.55, 0\.45 short of the declared total of 100 \(5 says 10\.05, 10\.50 would fit\)"):
        read.require_sums("")
    read.require_sums("Bản in sai, chờ đính chính")


@pytest.mark.parametrize(("key", "data"), [("nghe-an-3323-so", "48 89"), ("ha-noi-2022-phong", "29 22")])
def test_shipped_sets_have_the_published_counts(key: str, data: str) -> None:
    read = read_criteria(find_criteria(key))
    depths = [step.depth for step in walk(read.criteria)]
    assert read.misfits == ()
    assert f"{depths.count(1)} {depths.count(2)}" == data
    assert all(step.node.example for step in walk(read.criteria) if step.depth)
    assert not any(field.example for field in read.criteria.fields)


def test_shipped_sets_are_found_by_their_key() -> None:
    assert [path.stem for path in shipped_criteria()] == [read_criteria(path).criteria.key for path in shipped_criteria()]
    with pytest.raises(CriteriaError, match="did you mean “vi-du-xa”"):
        find_criteria("vi-du-xã")


def _table(tmp_path: Path, *rows: tuple[str | float | None, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tiêu chí"
    for row in rows:
        sheet.append(row)
    book.save(file := tmp_path / "thu.xlsx")
    return file


def test_faults_of_a_workbook_are_told_by_cell(tmp_path: Path) -> None:
    head = ("Mã", "Thuộc", "Tên", "Điểm tối đa", "Bắt buộc", "Cách chấm")
    rows = (("1", None, "Một", "mười", "có lẽ", "theo mức"), ("2", "9", "Hai", 5, None, None), ("3", "3", "Ba", 5, None, None))
    assert faults_of(_table(tmp_path, head, *rows)) == [
        ("method-lacks", "thu.xlsx:Tiêu chí!A2"),
        ("bad-points", "thu.xlsx:Tiêu chí!D2"),
        ("bad-yes", "thu.xlsx:Tiêu chí!E2"),
        ("unknown-word", "thu.xlsx:Tiêu chí!B3"),
        ("circle", "thu.xlsx:Tiêu chí!B4"),
    ]


def test_a_row_stands_under_the_number_it_begins_with_and_a_comma_is_a_decimal_sign(tmp_path: Path) -> None:
    rows = (
        ("STT", "Nội dung", "Điểm"),
        ("1", "Một", None),
        ("1.1", "Con", "2,5"),
        ("1.1.1", "Cháu", "2,50"),
        ("1.10", "Em", 7.5),
        ("2", "Hai", 1),
    )
    criteria = read_criteria(_table(tmp_path, *rows)).criteria
    assert [(step.node.key, step.depth) for step in walk(criteria)] == [("1", 0), ("1.1", 1), ("1.1.1", 2), ("1.10", 1), ("2", 0)]
    assert sum(map(points_below, criteria.fields)) == 11


def test_what_begins_like_a_formula_is_quoted_on_export(tmp_path: Path) -> None:
    leaf = Node(key="1", title="=1+1", evidence="@ai", maximum=Decimal(1), scoring=Scoring())
    (file := tmp_path / "ra.xlsx").write_bytes(criteria_workbook(CriteriaSet(key="thu", title="-thử", fields=(leaf,))))
    sheet = load_workbook(file)["Tiêu chí"]
    assert [(sheet[cell].data_type, sheet[cell].quotePrefix) for cell in ("C2", "K2")] == [("s", True), ("s", True)]
    assert read_criteria(file).criteria.fields[0].title == "=1+1"


_WORDS = st.text(string.ascii_letters + "=+-@ăâêôơưđ \u0323\u0301,:#", min_size=1, max_size=12).map(
    lambda text: " ".join(unicodedata.normalize("NFC", "x" + text if text[0] not in "=+-@" else text + "x").split())
)
_POINTS = st.decimals(0, 999, places=3) | st.integers(0, 99).map(Decimal)
_DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
_SCORING = st.one_of(
    st.just(Scoring()),
    st.builds(Scoring, method=st.just(Method.RATIO), threshold=st.none() | _POINTS),
    st.builds(Scoring, method=st.just(Method.DEDUCTION), each=_POINTS, floor=st.none() | _POINTS),
    st.builds(Scoring, method=st.just(Method.SURVEY), origin=st.just("") | _WORDS),
    st.builds(Scoring, method=st.just(Method.BONUS), floor=st.decimals(-9, 0, places=2)),
    st.builds(Scoring, method=st.just(Method.LEVELS), levels=st.just((Level(words="Đủ", points=Decimal("0.0")),))),
)
_LEADS = st.lists(
    st.builds(lambda a, b: Lead(party="so-noi-vu", from_on=a, to_on=b if not (a and b and b < a) else None), _DAYS, _DAYS), max_size=2
)


@st.composite
def _nodes(draw: st.DrawFn, key: str = "1", depth: int = 0) -> Node:
    count = draw(st.integers(0, 2)) if depth < 3 else 0
    children = tuple(draw(_nodes(f"{key}.{number}", depth + 1)) for number in range(1, count + 1))
    return Node(
        key=key,
        title=draw(_WORDS),
        maximum=draw(_POINTS if not children else st.none() | _POINTS),
        scoring=None if children else draw(_SCORING),
        groups=draw(st.sampled_from([(), ("so",), ("so", "xa")])),
        evidence=draw(st.just("") | _WORDS),
        evidence_required=draw(st.booleans()),
        leads=tuple(draw(_LEADS)),
        counts=draw(st.sampled_from([Counts(), Counts(criteria=2), Counts(criteria=0, sub_criteria=4)])),
        example=draw(st.booleans()),
        children=children,
    )


_SETS = st.builds(
    CriteriaSet,
    key=st.just("thu"),
    title=_WORDS,
    title_en=st.just("") | _WORDS,
    year=st.none() | st.just(2025),
    decision=st.builds(Decision, number=st.sampled_from(["", "1/QĐ-UBND"]), dated=_DAYS, issuer=st.just("")),
    groups=st.sampled_from([(), ("so", "xa")]),
    total=st.none() | _POINTS,
    counts=st.sampled_from([Counts(), Counts(fields=1, criteria=3)]),
    note=st.just("") | _WORDS,
    fields=st.builds(lambda first, second: (first, second), _nodes("1"), _nodes("2")),
)


def _bare(criteria: CriteriaSet) -> CriteriaSet:
    def bare(node: Node) -> Node:
        return replace(node, line=0, children=tuple(map(bare, node.children)))

    return replace(criteria, file="", fields=tuple(map(bare, criteria.fields)))


@settings(max_examples=6, deadline=None)
@given(criteria=_SETS)
def test_a_set_goes_out_and_comes_back_with_the_same_meaning(criteria: CriteriaSet, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("out")
    (workbook := folder / "thu.xlsx").write_bytes(criteria_workbook(criteria))
    (yaml := folder / "thu.yaml").write_text(criteria_yaml(criteria), encoding="utf-8")
    assert _bare(read_criteria(yaml).criteria) == criteria
    assert _bare(read_criteria(workbook).criteria) == criteria


def test_every_rule_of_the_schema_has_words() -> None:
    whole = json.loads(CRITERIA_SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(whole)
    text = json.dumps(whole)
    assert {"bad-criterion-key"} <= CRITERIA_FAULT_WORDS.keys()
    assert "method" in NOUNS
    assert text.count('"enum"') == text.count('"x-noun"')
    assert text.count('"pattern"') == text.count('"x-fault"')


def test_fault_words_are_filled_alike_in_both_languages() -> None:
    for code, words in CRITERIA_FAULT_WORDS.items():
        for english, vietnamese in ((words.what, words.what_vi), (words.instead, words.instead_vi)):
            facts = [{part.partition("}")[0] for part in text.split("{")[1:]} for text in (english, vietnamese)]
            assert facts[0] == facts[1], code
