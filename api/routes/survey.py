"""The survey of a cycle: what is asked, how many ballots are out and back, ballots entered and taken in, closing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.cycles import authorise_on_cycle
from api.changing.doing import MayChange
from api.changing.idempotency import answer_of
from api.routes.cycles import Number, head_for
from api.sight import MaySee
from api.wire.described import OF_A_CHANGE, of_a_look
from api.wire.survey import (
    BallotIn,
    BallotOut,
    BallotsIn,
    BatchIn,
    ClosedOut,
    CloseSurveyIn,
    CodesOut,
    FormOut,
    ImportedOut,
    IssuedOut,
    PlannedBallotsOut,
    QuestionsIn,
    ReopenedOut,
    ReopenSurveyIn,
    SampleIn,
    SurveyOut,
)
from config.survey_tables import read_ballots, read_sample
from evaluation.rights_table import Action
from store.commands.survey import asking, ballots
from store.commands.survey.closing import close_survey, reopen_survey
from store.commands.survey.held import open_survey
from store.queries.health import answering
from store.queries.rights import survey_resource
from store.queries.survey import survey_view
from store.survey import known_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from api.changing.doing import Changing
    from config.survey_tables import Known
    from evaluation.scores.ballots import Sample
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(prefix="/cycles/{id}/survey", tags=["survey"])


@router.get("", responses=of_a_look("cycle"))
def read_survey(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> SurveyOut:
    """The survey of a cycle: ballots planned, issued, returned and valid by unit and group of respondents; no answer of anybody."""
    with answering(served.store) as connection:
        resource = survey_resource(served.store, connection, cycle, now=now)
        head_for(connection, cycle, seen, action=Action.READ_SURVEY, now=now, resource=resource)
        return SurveyOut.of(survey_view(served.store, connection, cycle, now=now))


def _authorise(changing: Changing, transaction: Transaction, cycle: int, action: Action) -> None:
    resource = survey_resource(changing.store, transaction.connection, cycle, now=changing.now)
    authorise_on_cycle(changing, transaction, cycle, action, resource=resource)


def _change(changing: Changing, cycle: int, action: Action, act: Callable[[Transaction], BaseModel]) -> Response:
    def work(transaction: Transaction) -> Answer:
        _authorise(changing, transaction, cycle, action)
        return answer_of(act(transaction))

    return changing.change(work)


def _known(changing: Changing, cycle: int, action: Action) -> Known:
    """Return the words that a file may use, to whoever may take it in: it is read before the transaction that keeps it."""
    with changing.store.transaction(now=changing.now, actor=changing.person.actor) as transaction:
        _authorise(changing, transaction, cycle, action)
        survey = open_survey(changing.store, transaction, cycle, alone=False)
        return known_of(survey.year, survey.form)


@router.post("/questions", response_model=FormOut, responses=OF_A_CHANGE)
def take_questions(cycle: Number, asked: QuestionsIn, changing: MayChange) -> Response:
    """Let the cycle ask these question sets; once ballots are out they stand."""

    def act(transaction: Transaction) -> FormOut:
        return FormOut(version=asking.take_questions(changing.store, transaction, cycle, asked.yaml))

    return _change(changing, cycle, Action.RUN_SURVEY, act)


@router.post("/sample", response_model=PlannedBallotsOut, responses=OF_A_CHANGE)
def plan_sample(cycle: Number, asked: SampleIn, changing: MayChange) -> Response:
    """Plan the sample, in place of the plan before: by a table, or by numbers for each group of respondents."""
    samples: tuple[Sample, ...] = ()
    if asked.file:
        samples = read_sample(asked.file, name=asked.name or "sample.xlsx", known=_known(changing, cycle, Action.RUN_SURVEY))

    def act(transaction: Transaction) -> PlannedBallotsOut:
        store = changing.store
        if asked.quotas:
            return PlannedBallotsOut(planned=asking.plan_by_numbers(store, transaction, cycle, asked.quotas, mode=asked.mode))
        return PlannedBallotsOut(planned=asking.plan_sample(store, transaction, cycle, samples))

    return _change(changing, cycle, Action.RUN_SURVEY, act)


@router.post("/codes", response_model=CodesOut, responses=OF_A_CHANGE)
def issue_codes(cycle: Number, asked: BatchIn, changing: MayChange) -> Response:
    """Make codes that each open one ballot, once; they are in this answer alone, which is not kept: the same key makes further codes."""
    base = changing.served.settings.base_url.rstrip("/")

    def act(transaction: Transaction) -> CodesOut:
        codes = asking.issue_codes(changing.store, transaction, cycle, asked.batch)
        return CodesOut(codes=codes, links=[f"{base}/ballot/{code}" for code in codes])

    return _change(replace(changing, keyed=None), cycle, Action.RUN_SURVEY, act)


@router.post("/papers", response_model=IssuedOut, responses=OF_A_CHANGE)
def hand_out(cycle: Number, asked: BatchIn, changing: MayChange) -> Response:
    """Write down that papers were handed out."""

    def act(transaction: Transaction) -> IssuedOut:
        asking.hand_out(changing.store, transaction, cycle, asked.batch)
        return IssuedOut(issued=asked.count)

    return _change(changing, cycle, Action.RUN_SURVEY, act)


@router.post("/ballots", response_model=BallotOut, responses=OF_A_CHANGE)
def enter_ballot(cycle: Number, asked: BallotIn, changing: MayChange) -> Response:
    """Enter a paper ballot; one with an empty question came back and does not count."""

    def act(transaction: Transaction) -> BallotOut:
        return BallotOut(valid=ballots.enter_paper(changing.store, transaction, cycle, asked.paper))

    return _change(changing, cycle, Action.ENTER_BALLOTS, act)


@router.post("/import", response_model=ImportedOut, responses=OF_A_CHANGE)
def import_ballots(cycle: Number, asked: BallotsIn, changing: MayChange) -> Response:
    """Take in the ballots of an export of LimeSurvey or KoboToolbox, or of a table: all of them or none."""
    known = _known(changing, cycle, Action.ENTER_BALLOTS)
    read = read_ballots(asked.file, name=asked.name or "ballots.xlsx", known=known, question_set=asked.respondents, unit=asked.unit)
    digest = hashlib.sha256(asked.file).hexdigest()

    def act(transaction: Transaction) -> ImportedOut:
        count = ballots.take_ballots(changing.store, transaction, cycle, read.ballots, file=digest)
        return ImportedOut(ballots=count, unfinished=read.unfinished)

    return _change(changing, cycle, Action.ENTER_BALLOTS, act)


@router.post("/close", response_model=ClosedOut, responses=OF_A_CHANGE)
def close(cycle: Number, asked: CloseSurveyIn, changing: MayChange) -> Response:
    """Close the survey: its points stand in every unit's sheet, no more ballots are taken."""

    def act(transaction: Transaction) -> ClosedOut:
        done = close_survey(changing.store, transaction, cycle, reason=asked.reason)
        return ClosedOut(units=done.units, ballots=done.ballots, notes=[f"{unit}: {vi}" for unit, vi, _ in done.notes])

    return _change(changing, cycle, Action.RUN_SURVEY, act)


@router.post("/reopen", response_model=ReopenedOut, responses=OF_A_CHANGE)
def reopen(cycle: Number, asked: ReopenSurveyIn, changing: MayChange) -> Response:
    """Let a closed survey take ballots again, with a reason; its points are worked out anew when it is closed. Never once published."""

    def act(transaction: Transaction) -> ReopenedOut:
        reopen_survey(changing.store, transaction, cycle, reason=asked.reason)
        return ReopenedOut(reopened=True)

    return _change(changing, cycle, Action.RUN_SURVEY, act)
