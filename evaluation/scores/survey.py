"""
Survey (điều tra xã hội học): the points of a unit from the ballots about it, leaf by leaf (domain §8).

A question's points times the mean weight of the answers given to it; a leaf is the sum of its questions, whoever they were put to. What
to do where a group of respondents sent too few ballots is not written anywhere, and so a setting. A unit that no valid ballot speaks of
has no survey points at all: that is refused and said, never counted as 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.scores.faults import At, fault, refusal, require
from evaluation.scores.numbers import HUNDRED, share, total
from evaluation.scores.rules import SurveyRules, TooFew

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from evaluation.plans import Plan
    from evaluation.scores.ballots import Ballot, Question, QuestionSet
    from evaluation.scores.faults import ScoreFault


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionResult:
    """What a question came to for a unit."""

    question_set: str
    question: str
    leaf: str
    answered: int  #: ballots that answered it
    points: Decimal  #: earned
    maximum: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyResult:
    """A unit's survey: points by leaf, unrounded, and what they are made of."""

    unit: str
    points: dict[str, Decimal]
    questions: tuple[QuestionResult, ...]
    left_out: tuple[str, ...]  #: groups of respondents that sent too few

    def note(self, language: str = "vi") -> str:
        """Return what has to be said of the result; empty if nothing has."""
        if not self.left_out:
            return ""
        named = ", ".join(self.left_out)
        if language == "vi":
            return f"Không đủ phiếu của {named}: điểm tính theo các nhóm còn lại, quy đổi về điểm tối đa của mục."
        return f"Too few ballots of {named}: the other groups count, rescaled to the leaf's maximum."


def rules_of_plan(plan: Plan) -> SurveyRules:
    """Return what a plan says of its survey; one without a stage of that kind holds none."""
    stages = [stage for stage in plan.stages if stage.kind is StageKind.SURVEY]
    said = next((stage.survey for stage in stages if stage.survey is not None), SurveyRules())
    return said if stages else replace(said, held=False)


def survey_result(unit: str, ballots: Sequence[Ballot], *, sets: Sequence[QuestionSet], rules: SurveyRules) -> SurveyResult:
    """
    Return a unit's survey points by leaf, from the valid ballots; those about other units are passed over.

    `sets` are the question sets about units of its group.

    Raises:
        ScoreError: no valid ballot speaks of the unit, a group of respondents sent too few, or nobody answered a question.
    """
    own = {one.key: [ballot for ballot in ballots if (ballot.unit, ballot.question_set) == (unit, one.key)] for one in sets}
    if not any(own.values()):
        raise refusal("no-valid-ballot", At(unit=unit))
    few = [one for one in sets if len(own[one.key]) < rules.minimum]
    if rules.too_few is TooFew.REFUSE:
        require(_too_few(unit, one, count=len(own[one.key]), rules=rules) for one in few)
    left_out = [one for one in sets if not own[one.key] or (rules.too_few is TooFew.LEAVE_OUT and one in few)]
    counted = [one for one in sets if one not in left_out]
    if not counted:
        require(_too_few(unit, one, count=len(own[one.key]), rules=rules) for one in few)
    require(_unanswered(unit, counted, own))
    results = tuple(_result(one.key, question, own[one.key]) for one in counted for question in one.questions)
    return SurveyResult(
        unit=unit,
        points=dict(_by_leaf(unit, results, sets=sets)),
        questions=results,
        left_out=tuple(one.respondents for one in left_out),
    )


def _result(question_set: str, question: Question, ballots: Sequence[Ballot]) -> QuestionResult:
    weights = [weight for ballot in ballots if (weight := question.weight_of(ballot.answers.get(question.key, ""))) is not None]
    earned = share(question.points, total(weights), HUNDRED * len(weights))
    return QuestionResult(
        question_set=question_set,
        question=question.key,
        leaf=question.leaf,
        answered=len(weights),
        points=earned,
        maximum=question.points,
    )


def _by_leaf(unit: str, results: Sequence[QuestionResult], *, sets: Sequence[QuestionSet]) -> Iterator[tuple[str, Decimal]]:
    """Yield the points of each leaf: of the questions that counted, rescaled to all that are put about it."""
    for leaf in dict.fromkeys(question.leaf for one in sets for question in one.questions):
        whole = total(question.points for one in sets for question in one.questions if question.leaf == leaf)
        counted = [one for one in results if one.leaf == leaf]
        most = total(one.maximum for one in counted)
        if not most:
            raise refusal("no-valid-ballot", At(unit=unit, node=leaf))
        yield leaf, share(whole, total(one.points for one in counted), most)


def _unanswered(unit: str, counted: Sequence[QuestionSet], own: dict[str, list[Ballot]]) -> Iterator[ScoreFault]:
    for one in counted:
        for question in one.questions:
            if not any(ballot.answers.get(question.key) for ballot in own[one.key]):
                yield fault("question-unanswered", At(unit=unit, node=question.leaf, about=f"{one.key}/{question.key}"))


def _too_few(unit: str, one: QuestionSet, *, count: int, rules: SurveyRules) -> ScoreFault:
    return fault("too-few-ballots", At(unit=unit, about=one.respondents), count=count, least=rules.minimum)
