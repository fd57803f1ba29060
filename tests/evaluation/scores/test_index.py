"""Points, maximum and index of a unit: exemptions, years without a survey, bonus, rounding; the worked rules of the domain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext

import pytest

from config.criteria_files import find_criteria, read_criteria
from evaluation.criteria.sets import leaves
from evaluation.scores.exemptions import Exemption, Scope, exemption_faults
from evaluation.scores.faults import ScoreError
from evaluation.scores.index import IndexRules, figures, index_of, is_survey, trace
from evaluation.scores.numbers import displayed, number_written, parts_agree, percent, settled, share, total
from evaluation.scores.results import result_sheet, rounding_agrees
from tests.evaluation.scores.small_sets import CYCLE, FULL, make_leaf, make_scope, make_set

D = Decimal
RULES = IndexRules()


def codes(error: pytest.ExceptionInfo[ScoreError]) -> list[tuple[str, str]]:
    return [(fault.code, fault.node) for fault in error.value.faults]


def test_the_index_is_points_achieved_over_the_maximum_of_every_node() -> None:
    found = index_of(make_scope(), FULL, rules=RULES)
    assert (found.points, found.maximum, found.index) == (D("85.25"), D(100), D("85.25"))
    assert [(one.node, one.points, one.maximum, one.index) for one in figures(found.fields)] == [
        ("1", D(35), D(40), D("87.5")),
        ("1.1", D(27), D(30), D(90)),
        ("1.1.1", D(18), D(20), D(90)),
        ("1.1.2", D(9), D(10), D(90)),
        ("1.2", D(8), D(10), D(80)),
        ("2", D("25.5"), D(30), D(85)),
        ("2.1", D("13.5"), D(15), D(90)),
        ("2.2", D(12), D(15), D(80)),
        ("3", D("24.75"), D(30), D("82.5")),
        ("4", D(0), D(0), None),
    ]
    assert found.is_complete
    assert found.note() == ""


def test_an_exemption_lowers_the_denominator_so_that_points_and_index_differ() -> None:
    scores = {key: points for key, points in FULL.items() if key != "1.2"}
    found = index_of(make_scope("so-noi-vu", "1.2"), scores, rules=RULES)
    assert (found.points, found.maximum) == (D("77.25"), D(90))
    assert displayed(found.index) == D("85.83")
    assert [one.node for one in trace(found) if one.exempt] == ["1.2"]


def test_exempting_a_field_exempts_all_its_leaves() -> None:
    field = index_of(make_scope("so-noi-vu", "1"), {key: FULL[key] for key in ("2.1", "2.2", "3")}, rules=RULES)
    each = index_of(make_scope("so-noi-vu", "1.1", "1.2"), {key: FULL[key] for key in ("2.1", "2.2", "3")}, rules=RULES)
    assert (field.points, field.maximum, field.index) == (each.points, each.maximum, each.index) == (D("50.25"), D(60), D("83.75"))
    assert field.figure("1") is not None
    assert field.fields[0].index is None


def test_an_exemption_holds_in_its_cycle_for_its_unit_alone() -> None:
    other = Exemption(cycle="2021", unit="so-noi-vu", node="1", reason="r", approver="a")
    neighbour = replace(other, cycle=CYCLE, unit="so-tu-phap")
    found = index_of(make_scope(exemptions=(other, neighbour)), FULL, rules=RULES)
    assert found.maximum == D(100)


def test_exempt_from_everything_and_exemptions_without_reason_approver_or_node_are_refused() -> None:
    with pytest.raises(ScoreError) as refused:
        index_of(make_scope("u", "1", "2", "3"), {}, rules=RULES)
    assert codes(refused) == [("exempt-from-everything", "")]
    assert "để đơn vị ngoài kỳ đánh giá" in refused.value.text("vi")
    bare = Exemption(cycle=CYCLE, unit="u", node="9", reason=" ", approver="")
    assert [fault.code for fault in exemption_faults(make_scope("u", exemptions=(bare, bare)))] == [
        "no-such-node",
        "exemption-without-reason",
        "exemption-without-approver",
        "no-such-node",
        "exempt-twice",
        "exemption-without-reason",
        "exemption-without-approver",
    ]


def test_a_year_without_a_survey_is_rescaled_to_100_and_says_so() -> None:
    appraised = {key: points for key, points in FULL.items() if key != "3"}
    found = index_of(make_scope(), appraised, rules=IndexRules(survey_held=False))
    assert (found.points, found.maximum) == (D("60.5"), D(70))
    assert displayed(found.index) == D("86.43")
    assert found.is_complete
    assert found.note("vi") == "Không tổ chức điều tra xã hội học: điểm thẩm định quy đổi về thang 100."
    assert [line.survey for line in result_sheet(found)] == [None] * 5
    survey = found.figure("3")
    assert survey is not None
    assert survey.left_out


def test_no_survey_is_not_a_survey_that_scored_nothing() -> None:
    scored_0 = index_of(make_scope(), {**FULL, "3": D(0)}, rules=RULES)
    assert (scored_0.points, scored_0.maximum, scored_0.index) == (D("60.5"), D(100), D("60.5"))
    assert result_sheet(scored_0)[-1].survey == D("0.00")
    unknown = index_of(make_scope(), {key: points for key, points in FULL.items() if key != "3"}, rules=RULES)
    assert unknown.whole.missing == ("3",)
    with pytest.raises(ScoreError) as refused:
        index_of(make_scope(), {**FULL, "3": D(0)}, rules=IndexRules(survey_held=False))
    assert codes(refused) == [("survey-not-held", "3")]


@pytest.mark.parametrize(
    ("bonus", "rules", "points", "index"),
    [
        pytest.param("5", RULES, "103", "103", id="no cap unless one is set"),
        pytest.param("5", IndexRules(cap=D(100)), "103", "100", id="capped"),
        pytest.param("2", IndexRules(cap=D(100)), "100", "100", id="just at the cap"),
        pytest.param("-5", RULES, "93", "93", id="a penalty"),
        pytest.param("-5", IndexRules(floor=D(95)), "93", "95", id="not below the floor"),
    ],
)
def test_bonus_and_penalty_come_after_the_sum(bonus: str, rules: IndexRules, points: str, index: str) -> None:
    scores = {"1.1.1": D(20), "1.1.2": D(10), "1.2": D(10), "2.1": D(15), "2.2": D(15), "3": D(28), "4": D(bonus)}
    found = index_of(make_scope(), scores, rules=rules)
    assert (found.points, found.maximum, found.index) == (D(points), D(100), D(index))
    assert found.is_capped is (D(points) != D(index))
    assert found.whole.points == D(98)


def test_scores_of_no_leaf_of_exempt_leaves_and_out_of_range_are_refused_together() -> None:
    with pytest.raises(ScoreError) as refused:
        index_of(make_scope("u", "2"), {"1.1": D(1), "2.1": D(1), "1.2": D("10.01"), "4": D(-6)}, rules=RULES)
    assert codes(refused) == [
        ("no-such-leaf", "1.1"),
        ("leaf-exempt", "2.1"),
        ("score-out-of-range", "1.2"),
        ("score-out-of-range", "4"),
    ]


def test_leaves_of_other_groups_count_for_nobody_else() -> None:
    criteria = make_set(make_leaf("1"), make_leaf("2", groups=("xa",)))
    found = index_of(Scope(cycle=CYCLE, unit="u", criteria=criteria, group="so"), {"1": D(5)}, rules=RULES)
    assert (found.maximum, found.index, [one.node for one in found.fields]) == (D(10), D(50), ["1"])


def test_every_total_is_traced_to_its_leaves() -> None:
    found = index_of(make_scope(), FULL, rules=RULES)
    assert [(leaf.node, leaf.points) for leaf in trace(found, "1.1")] == [("1.1.1", D(18)), ("1.1.2", D(9))]
    for one in (found.whole, *figures(found.fields)):
        leaves_of_it = trace(found, one.node)
        assert total(leaf.points for leaf in leaves_of_it) == one.points
        assert total(leaf.maximum for leaf in leaves_of_it) == one.maximum
    assert trace(found, "9") == ()


def test_the_result_sheet_prints_survey_appraisal_total_and_index_with_their_maximum() -> None:
    lines = result_sheet(index_of(make_scope(), {**FULL, "4": D("0.125")}, rules=RULES))
    assert [(one.node, one.survey, one.appraised, one.points, one.maximum, one.bonus, one.index) for one in lines] == [
        ("1", None, D("35.00"), D("35.00"), D(40), D("0.00"), D("87.50")),
        ("2", None, D("25.50"), D("25.50"), D(30), D("0.00"), D("85.00")),
        ("3", D("24.75"), D("0.00"), D("24.75"), D(30), D("0.00"), D("82.50")),
        ("4", None, D("0.00"), D("0.00"), D(0), D("0.13"), None),
        ("", D("24.75"), D("60.50"), D("85.38"), D(100), D("0.13"), D("85.38")),
    ]


def test_display_rounds_half_up_and_parts_are_compared_with_a_tolerance() -> None:
    assert [str(displayed(D(value))) for value in ("83.545", "83.535", "83.5449", "-0.005", "7")] == [
        "83.55",
        "83.54",
        "83.54",
        "-0.01",
        "7.00",
    ]
    assert displayed(D("10.0625"), 3) == D("10.063")
    thirds = [D("3.335"), D("3.335"), D("3.335")]
    assert total(map(displayed, thirds)) - displayed(total(thirds)) == D("0.01")  # 10.02 beside 10.01
    assert parts_agree(thirds, total(thirds))
    assert parts_agree(thirds, total(thirds), tolerance=D("0.01"))
    assert not parts_agree(thirds, total(thirds), tolerance=D("0.009"))
    assert rounding_agrees(index_of(make_scope(), {**FULL, "1.2": D("7.335"), "2.2": D("11.335"), "3": D("24.335")}, rules=RULES))


def test_what_is_equal_is_equal_whatever_way_and_context_it_was_added_up_in() -> None:
    assert total([share(D(1), D(1), D(3))] * 3) != D("1.1")
    sevenths = [share(D(1), D(part), D(7)) for part in (1, 2, 4)]
    with localcontext() as context:
        context.prec = 4
        careless = total(reversed(sevenths))
        assert percent(D("83.5412345"), D("99.55")) == share(D(100), D("83.5412345"), D("99.55"))
    assert careless == total(sevenths)
    assert [number_written(D(value)) for value in ("10.50", "-0.00", "1E+2", "0.10")] == ["10.5", "0", "100", "0.1"]
    assert settled(D("100.000")) == D(100)


def test_the_set_of_2019_is_measured_out_of_what_it_really_sums_to() -> None:
    """The decision prints 10.05 for 10.50 and a total of 100: full points are 99.55, and their index is 100."""
    criteria = read_criteria(find_criteria("huyen-2019-phong")).criteria
    scope = Scope(cycle="2019", unit="phong-noi-vu", criteria=criteria)
    full = {step.node.key: step.node.maximum or D(0) for step in leaves(criteria)}
    found = index_of(scope, full, rules=RULES)
    assert (criteria.total, found.points, found.maximum, found.index) == (D(100), D("99.55"), D("99.55"), D(100))
    nearly = index_of(scope, {**full, "5": D("9.05")}, rules=RULES)
    assert (nearly.points, displayed(nearly.index), displayed(nearly.index, 3)) == (D("98.55"), D("99.00"), D("98.995"))
    assert nearly.index < D("98.9955")


@pytest.mark.parametrize(("key", "survey"), [("ha-noi-2022-phong", "4.75"), ("nghe-an-3323-so", "0"), ("vi-du-xa", "8.25")])
def test_full_points_of_a_shipped_set_are_an_index_of_100_with_and_without_a_survey(key: str, survey: str) -> None:
    criteria = read_criteria(find_criteria(key)).criteria
    scope = Scope(cycle="2022", unit="u", criteria=criteria, group=criteria.groups[0])
    full = {step.node.key: step.node.maximum or D(0) for step in scope.leaves}
    held = index_of(scope, full, rules=RULES)
    appraised = {step.node.key: full[step.node.key] for step in scope.leaves if not is_survey(step.node)}
    alone = index_of(scope, appraised, rules=IndexRules(survey_held=False))
    assert (held.maximum, held.index, alone.maximum, alone.index) == (D(100), D(100), D(100) - D(survey), D(100))
    assert held.whole.survey_maximum == D(survey)
    assert rounding_agrees(held)
