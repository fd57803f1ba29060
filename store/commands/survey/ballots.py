"""
Ballots coming back: by a code on the public page, from paper, from an export.

What a code opens is answered without anybody being asked who they are: the code is marked as used, a ballot with a random key is kept, and
nothing that is stored or journaled leads from the one to the other. The journal learns of all ballots together when the survey is closed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select, update

from evaluation.scores.ballots import Mode
from store.commands.survey.asking import code_hash, count_as_issued
from store.commands.survey.held import OpenSurvey, SurveyRefusedError, note, open_survey, own_unit, require_open, survey_stages
from store.locks import insert_if_new
from store.releases import wake_by
from store.schema import BALLOT, PARTY, SURVEY_CODE
from store.years import RUNNING, CycleNotRunningError, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.scores.ballots import Ballot, QuestionSet
    from store.session import Store, Transaction


class NoSuchCodeError(LookupError):
    """No ballot has that code, or its year is over: nobody is told which."""

    def __init__(self) -> None:
        """Say no more than that."""
        super().__init__("no ballot has that code; look at it again, on the paper or in the link")


class UsedCodeError(SurveyRefusedError):
    """The code's ballot was sent already."""

    def __init__(self) -> None:
        """Say so, and what to do."""
        vi = "mã này đã được dùng: mỗi mã gửi một phiếu, một lần; cần trả lời thêm thì xin mã khác"
        super().__init__(vi, "this code was used: each sends one ballot, once; ask for another code to answer again", field="code")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a code opens."""

    title: str
    asked: QuestionSet
    unit: str  #: name of whom it is about
    used: bool
    example: bool


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper ballot as an operator types it."""

    number: str  #: as written on it
    unit: str
    respondents: str
    answers: Mapping[str, str]
    from_unit: str = ""


def asked_by(store: Store, connection: Connection, code: str, *, now: datetime) -> Asked:
    """
    Return what a code opens.

    Raises:
        NoSuchCodeError: it opens nothing.
        SurveyRefusedError: the survey is closed.

    """
    row = _row_of(connection, code)
    year = load_year(store, connection, row.cycle_id, now=now)
    if year.state not in RUNNING:
        raise NoSuchCodeError
    survey = require_open(connection, year)
    name = connection.execute(select(PARTY.c.name).where(PARTY.c.id == row.unit_id)).scalar_one()
    questions = survey.form.questions
    return Asked(title=questions.title, asked=survey.named(row.question_set), unit=name, used=row.used, example=questions.is_example)


def _row_of(connection: Connection, code: str) -> Row[Any]:
    row = connection.execute(select(SURVEY_CODE).where(SURVEY_CODE.c.hash == code_hash(code))).one_or_none()
    if row is None:
        raise NoSuchCodeError
    return row


def _opened(store: Store, transaction: Transaction, code: str) -> tuple[Row[Any], OpenSurvey]:
    row = _row_of(transaction.connection, code)
    try:
        return row, open_survey(store, transaction, row.cycle_id, alone=False)
    except CycleNotRunningError:
        raise NoSuchCodeError from None


def answer_by_code(store: Store, transaction: Transaction, code: str, answers: Mapping[str, str], *, works_elsewhere: bool) -> None:
    """
    Keep the ballot that a code opens, and let the code open nothing more.

    Raises:
        NoSuchCodeError: it opens nothing.
        UsedCodeError: it was used before, or by somebody at this very moment.
        SurveyRefusedError: the survey is closed, the respondent belongs to the unit, a question is empty or has no such answer.
    """
    row, survey = _opened(store, transaction, code)
    if row.used:
        raise UsedCodeError
    if not works_elsewhere or (row.from_unit_id is not None and row.from_unit_id == row.unit_id):
        raise own_unit()
    asked = survey.named(row.question_set)
    given = _fitting(asked, answers)
    if empty := [one.key for one in asked.questions if not one.may_skip and one.key not in given]:
        vi, en = f"chưa trả lời câu {', '.join(empty)}", f"not answered yet: {', '.join(empty)}"
        raise SurveyRefusedError(vi, en, field=empty[0])
    spend = update(SURVEY_CODE).where(SURVEY_CODE.c.hash == row.hash, SURVEY_CODE.c.used.is_(False)).values(used=True)
    if transaction.connection.execute(spend).rowcount != 1:
        raise UsedCodeError
    key = secrets.token_hex(16)
    workplace = {"from_unit_id": row.from_unit_id}
    _keep(
        transaction, survey, {"key": key, "number": key, "source": "code", "unit_id": row.unit_id, **workplace}, asked=asked, answers=given
    )
    wake(transaction, survey)


