"""What people of a rehearsed year do about its survey: the example's questions, a small sample, ballots while it is open, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from config.survey_files import survey_text
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.ballots import Ballot, Mode
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

EXAMPLE = "vi-du-xa"
#: Ballots about each unit from each group of respondents: enough to show, few enough to be quick.
EACH = 2
_THURSDAY = 3
_BACK = frozenset({State.SUBMITTED, State.ACCEPTED})


def ask_example(store: Store, transaction: Transaction, cycle: int) -> None:
    """Let a cycle ask the example's questions where its criteria are the example's, and plan a small sample; else do nothing."""
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    groups = surveyed_groups(store, transaction.connection, year)
    if groups and {one.key for one in groups.values()} == {EXAMPLE}:
        take_questions(store, transaction, cycle, survey_text(EXAMPLE), file=EXAMPLE)
        form = form_of(transaction.connection, cycle)
        assert form is not None  # noqa: S101  it was just taken in
        plan_by_numbers(store, transaction, cycle, {one.key: EACH for one in form.questions.sets})


def people_survey(store: Store, cycle: int, *, now: datetime) -> int:
    """Let people send their ballots while the survey is open, close it once it is handed in; on Thursdays. Return how much was done."""
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        form = form_of(connection, cycle)
        states = _states(connection, cycle, form) if form is not None else set()
        done = closed_of(connection, cycle) is not None
        sent = connection.execute(select(BALLOT.c.key).where(BALLOT.c.cycle_id == cycle).limit(1)).first() is not None
    if form is None or done or year.rulebook.calendar.local_date(now).weekday() != _THURSDAY:
        return 0
    with store.transaction(now=now) as transaction:
        if not sent and State.OPEN in states:
            for one in _handed_out(year, form):
                hand_out(store, transaction, cycle, one)
            return take_ballots(store, transaction, cycle, list(_ballots(year, form)), file="demo")
        if sent and states & _BACK and states <= _BACK:
            return close_survey(store, transaction, cycle).units
    return 0


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
    """Yield so many ballots about each unit from each group, their answers spread over the choices."""
    for place, (unit, group) in enumerate(surveyed_units(year, form).items()):
        for asked in form.questions.about(group):
            for number in range(EACH):
                spread = place + number
                answers = {
                    question.key: question.answers[(spread * spread + nth) % len(question.answers)].key
                    for nth, question in enumerate(asked.questions)
                }
                yield Ballot(key=f"{asked.key}-{place}-{number}", unit=unit, question_set=asked.key, answers=answers, mode=Mode.DIRECT)
