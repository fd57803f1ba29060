"""Survey: sample plans, which ballots count, points by leaf, too few ballots; and the council's votes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from evaluation.criteria.sets import Method
from evaluation.scores.ballots import (
    Answer,
    Ballot,
    Mode,
    Question,
    QuestionSet,
    Sample,
    Spoiled,
    Tally,
    question_faults,
    sample_plan,
    sort_ballots,
    tally,
    tally_faults,
)
from evaluation.scores.faults import ScoreError
from evaluation.scores.filling import Act, take_survey
from evaluation.scores.rules import SurveyRules, TooFew
from evaluation.scores.sheets import Part, Sheet
from evaluation.scores.survey import survey_result
from tests.evaluation.scores.small_sets import make_leaf, make_scope, make_set

D = Decimal
#: The letters of Yên Bái's forms: 100, 60, 20, 0 per cent (domain §8).
LETTERS = tuple(Answer(key=key, words=key, weight=D(weight)) for key, weight in zip("ABCD", (100, 60, 20, 0), strict=True))
CRITERIA = make_set(make_leaf("1", "70"), make_leaf("2", "20", Method.SURVEY), make_leaf("3", "10", Method.SURVEY))
STAFF = QuestionSet(
    key="cbcc",
    respondents="cong-chuc",
    title="Công chức, viên chức",
    questions=(
        Question(key="q1", words="Chất lượng chỉ đạo", leaf="2", points=D(5), answers=LETTERS),
        Question(key="q2", words="Kỷ luật hành chính", leaf="3", points=D(10), answers=LETTERS, may_skip=True),
    ),
)
FIRMS = QuestionSet(
    key="dn",
    respondents="doanh-nghiep",
    title="Tổ chức, doanh nghiệp",
    about=("so",),
    questions=(
        Question(
            key="q1", words="Thái độ phục vụ", leaf="2", points=D(15), answers=(*LETTERS, Answer(key="E", words="E", weight=D("12.5")))
        ),
    ),
)
SETS = (STAFF, FIRMS)
GROUPS = {"so-a": "so", "so-b": "so", "xa-a": "xa"}


def ballot(key: str, question_set: str = "cbcc", unit: str = "so-a", **changes: Any) -> Ballot:
    answers = {"q1": "A", "q2": "B"} if question_set == "cbcc" else {"q1": "C"}
    return replace(Ballot(key=key, unit=unit, question_set=question_set, answers=answers), **changes)


def test_nghe_an_2021_hands_out_750_ballots() -> None:
    """25 units × (15 civil servants + 5 division heads + 10 organisations and businesses) (domain §8)."""
    quotas = {"Công chức viên chức": 15, "Trưởng phòng": 5, "Tổ chức, doanh nghiệp": 10}
    plan = sample_plan([f"u{number}" for number in range(25)], quotas)
    assert (len(plan), sum(line.planned for line in plan)) == (75, 750)
    assert plan[:3] == tuple(Sample(unit="u0", respondents=group, planned=planned) for group, planned in quotas.items())


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        pytest.param(ballot("1", question_set="x"), Spoiled.NO_SUCH_SET, id="another form"),
        pytest.param(ballot("1", "dn", unit="xa-a"), Spoiled.NOT_ABOUT, id="businesses are not asked about communes here"),
        pytest.param(ballot("1", from_unit="so-a"), Spoiled.OWN_UNIT, id="nobody about their own unit"),
        pytest.param(ballot("1", answers={"q2": "A"}), Spoiled.UNANSWERED, id="a question left empty"),
        pytest.param(ballot("1", answers={"q1": "A", "q2": "E"}), Spoiled.NO_SUCH_ANSWER, id="a letter that the question has not"),
        pytest.param(ballot("1", answers={"q1": "A", "q9": "A"}), Spoiled.NO_SUCH_ANSWER, id="a question that the form has not"),
        pytest.param(ballot("0"), Spoiled.TWICE, id="keyed in twice"),
    ],
)
def test_a_ballot_that_does_not_count_says_why(spoiled: Ballot, why: Spoiled) -> None:
    found = sort_ballots([ballot("0"), spoiled], sets=SETS, groups=GROUPS)
    assert [one.key for one in found.valid] == ["0"]
    assert found.spoiled == ((spoiled, why),)


def test_ballots_of_neighbours_and_skipped_questions_count() -> None:
    given = [ballot("1", from_unit="so-b"), ballot("2", answers={"q1": "D", "q2": ""}), ballot("3", "dn", answers={"q1": "E"})]
    assert sort_ballots(given, sets=SETS, groups=GROUPS).valid == tuple(given)


def test_planned_issued_returned_and_valid_are_counted_by_unit_group_and_mode() -> None:
    samples = [
        Sample(unit="so-a", respondents="cong-chuc", planned=15, issued=2),
        Sample(unit="so-a", respondents="doanh-nghiep", planned=10),
    ]
    found = sort_ballots([ballot("1"), ballot("2", answers={}), ballot("3"), ballot("4", mode=Mode.ONLINE)], sets=SETS, groups=GROUPS)
    counted = tally(samples, found, sets=SETS)
    assert counted == (
        Tally(unit="so-a", respondents="cong-chuc", mode=Mode.DIRECT, planned=15, issued=2, returned=3, valid=2),
        Tally(unit="so-a", respondents="cong-chuc", mode=Mode.ONLINE, returned=1, valid=1),
        Tally(unit="so-a", respondents="doanh-nghiep", mode=Mode.DIRECT, planned=10),
    )
    assert next(fault.text("vi") for fault in tally_faults(counted)) == (
        "so-a · cong-chuc: thu về 3 phiếu, chỉ phát ra 2 — kiểm tra số phiếu phát ra và thu về"
    )


def test_points_are_the_mean_weight_of_the_answers_times_the_questions_points() -> None:
    ballots = [
        ballot("1", answers={"q1": "A", "q2": "B"}),
        ballot("2", answers={"q1": "B"}),
        ballot("3", answers={"q1": "D", "q2": "A"}),
        ballot("4", "dn", answers={"q1": "C"}),
        ballot("5", "dn", answers={"q1": "E"}),
        ballot("6", unit="so-b", answers={"q1": "A", "q2": "A"}),
    ]
    found = survey_result("so-a", ballots, sets=SETS, rules=SurveyRules())
    thirds = D("2.666666666666666666666666666667")  # 5 × (100 + 60 + 0) / 300
    assert [(one.question_set, one.question, one.answered, one.points) for one in found.questions] == [
        ("cbcc", "q1", 3, thirds),
        ("cbcc", "q2", 2, D(8)),
        ("dn", "q1", 2, D("2.4375")),
    ]
    assert found.points == {"2": D("5.104166666666666666666666666667"), "3": D(8)}
    assert (found.left_out, found.note()) == ((), "")


def test_no_valid_ballot_is_refused_and_not_counted_as_nothing() -> None:
    with pytest.raises(ScoreError) as refused:
        survey_result("so-b", [ballot("1")], sets=SETS, rules=SurveyRules())
    assert [fault.code for fault in refused.value.faults] == ["no-valid-ballot"]
    assert "không có phiếu khác với được 0 điểm" in refused.value.text("vi")


def test_too_few_ballots_are_refused_left_out_or_counted() -> None:
    ballots = [ballot("1"), ballot("2"), ballot("3", "dn")]
    with pytest.raises(ScoreError) as refused:
        survey_result("so-a", ballots, sets=SETS, rules=SurveyRules(minimum=2))
    assert [(fault.code, fault.about) for fault in refused.value.faults] == [("too-few-ballots", "doanh-nghiep")]
    left_out = survey_result("so-a", ballots, sets=SETS, rules=SurveyRules(minimum=2, too_few=TooFew.LEAVE_OUT))
    assert (left_out.points["2"], left_out.left_out) == (D(20), ("doanh-nghiep",))
    assert left_out.note().startswith("Không đủ phiếu của doanh-nghiep")
    counted = survey_result("so-a", ballots, sets=SETS, rules=SurveyRules(minimum=2, too_few=TooFew.COUNT))
    assert (counted.points["2"], counted.left_out) == (D(8), ())


@pytest.mark.parametrize(
    ("ballots", "codes"),
    [
        pytest.param([ballot("1", "dn")], ["no-valid-ballot"], id="a leaf that only an absent group is asked about"),
        pytest.param([ballot("1", answers={"q1": "A"})], ["question-unanswered"], id="a question that everybody skipped"),
    ],
)
def test_a_leaf_that_nobody_speaks_of_has_no_points(ballots: list[Ballot], codes: list[str]) -> None:
    with pytest.raises(ScoreError) as refused:
        survey_result("so-a", ballots, sets=SETS, rules=SurveyRules(minimum=0))
    assert [fault.code for fault in refused.value.faults] == codes


def test_question_sets_are_held_to_the_criteria() -> None:
    assert list(question_faults(SETS, CRITERIA, group="so")) == []
    assert [(fault.code, fault.node) for fault in question_faults(SETS, CRITERIA, group="xa")] == [("questions-miss-leaf", "2")]
    (question,) = FIRMS.questions
    wrong = replace(question, leaf="1", answers=(replace(LETTERS[0], weight=D(101)),))
    nothing = replace(question, key="q2", answers=())
    found = question_faults((STAFF, replace(FIRMS, questions=(wrong, nothing))), CRITERIA, group="so")
    assert [fault.code for fault in found] == ["question-of-no-survey-leaf", "weight-out-of-range", "question-without-answers"]


def test_the_surveys_points_become_final_scores_unrounded() -> None:
    sheet = Sheet(scope=make_scope("so-a", criteria=CRITERIA, group="so"))
    ballots = [ballot("1"), ballot("2", answers={"q1": "B", "q2": "B"}), ballot("3", answers={"q1": "D", "q2": "B"}), ballot("4", "dn")]
    earned = survey_result("so-a", ballots, sets=SETS, rules=SurveyRules()).points
    act = Act(by="so-noi-vu", at=datetime(2023, 2, 1, tzinfo=UTC))
    done = take_survey(sheet, earned, act=act)
    assert done.scores(Part.FINAL) == {"2": D("5.666666666666666666666666666667"), "3": D(6)}
    assert [(change.node, change.what) for change in done.history] == [("2", "final"), ("3", "final")]
    with pytest.raises(ScoreError) as refused:
        take_survey(sheet, {"1": D(1), "2": D("20.5")}, act=act)
    assert [(fault.code, fault.node) for fault in refused.value.faults] == [
        ("question-of-no-survey-leaf", "1"),
        ("score-out-of-range", "2"),
    ]
