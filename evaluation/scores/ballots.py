"""
Ballots (phiếu điều tra xã hội học): question sets for each group of respondents, what makes a ballot count, how many came back.

Each group of respondents has a question set of its own and says nothing about its own unit (domain §8). What an answer weighs is data of
the question: forms weigh 100/60/20/0 per cent of its points, and letters run to E. Ballots are anonymous: the most that is known of who
answered is the unit that they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from evaluation.criteria.sets import leaves
from evaluation.scores.faults import At, fault
from evaluation.scores.index import is_survey
from evaluation.scores.numbers import HUNDRED, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from evaluation.criteria.sets import CriteriaSet
    from evaluation.scores.faults import ScoreFault


class Mode(StrEnum):
    """How ballots are handed out and come back."""

    DIRECT = "direct"  #: on paper, in person or by post
    ONLINE = "online"


class Spoiled(Enum):
    """Why a ballot that came back does not count, in Vietnamese and English."""

    NO_SUCH_SET = ("không có bộ câu hỏi này", "there is no such question set")
    NOT_ABOUT = ("bộ câu hỏi không dành cho nhóm của đơn vị này", "the question set is not about units of this group")
    OWN_UNIT = ("đánh giá chính đơn vị mình", "about the respondent's own unit")
    UNANSWERED = ("bỏ trống câu hỏi bắt buộc", "a question that has to be answered is empty")
    NO_SUCH_ANSWER = ("có câu trả lời không thuộc các lựa chọn", "an answer that is none of the choices")
    TWICE = ("phiếu bị nhập hai lần", "the ballot is there twice")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One of the answers to a question."""

    key: str  #: as on the form: A, B, …
    words: str
    weight: Decimal  #: per cent of the question's points, 0 to 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question, and the leaf that its points go to."""

    key: str
    words: str
    leaf: str
    points: Decimal  #: of the leaf's maximum, those that this question decides
    answers: tuple[Answer, ...]
    may_skip: bool = False  #: a ballot counts without it; the mean is then of those who answered

    def weight_of(self, answer: str) -> Decimal | None:
        """Return what an answer weighs, or None if it is no answer to this question."""
        return next((one.weight for one in self.answers if one.key == answer), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionSet:
    """What a group of respondents is asked."""

    key: str
    respondents: str  #: the group of respondents
    title: str
    questions: tuple[Question, ...]
    about: tuple[str, ...] = ()  #: unit groups that it asks about; none: any


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot:
    """A ballot that came back: answers by question, an empty one is none."""

    key: str  #: its number; unique
    unit: str  #: whom it is about
    question_set: str
    answers: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = Mode.DIRECT
    from_unit: str = ""  #: the unit that the respondent belongs to, where it is known


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """How many ballots are planned and were handed out for a unit and a group of respondents."""

    unit: str
    respondents: str
    planned: int
    issued: int = 0
    mode: Mode = Mode.DIRECT


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The counts of a unit × group of respondents × mode."""

    unit: str
    respondents: str
    mode: Mode
    planned: int = 0
    issued: int = 0
    returned: int = 0
    valid: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """Ballots sorted into those that count and those that do not."""

    valid: tuple[Ballot, ...]
    spoiled: tuple[tuple[Ballot, Spoiled], ...]


def sample_plan(units: Iterable[str], quotas: Mapping[str, int], *, mode: Mode = Mode.DIRECT) -> tuple[Sample, ...]:
    """Return a line for each unit and group of respondents: so many ballots for each unit."""
    return tuple(Sample(unit=unit, respondents=group, planned=planned, mode=mode) for unit in units for group, planned in quotas.items())


def sort_ballots(ballots: Iterable[Ballot], *, sets: Sequence[QuestionSet], groups: Mapping[str, str]) -> Sorted:
    """Return which ballots count, in the order given; `groups` has the group of each unit. Of ballots of one key the first counts."""
    by_key = {one.key: one for one in sets}
    valid: list[Ballot] = []
    spoiled: list[tuple[Ballot, Spoiled]] = []
    seen: set[str] = set()
    for ballot in ballots:
        why = Spoiled.TWICE if ballot.key in seen else _spoiled(ballot, by_key.get(ballot.question_set), group=groups.get(ballot.unit, ""))
        seen.add(ballot.key)
        if why is None:
            valid.append(ballot)
        else:
            spoiled.append((ballot, why))
    return Sorted(valid=tuple(valid), spoiled=tuple(spoiled))


def tally(samples: Iterable[Sample], found: Sorted, *, sets: Sequence[QuestionSet]) -> tuple[Tally, ...]:
    """Return planned, issued, returned and valid ballots by unit, group of respondents and mode, in that order."""
    asked = {one.key: one.respondents for one in sets}
    counts: dict[tuple[str, str, Mode], list[int]] = {}

    def count(unit: str, respondents: str, mode: Mode) -> list[int]:
        return counts.setdefault((unit, respondents, mode), [0, 0, 0, 0])

    for sample in samples:
        line = count(sample.unit, sample.respondents, sample.mode)
        line[0] += sample.planned
        line[1] += sample.issued
    for ballot in (*found.valid, *(ballot for ballot, _ in found.spoiled)):
        count(ballot.unit, asked.get(ballot.question_set, ballot.question_set), ballot.mode)[2] += 1
    for ballot in found.valid:
        count(ballot.unit, asked[ballot.question_set], ballot.mode)[3] += 1
    return tuple(
        Tally(unit=unit, respondents=group, mode=mode, planned=line[0], issued=line[1], returned=line[2], valid=line[3])
        for (unit, group, mode), line in sorted(counts.items())
    )


def tally_faults(tallies: Iterable[Tally]) -> Iterator[ScoreFault]:
    """Yield counts that do not agree: more ballots back than were handed out; more handed out, in whichever mode, than the sample plans."""
    found = tuple(tallies)
    out: dict[tuple[str, str], list[int]] = {}
    for one in found:
        if one.returned > one.issued:
            yield fault("more-back-than-out", At(unit=one.unit, about=one.respondents), returned=one.returned, issued=one.issued)
        line = out.setdefault((one.unit, one.respondents), [0, 0])
        line[0] += one.issued
        line[1] += one.planned
    if any(one.planned for one in found):
        for (unit, respondents), (issued, planned) in out.items():
            if issued > planned:
                yield fault("more-out-than-planned", At(unit=unit, about=respondents), issued=issued, planned=planned)


def question_faults(sets: Sequence[QuestionSet], criteria: CriteriaSet, *, group: str = "") -> Iterator[ScoreFault]:
    """Yield what is wrong with question sets beside a criteria set: leaves of no survey, weights, points that miss a leaf's maximum."""
    surveyed = {step.node.key: step.node.maximum for step in leaves(criteria, group=group) if is_survey(step.node)}
    about = [one for one in sets if not group or not one.about or group in one.about]
    for one in about:
        for question in one.questions:
            at = At(node=question.leaf, about=f"{one.key}/{question.key}")
            if question.leaf not in surveyed:
                yield fault("question-of-no-survey-leaf", at)
            if not question.answers:
                yield fault("question-without-answers", at)
            for answer in question.answers:
                if not 0 <= answer.weight <= HUNDRED:
                    yield fault("weight-out-of-range", at, answer=answer.key, value=answer.weight)
    for leaf, maximum in surveyed.items():
        points = total(question.points for one in about for question in one.questions if question.leaf == leaf)
        if maximum is not None and points != maximum:
            yield fault("questions-miss-leaf", At(node=leaf), points=points, maximum=maximum)


def _spoiled(ballot: Ballot, asked: QuestionSet | None, *, group: str) -> Spoiled | None:
    if asked is None:
        return Spoiled.NO_SUCH_SET
    if asked.about and group not in asked.about:
        return Spoiled.NOT_ABOUT
    if ballot.from_unit and ballot.from_unit == ballot.unit:
        return Spoiled.OWN_UNIT
    known = {question.key: question for question in asked.questions}
    for key, answer in ballot.answers.items():
        if answer and (key not in known or known[key].weight_of(answer) is None):
            return Spoiled.NO_SUCH_ANSWER
    if any(not question.may_skip and not ballot.answers.get(question.key) for question in asked.questions):
        return Spoiled.UNANSWERED
    return Spoiled.UNANSWERED if not any(ballot.answers.values()) else None
