"""Standings say what the index says, and refuse what it refuses; settings say what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scores.comparison import Obstacle
from evaluation.scores.faults import ScoreError
from evaluation.scores.index import IndexRules, index_of
from evaluation.scores.ranking import Band, RankingRules, TieRule
from evaluation.scores.settings import ResultRules, decode_rules, encode_rules, rule_faults
from evaluation.scores.standings import measure_of, totals_of
from tests.evaluation.scores.small_sets import FULL, make_scope

D = Decimal
RULES = IndexRules(cap=D(100), floor=D(0))
POINTS = st.decimals(min_value=0, max_value=10, places=3)


@given(
    points=st.dictionaries(st.sampled_from(["1.1.1", "1.1.2", "1.2", "2.1", "2.2", "3"]), POINTS),
    bonus=st.decimals(min_value=-5, max_value=5, places=2),
    exempt=st.sampled_from(["", "1", "2.1", "3", "1.1"]),
    held=st.booleans(),
)
def test_standings_are_what_the_index_is(points: dict[str, Decimal], bonus: Decimal, exempt: str, *, held: bool) -> None:
    scope = make_scope("so-a", *([exempt] if exempt else []))
    rules = replace(RULES, survey_held=held)
    owed = {step.node.key for step in scope.owed if held or step.node.key != "3"}
    scores = {key: value for key, value in {**points, "4": bonus}.items() if key in owed}
    whole, sums = index_of(scope, scores, rules=rules), totals_of(measure_of(scope, rules=rules), scores, unit="so-a")
    assert (sums.points, sums.maximum, sums.index) == (whole.points, whole.maximum, whole.index)
    assert sums.fields == {one.node: one.index for one in whole.fields}
    assert sums.missing == len(whole.whole.missing)


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        pytest.param({"1.2": D(11)}, "score-out-of-range", id="above its maximum"),
        pytest.param({"9.9": D(1)}, "no-such-leaf", id="of no leaf"),
        pytest.param({"1.2": D("NaN")}, "score-no-number", id="no number"),
        pytest.param({"2.1": D(1)}, "leaf-exempt", id="of a leaf that is exempt"),
    ],
)
def test_a_score_that_is_not_in_order_is_refused_with_its_place(scores: dict[str, Decimal], code: str) -> None:
    measure = measure_of(make_scope("so-a", "2.1"), rules=RULES)
    with pytest.raises(ScoreError) as refused:
        totals_of(measure, {**FULL, **scores} if code == "no-such-leaf" else scores, unit="so-b")
    assert code in {fault.code for fault in refused.value.faults}
    assert {fault.unit for fault in refused.value.faults} == {"so-b"}


def test_settings_come_back_as_they_were() -> None:
    ranking = RankingRules(ties=TieRule.DENSE, tie_keys=("points", "1"), bands=(Band(name="Tốt", least=D("90.5")),), decimals=3)
    rules = ResultRules(index=RULES, ranking=ranking, unranked=("so-a",), weak_below=D(60), allowed=frozenset({Obstacle.SET}))
    assert decode_rules(encode_rules(rules)) == rules


def test_settings_that_cannot_be_are_told_each_at_its_place() -> None:
    bands = (Band(name="Khá", least=D(70)), Band(name="Tốt", least=D(90)))
    ranking = RankingRules(tie_keys=("8",), bands=bands)
    rules = ResultRules(index=IndexRules(cap=D(0)), ranking=ranking, unranked=("so-x",), weak_below=D(101))
    found = list(rule_faults(rules, fields=("1", "2"), units=("so-a",)))
    assert [(fault.code, fault.where) for fault in found] == [
        ("bands-disordered", "bands"),
        ("tie-key-unknown", "tie_keys"),
        ("unranked-unknown", "so-x · unranked"),
        ("cap-below-floor", "cap"),
        ("weak-out-of-range", "weak_below"),
    ]
    assert "points, 1, 2" in found[1].mend_vi