def enter_paper(store: Store, transaction: Transaction, cycle: int, paper: Paper) -> bool:
    """
    Keep a paper ballot, which was handed out, and return whether it counts: one with an empty question came back and does not.

    Raises:
        SurveyRefusedError: the survey takes no ballots; no such group or unit; of the respondent's own unit; an answer that is none of the
            choices; the number was entered before.
    """
    survey = open_survey(store, transaction, cycle)
    asked = survey.named(paper.respondents)
    unit = survey.unit(paper.unit, asked=asked)
    workplace = survey.workplace(paper.from_unit, about=unit)
    given, number = _fitting(asked, paper.answers), paper.number.strip()
    if not number:
        vi, en = "ghi số của phiếu giấy, để không nhập hai lần", "write the number of the paper, so that it is not entered twice"
        raise SurveyRefusedError(vi, en, field="number")
    facts = {"key": secrets.token_hex(16), "number": number, "source": "paper", "unit_id": unit, "from_unit_id": workplace}
    _keep(transaction, survey, facts, asked=asked, answers=given)
    count_as_issued(transaction, survey)
    note(transaction, survey.year, "enter-ballot", unit=unit, set=asked.key, count=1)
    wake(transaction, survey)
    return bool(given) and all(one.may_skip or one.key in given for one in asked.questions)


def take_ballots(store: Store, transaction: Transaction, cycle: int, ballots: Sequence[Ballot], *, file: str) -> int:
    """
    Keep the ballots of an export, which were handed out, all of them or none, and return how many; `file` is what the journal keeps of it.

    They were read against the survey's own words before: reading a large file takes longer than anybody else should wait.

    Raises:
        SurveyRefusedError: the survey takes no ballots; its questions have changed meanwhile; one of them was taken in before.

    """
    survey = open_survey(store, transaction, cycle)
    for ballot in ballots:
        _fitting(survey.named(ballot.question_set), ballot.answers)
    ids = survey.year.people.ids
    for ballot in ballots:
        facts = {
            "key": secrets.token_hex(16),
            "number": f"{ballot.question_set}/{ballot.unit}/{ballot.key}",  # each survey of a program counts its responses from 1
            "source": "import",
            "unit_id": ids[ballot.unit],
            "from_unit_id": ids.get(ballot.from_unit),
        }
        asked = survey.named(ballot.question_set)
        _keep(transaction, survey, facts, asked=asked, answers=ballot.answers, mode=ballot.mode)
    count_as_issued(transaction, survey)
    note(transaction, survey.year, "import-ballots", count=len(ballots), file=file)
    wake(transaction, survey)
    return len(ballots)


def _fitting(asked: QuestionSet, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that were given; SurveyRefusedError of one that is none of the choices."""
    given = {key: answer.strip() for key, answer in answers.items() if answer.strip()}
    questions = {one.key: one for one in asked.questions}
    for key, answer in given.items():
        if key not in questions or questions[key].weight_of(answer) is None:
            known = ", ".join(one.key for one in questions[key].answers) if key in questions else ", ".join(questions)
            vi = f"câu {key}: không có lựa chọn “{answer}”; chọn: {known}"
            raise SurveyRefusedError(vi, f"question {key} has no answer “{answer}”; choose: {known}", field=key)
    return given


def _keep(  # noqa: PLR0913  what is on a ballot
    transaction: Transaction,
    survey: OpenSurvey,
    facts: dict[str, Any],
    *,
    asked: QuestionSet,
    answers: Mapping[str, str],
    mode: Mode | None = None,
) -> None:
    by = mode or (Mode.DIRECT if facts["source"] == "paper" else Mode.ONLINE)
    row = {
        **facts,
        "cycle_id": survey.year.cycle,
        "form": survey.form.number,
        "question_set": asked.key,
        "mode": by.value,
        "answers": orjson.dumps(dict(answers), option=orjson.OPT_SORT_KEYS).decode(),
        "day": survey.year.rulebook.calendar.local_date(transaction.now),
    }
    if not insert_if_new(transaction.connection, BALLOT, row):
        vi = f"phiếu số {facts['number']} đã được nhập; mỗi phiếu một lần"
        raise SurveyRefusedError(vi, f"ballot {facts['number']} was entered before; each is entered once", field="number")


def wake(transaction: Transaction, survey: OpenSurvey) -> None:
    """Let the tick look whether a group's ballots are all back."""
    for ref in survey_stages(survey.year):
        if ref.released_at is not None:
            wake_by(transaction, ref.id, at=transaction.now)
