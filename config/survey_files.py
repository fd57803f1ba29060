"""Question sets as files: YAML read into records, or refused with every fault by line and column."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.criteria_points import points
from config.fault_nouns import NOUNS, shown, suggestion
from config.faults import FaultList, SurveyError, only_fault
from config.references import add_unknown, first_places
from config.shapes import add_shape_faults
from config.text_reading import read_text
from config.yaml_reading import source_of
from evaluation.scores.ballots import Answer, Question, QuestionSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.source import Source, Steps

SHIPPED_SURVEYS = Path(__file__).with_name("surveys")
SURVEY_SCHEMA = SHIPPED_SURVEYS / "survey.schema.json"


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """The question sets of a survey, one for each group of respondents."""

    key: str
    title: str
    sets: tuple[QuestionSet, ...]
    is_example: bool = False
    note: str = ""

    def named(self, key: str) -> QuestionSet | None:
        """Return a question set by its key, or None."""
        return next((one for one in self.sets if one.key == key), None)

    def about(self, group: str) -> tuple[QuestionSet, ...]:
        """Return the question sets about units of a group."""
        return tuple(one for one in self.sets if not one.about or group in one.about)


def survey_text(name_or_path: str | Path) -> str:
    """
    Return the YAML of a file, or of a shipped example by its key.

    Raises:
        SurveyError: there is neither, or the file cannot be read.

    """
    path = Path(name_or_path)
    shipped = {found.stem: found for found in sorted(SHIPPED_SURVEYS.glob("*.yaml"))}
    if not path.is_file() and str(name_or_path) not in shipped:
        near = suggestion(str(name_or_path), shipped)
        raise SurveyError(only_fault("not-found", file=path, noun=NOUNS["survey"], value=shown(name_or_path), near=near))
    faults = FaultList(file=str(path))
    text = read_text(path if path.is_file() else shipped[str(name_or_path)], faults)
    if text is None:
        raise SurveyError(faults)
    return text


@cache
def parse_survey(text: str, *, file: str = "survey") -> Questionnaire:
    """
    Return the question sets of a YAML text.

    Raises:
        SurveyError: the text has faults; every one is listed and nothing is taken.

    """
    faults = FaultList(file=file)
    source = source_of(text, faults)
    if source is not None:
        add_shape_faults(source, schema=SURVEY_SCHEMA, faults=faults)
        _add_faults(source, faults)
    if source is None or faults:
        raise SurveyError(faults)
    given: dict[str, Any] = source.mapping()
    scales = {name: tuple(map(_answer, answers)) for name, answers in given.get("scales", {}).items()}
    return Questionnaire(
        key=given["key"],
        title=given["title"],
        is_example=given.get("example", False),
        note=given.get("note", ""),
        sets=tuple(_set(one, scales) for one in given["sets"]),
    )


def _add_faults(source: Source, faults: FaultList) -> None:
    """Note what the shape cannot tell: what is there twice, scales that are not there, points that are none."""
    first_places("question-set", _keys(source, "sets"), source=source, faults=faults)
    scales = source.mapping(("scales",))
    for name in scales:
        first_places("answer", _keys(source, "scales", name), source=source, faults=faults)
    for under, _ in source.mappings("sets"):
        first_places("question", _keys(source, *under, "questions"), source=source, faults=faults)
        for steps, question in source.mappings(*under, "questions"):
            add_unknown("scale", source.texts(*steps, "scale"), known=scales, source=source, faults=faults)
            first_places("answer", _keys(source, *steps, "answers"), source=source, faults=faults)
            if ("scale" in question) is ("answers" in question):
                faults.add("scale-or-answers", source.place(steps))
            number = points(question.get("points"))
            if "points" in question and (number is None or number <= 0):
                faults.add("bad-points", source.place((*steps, "points")), value=shown(question["points"]))


def _keys(source: Source, *steps: str | int) -> Iterator[tuple[Steps, str]]:
    for under, _ in source.mappings(*steps):
        yield from source.texts(*under, "key")


def _set(given: Mapping[str, Any], scales: Mapping[str, tuple[Answer, ...]]) -> QuestionSet:
    return QuestionSet(
        key=given["key"],
        respondents=given["respondents"],
        title=given["title"],
        about=tuple(given.get("about", ())),
        questions=tuple(_question(one, scales) for one in given["questions"]),
    )


def _question(given: Mapping[str, Any], scales: Mapping[str, tuple[Answer, ...]]) -> Question:
    answers = scales[given["scale"]] if "scale" in given else tuple(map(_answer, given["answers"]))
    return Question(
        key=given["key"],
        words=given["words"],
        leaf=given["leaf"],
        points=points(given["points"]) or Decimal(0),
        answers=answers,
        may_skip=given.get("may_skip", False),
    )


def _answer(given: Mapping[str, Any]) -> Answer:
    return Answer(key=given["key"], words=given["words"], weight=Decimal(given["weight"]))
