"""The score of a leaf by its method, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from evaluation.criteria.sets import CriteriaSet, Level, Method, Node, Scoring
from evaluation.scores.faults import At
from evaluation.scores.methods import Given, range_faults, range_of, score_leaf, structure_faults, typed_faults

D = Decimal
LEVELS = (Level(words="Đầy đủ, đúng hạn", points=D(2)), Level(words="Chậm", points=D("0.5")), Level(words="Không có", points=D(0)))


def leaf(method: Method, maximum: str = "2", **scoring: Any) -> Node:
    return Node(key="1.1", title="Kế hoạch CCHC", maximum=D(maximum), scoring=Scoring(method=method, **scoring))


@pytest.mark.parametrize(
    ("node", "given", "points"),
    [
        pytest.param(leaf(Method.LEVELS, levels=LEVELS), Given(level=2), "0.5", id="the level chosen"),
        pytest.param(leaf(Method.LEVELS, levels=LEVELS), Given(points=D("2.0")), "2", id="the points of a level, as a workbook has them"),
        pytest.param(leaf(Method.RATIO, "3"), Given(done=D(1), of=D(3)), "1", id="a third of three is one, not 0.99…"),
        pytest.param(leaf(Method.RATIO, "1"), Given(done=D(2), of=D(3)), "0." + "6" * 29 + "7", id="a ratio is not rounded"),
        pytest.param(leaf(Method.RATIO, "1.5"), Given(rate=D("83.54")), "1.2531", id="a rate in per cent"),
        pytest.param(leaf(Method.RATIO, "2", threshold=D(70)), Given(done=D(69), of=D(100)), "0", id="nothing under the threshold"),
        pytest.param(leaf(Method.RATIO, "2", threshold=D(70)), Given(done=D(7), of=D(10)), "1.4", id="the threshold itself is enough"),
        pytest.param(leaf(Method.RATIO, "2", threshold=D("66.67")), Given(done=D(2), of=D(3)), "0", id="66.666… is under 66.67"),
        pytest.param(leaf(Method.POINTS), Given(points=D("1.375")), "1.375", id="by judgement, three decimals"),
        pytest.param(leaf(Method.DEDUCTION, "2.5", each=D("0.5")), Given(errors=3), "1.0", id="so much for each error"),
        pytest.param(leaf(Method.DEDUCTION, "2.5", each=D("0.5")), Given(errors=9), "0", id="never below 0"),
        pytest.param(leaf(Method.DEDUCTION, "2.5", each=D("0.5"), floor=D(1)), Given(errors=9), "1", id="never below its floor"),
        pytest.param(leaf(Method.IMPORTED, origin="SIPAS"), Given(points=D("1.67")), "1.67", id="a value from elsewhere"),
        pytest.param(leaf(Method.SURVEY), Given(points=D(0)), "0", id="a survey that scored 0"),
        pytest.param(leaf(Method.BONUS, floor=D(-5)), Given(points=D("-2.5")), "-2.5", id="a penalty"),
        pytest.param(leaf(Method.BONUS, levels=(Level(words="Sáng kiến", points=D(1)),)), Given(level=1), "1", id="a bonus by levels"),
    ],
)
def test_a_leaf_is_scored_by_its_method(node: Node, given: Given, points: str) -> None:
    scored = score_leaf(node, given)
    assert scored.faults == ()
    assert scored.points == D(points)


@pytest.mark.parametrize(
    ("node", "given", "codes"),
    [
        pytest.param(leaf(Method.LEVELS, levels=LEVELS), Given(level=4), ["no-such-level"], id="a level that is not there"),
        pytest.param(leaf(Method.LEVELS, levels=LEVELS), Given(points=D(1)), ["points-of-no-level"], id="points of no level"),
        pytest.param(leaf(Method.RATIO), Given(done=D(5), of=D(4)), ["done-above-all"], id="more than all"),
        pytest.param(leaf(Method.RATIO), Given(done=D(0), of=D(0)), ["of-nothing"], id="a share of nothing"),
        pytest.param(leaf(Method.RATIO), Given(done=D(-1), of=D(0)), ["value-out-of-range", "of-nothing"], id="every fault is told"),
        pytest.param(leaf(Method.RATIO), Given(rate=D("100.01")), ["value-out-of-range"], id="a rate above 100"),
        pytest.param(leaf(Method.RATIO), Given(done=D(1)), ["given-otherwise"], id="one of two"),
        pytest.param(leaf(Method.RATIO), Given(points=D(1)), ["given-otherwise"], id="points for a ratio"),
        pytest.param(leaf(Method.POINTS), Given(), ["given-otherwise"], id="nothing"),
        pytest.param(leaf(Method.POINTS), Given(points=D("2.001")), ["score-out-of-range"], id="above the maximum"),
        pytest.param(leaf(Method.POINTS), Given(points=D("-0.1")), ["score-out-of-range"], id="below 0"),
        pytest.param(leaf(Method.POINTS), Given(points=D("1.2345")), ["score-decimals"], id="four decimals"),
        pytest.param(leaf(Method.POINTS), Given(points=D("NaN")), ["score-no-number"], id="no number"),
        pytest.param(leaf(Method.POINTS), Given(points=D("1E+99999999")), ["score-no-number"], id="a number without end"),
        pytest.param(leaf(Method.RATIO), Given(done=D(1), of=D("1E+99999999")), ["score-no-number"], id="of a number without end"),
        pytest.param(leaf(Method.DEDUCTION, each=D(1)), Given(errors=-1), ["value-out-of-range"], id="fewer errors than none"),
        pytest.param(leaf(Method.BONUS, floor=D(-5)), Given(points=D("-5.5")), ["score-out-of-range"], id="more than the most taken off"),
        pytest.param(leaf(Method.BONUS), Given(points=D(-1)), ["score-out-of-range"], id="a bonus without a floor takes nothing off"),
    ],
)
def test_what_a_method_cannot_use_is_refused(node: Node, given: Given, codes: list[str]) -> None:
    scored = score_leaf(node, given, unit="so-noi-vu")
    assert scored.points is None
    assert [fault.code for fault in scored.faults] == codes
    assert {(fault.unit, fault.node) for fault in scored.faults} == {("so-noi-vu", "1.1")}


def test_a_fault_says_where_what_and_how_to_mend_it_in_both_languages() -> None:
    (fault,) = score_leaf(leaf(Method.POINTS, "1.5"), Given(points=D("2.25")), unit="so-noi-vu").faults
    assert fault.text("vi") == "so-noi-vu · 1.1 · points: 2,25 điểm nằm ngoài khoảng 0 đến 1,5 — nhập điểm trong khoảng này"
    assert fault.text("en") == "so-noi-vu · 1.1 · points: 2.25 points lie outside 0 to 1.5 — give points inside of that"
    (asked,) = score_leaf(leaf(Method.RATIO), Given(points=D(1))).faults
    assert asked.vi == "mục này chấm theo: số đạt + tổng số · tỷ lệ %; hiện có: điểm"


def test_a_node_with_children_is_not_scored_and_a_leaf_that_is_a_parent_refuses_the_set() -> None:
    child = leaf(Method.POINTS)
    parent = Node(key="1", title="Chỉ đạo", maximum=D(2), children=(child,))
    assert [fault.code for fault in score_leaf(parent, Given(points=D(1))).faults] == ["not-a-leaf"]
    both = CriteriaSet(key="s", title="s", fields=(replace(parent, scoring=Scoring()),))
    assert [(fault.code, fault.node) for fault in structure_faults(both)] == [("leaf-is-parent", "1")]
    assert structure_faults(CriteriaSet(key="s", title="s", fields=(parent,))) == ()


@pytest.mark.parametrize(
    ("node", "code"),
    [
        pytest.param(leaf(Method.POINTS, "-1"), "maximum-negative", id="a negative maximum"),
        pytest.param(replace(leaf(Method.POINTS), maximum=None), "maximum-missing", id="no maximum"),
        pytest.param(leaf(Method.LEVELS), "levels-missing", id="levels without any"),
        pytest.param(leaf(Method.LEVELS, "1", levels=LEVELS), "level-out-of-range", id="a level above the maximum"),
        pytest.param(leaf(Method.RATIO, threshold=D(101)), "threshold-out-of-range", id="a threshold above 100"),
        pytest.param(leaf(Method.DEDUCTION), "deduction-missing", id="nothing taken off"),
        pytest.param(leaf(Method.DEDUCTION, each=D(1), floor=D(3)), "floor-out-of-range", id="a floor above the maximum"),
        pytest.param(leaf(Method.BONUS, floor=D(1)), "floor-of-bonus", id="a penalty that adds"),
    ],
)
def test_impossible_parameters_refuse_the_leaf(node: Node, code: str) -> None:
    assert [fault.code for fault in structure_faults(CriteriaSet(key="s", title="s", fields=(node,)))] == [code]
    assert code in [fault.code for fault in score_leaf(node, Given(points=D(0))).faults]


def test_scores_of_appraisers_are_held_to_the_same_range() -> None:
    node = leaf(Method.BONUS, "3", floor=D(-1))
    assert range_of(node) == (D(-1), D(3))
    at = At(unit="u", node="1.1", about="final")
    assert [fault.code for fault in range_faults(node, D("3.001"), at=at)] == ["score-out-of-range"]
    assert [fault.code for fault in typed_faults(node, D("0.1234"), at=at)] == ["score-decimals"]
    assert list(typed_faults(node, D("-1.000"), at=at)) == []
