"""What a successor takes over of a predecessor: its own scores of leaves that are the same, and nothing that is scored already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from evaluation.criteria.sets import CriteriaSet, Method, Node, Scoring
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.filling import Act, appraise, explain, score_self
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Sheet
from evaluation.scores.succession import taken_over

ACT = Act(by="c1", at=datetime(2025, 3, 3, 2, 0, tzinfo=UTC), why="tiếp nhận từ so-cu")


def leaf(key: str, maximum: str = "10") -> Node:
    return Node(key=key, title=f"Mục {key}", maximum=Decimal(maximum), scoring=Scoring(method=Method.POINTS))


def sheet(unit: str, *nodes: Node, exempt: str = "") -> Sheet:
    exemptions = (Exemption(cycle="7", unit=unit, node=exempt, reason="đặc thù", approver="c2", document=""),) if exempt else ()
    scope = Scope(cycle="7", unit=unit, criteria=CriteriaSet(key="bo", title="Bộ", fields=nodes), group="so", exemptions=exemptions)
    return Sheet(scope=scope)


def scored(given: Sheet, **points: str) -> Sheet:
    for key, value in points.items():
        node = key.removeprefix("n")
        given = explain(score_self(given, node, Given(points=Decimal(value)), act=ACT), node, f"theo báo cáo {value}", act=ACT)
    return given


def test_own_scores_pass_with_how_they_were_scored_and_why_they_are_there() -> None:
    source = scored(sheet("so-cu", leaf("1"), leaf("2")), n1="7", n2="8.5")
    found = taken_over(sheet("so-moi", leaf("1"), leaf("2")), source, act=ACT)
    assert (found.nodes, found.left) == (("1", "2"), ())
    assert [(one.self_score, one.explanation and one.explanation.text) for one in map(found.sheet.entry, ("1", "2"))] == [
        (Decimal(7), "theo báo cáo 7"),
        (Decimal("8.5"), "theo báo cáo 8.5"),
    ]
    assert {one.why for one in found.sheet.history if one.what == "self"} == {ACT.why}


def test_what_the_successor_has_scored_stays_and_so_does_what_is_scored_in_another_way_or_exempt() -> None:
    source = scored(sheet("so-cu", leaf("1"), leaf("2"), leaf("3"), leaf("4")), n1="7", n2="8", n3="9", n4="6")
    own = scored(sheet("so-moi", leaf("1"), leaf("2", "20"), leaf("3"), leaf("5"), exempt="3"), n1="2")
    found = taken_over(own, source, act=ACT)
    assert (found.nodes, found.left) == ((), ("1", "2", "3", "4"))
    assert found.sheet.entry("1").self_score == Decimal(2)


def test_nothing_of_an_appraisal_passes() -> None:
    source = appraise(scored(sheet("so-cu", leaf("1")), n1="7"), "1", Decimal(3), remark="thiếu", act=ACT)
    entry = taken_over(sheet("so-moi", leaf("1")), source, act=ACT).sheet.entry("1")
    assert (entry.self_score, entry.appraised, entry.remark) == (Decimal(7), None, "")


def test_a_second_predecessor_fills_what_the_first_left_empty() -> None:
    first = taken_over(sheet("so-moi", leaf("1"), leaf("2")), scored(sheet("so-a", leaf("1")), n1="7"), act=ACT)
    second = taken_over(first.sheet, scored(sheet("so-b", leaf("1"), leaf("2")), n1="1", n2="4"), act=replace(ACT, why="so-b"))
    assert (second.nodes, second.left) == (("2",), ("1",))
    assert [second.sheet.entry(node).self_score for node in ("1", "2")] == [Decimal(7), Decimal(4)]
