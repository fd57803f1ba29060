"""What keeps a sheet, an appraisal and an explanation from being handed in; what is charged with which leaves; what people type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from evaluation.criteria.sets import Lead, Method
from evaluation.scores.faults import ScoreError
from evaluation.scores.filling import (
    Act,
    appraise,
    clear_explanation,
    clear_score,
    explain,
    hand_in,
    mended,
    return_leaf,
    score_self,
)
from evaluation.scores.handing_in import (
    appraisal_faults,
    charged_leaves,
    evidence_warnings,
    explanation_faults,
    reduced_leaves,
    self_assessment_faults,
)
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Sheet
from evaluation.scores.typing_in import given_read, given_text, score_number, typed_given
from tests.evaluation.scores.small_sets import make_leaf, make_scope, make_set

D = Decimal
ACT = Act(by="c1", at=datetime(2026, 1, 9, tzinfo=UTC), why="x")
LED = make_set(
    make_leaf("1", leads=(Lead(party="so-tu-phap"),)),
    make_leaf("2"),
    make_leaf("3", "10", Method.SURVEY),
    make_leaf("4", "5", Method.BONUS),
)


def filled() -> Sheet:
    sheet = Sheet(scope=make_scope(criteria=LED))
    for node in ("1", "2"):
        sheet = explain(score_self(sheet, node, Given(points=D(8)), act=ACT), node, "theo báo cáo", act=ACT)
    return sheet


def codes(faults: object) -> list[tuple[str, str]]:
    return [(one.node, one.code) for one in faults]  # type: ignore[attr-defined]


def test_required_evidence_is_told_beside_an_explanation_and_refuses_nothing() -> None:
    scope = make_scope(criteria=make_set(make_leaf("1", evidence_required=True), make_leaf("2")))
    scored = Sheet(scope=scope)
    for node in ("1", "2"):
        scored = explain(score_self(scored, node, Given(points=D(8)), act=ACT), node, "theo báo cáo", act=ACT)
    assert (self_assessment_faults(scored), codes(evidence_warnings(scored))) == ((), [("1", "required-evidence")])
    assert evidence_warnings(hand_in(scored, "1", ("kh.pdf",), act=ACT)) == ()


def test_what_was_cleared_is_missing_again() -> None:
    sheet = filled()
    assert self_assessment_faults(sheet) == ()
    assert codes(self_assessment_faults(clear_score(sheet, "2", act=ACT))) == [("2", "not-self-scored")]
    assert codes(self_assessment_faults(clear_explanation(sheet, "1", act=ACT))) == [("1", "not-explained")]


def test_a_lead_is_charged_with_what_it_leads_and_the_team_with_all() -> None:
    sheet, on = filled(), date(2026, 1, 9)
    assert [step.node.key for step in charged_leaves(sheet, "so-tu-phap", on=on)] == ["1"]
    assert [step.node.key for step in charged_leaves(sheet, "to-giup-viec", on=on)] == ["1", "2"]
    judged = appraise(sheet, "1", D(8), act=ACT)
    assert appraisal_faults(judged, leaves=charged_leaves(sheet, "so-tu-phap", on=on)) == ()
    assert codes(appraisal_faults(judged)) == [("2", "not-appraised")]
    assert codes(appraisal_faults(judged, confirmed=())) == [("1", "not-confirmed"), ("2", "not-appraised")]


def test_what_goes_back_is_appraised_anew_once_it_was_sent_again() -> None:
    sheet = return_leaf(appraise(filled(), "2", D(8), act=ACT), "2", act=ACT)
    assert ("2", "still-returned") in codes(appraisal_faults(sheet))
    again = mended(sheet, act=ACT)
    assert (again.entry("2").returned, again.entry("2").appraised) == ("", None)


def test_an_answer_waits_for_its_ruling() -> None:
    sheet = appraise(filled(), "2", D(5), remark="thiếu", act=ACT)
    assert reduced_leaves(sheet) == ("2",)
    assert explanation_faults(sheet) == ()
    assert codes(explanation_faults(explain(sheet, "2", "đã gửi", act=ACT))) == [("2", "ruling-waits")]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0,75", "0.75"), ("0.75", "0.75"), ("2.5", "2.5"), ("1.250", "1250"), ("0.125", "0.125"), ("nhiều", None), ("1e3", None), ("", None)],
)
def test_numbers_as_people_write_them(text: str, number: str | None) -> None:
    assert score_number(text) == (None if number is None else D(number))


def test_what_was_typed_is_read_or_refused_by_name() -> None:
    given = typed_given({"done": " 2 ", "of": "3", "rate": ""})
    assert given == Given(done=D(2), of=D(3))
    assert given_read(given_text(given)) == given
    assert typed_given({"level": ""}) is None
    with pytest.raises(ScoreError) as refused:
        typed_given({"level": "1,5", "points": "x"}, node="1")
    assert [(one.node, one.about) for one in refused.value.faults] == [("1", "level"), ("1", "points")]
