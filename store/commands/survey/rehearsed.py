"""What people of a rehearsed year do about its survey: the example's questions, a small sample, ballots while it is open, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from config.survey_files import survey_text
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.ballots import Ballot, Mode
from evaluation.scores.made_up import made_up_answer
from store.commands.survey.asking import Batch, hand_out, plan_by_numbers, take_questions
from store.commands.survey.ballots import take_ballots
from store.commands.survey.closing import close_survey
from store.schema import BALLOT, OBLIGATION, STAGE
from store.survey import closed_of, form_of, surveyed_groups, surveyed_units
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store, Transaction
    from store.survey import Form
    from store.years import Year

EXAMPLE, QUESTIONS = "vi-du-xa", "province-two-tier"  #: the criteria set that is asked about, and what is asked
#: Ballots about each unit from each group of respondents: enough to show, few enough to be quick.
EACH = 2
A_WEEK = 2  #: groups of respondents whose ballots come back
_THURSDAY = 3
_BACK = frozenset({State.SUBMITTED, State.ACCEPTED})


def ask_example(store: Store, transaction: Transaction, cycle: int) -> None:
    """Let a cycle ask the example's questions where its criteria are the example's, and plan a small sample; else do nothing."""
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    groups = surveyed_groups(store, transaction.connection, year)
    if groups and {one.key for one in groups.values()} == {EXAMPLE}:
        take_questions(store, transaction, cycle, survey_text(QUESTIONS), file=QUESTIONS)
        form = form_of(transaction.connection, cycle)
        assert form is not None  # noqa: S101  it was just taken in
        plan_by_numbers(store, transaction, cycle, {one.key: EACH for one in form.questions.sets})


def people_survey(store: Store, year: Year, *, now: datetime) -> int:
    """Let ballots go out and two groups a week send theirs while the survey is open, close it once it is handed in; on Thursdays."""
    if year.rulebook.calendar.local_date(now).weekday() != _THURSDAY:
        return 0
    with store.reading() as connection:
        form = form_of(connection, year.cycle)
        if form is None or closed_of(connection, year.cycle) is not None:
            return 0
        states = _states(connection, year.cycle, form)
        sent = set(connection.execute(select(BALLOT.c.question_set).where(BALLOT.c.cycle_id == year.cycle).distinct()).scalars())
    waiting = [one.key for one in form.questions.sets if one.key not in sent]
    if State.OPEN in states and waiting:
        return _send(store, year, form, waiting[:A_WEEK], first=not sent, now=now)
    if sent and states & _BACK and states <= _BACK:
        with store.transaction(now=now) as transaction:
            return close_survey(store, transaction, year.cycle).units
    return 0


def _send(store: Store, year: Year, form: Form, sets: list[str], *, first: bool, now: datetime) -> int:  # noqa: PLR0913  whose ballots, when
    """Let the ballots of these question sets come back, all of them handed out before; return how many."""
    with store.transaction(now=now) as transaction:
        for one in _handed_out(year, form) if first else ():
            hand_out(store, transaction, year.cycle, one)
        ballots = [one for one in _ballots(year, form) if one.question_set in sets]
        return take_ballots(store, transaction, year.cycle, ballots, file="phieu-giay (ví dụ)")


def _states(connection: Connection, cycle: int, form: Form) -> set[State]:
    """Return the states of what the survey's stages owe about the groups that are asked."""
    query = select(OBLIGATION.c.state).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    asked = {one.respondents for one in form.questions.sets}
    where = OBLIGATION.c.cycle_id == cycle, STAGE.c.kind == StageKind.SURVEY.value, OBLIGATION.c.subject.in_(asked)
    return {State(state) for state in connection.execute(query.where(*where)).scalars()}


def _handed_out(year: Year, form: Form) -> Iterator[Batch]:
    """Yield what is handed out about each unit to each group."""
    for unit, group in surveyed_units(year, form).items():
        for asked in form.questions.about(group):
            yield Batch(unit=unit, respondents=asked.key, count=EACH)


def _ballots(year: Year, form: Form) -> Iterator[Ballot]:
    """Yield so many ballots about each unit from each group, with made-up answers."""
    for unit, group in surveyed_units(year, form).items():
        for asked in form.questions.about(group):
            for number in range(1, EACH + 1):
                seed = f"{year.cycle}/{unit}/{asked.key}/{number}"
                answers = {one.key: made_up_answer(one, seed=seed) for one in asked.questions}
                yield Ballot(key=f"{number}", unit=unit, question_set=asked.key, answers=answers, mode=Mode.DIRECT)
