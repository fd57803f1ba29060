"""The survey's own step: what is owed of a group of respondents is handed in once its planned ballots are all back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from store.commands.launching import wake
from store.commands.steps import Report, Work, turn_of
from store.commands.survey.held import IN_HAND, hand_in
from store.schema import OBLIGATION
from store.survey import form_of, samples_of, sorted_of, unit_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from store.leases import Lease
    from store.session import Store, Transaction
    from store.survey import Form
    from store.years import Year


def hand_in_full(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Hand in what is owed of a group (or of a unit, or of both) whose planned ballots are all back and valid, at most so many."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        full = _full(transaction.connection, year)
        due = [(ident, subject) for ident, subject in _in_hand(transaction, ref.id) if subject in full][:at_most]
        for ident, subject in due:
            hand_in(store, transaction, ident, text=full[subject])
        wake(transaction, ref, at=None)
        return Report(obligations=len(due), more=len(due) == at_most)


def _in_hand(transaction: Transaction, stage: int) -> list[tuple[int, str]]:
    query = select(OBLIGATION.c.id, OBLIGATION.c.subject).where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.state.in_(IN_HAND))
    return [(row.id, row.subject) for row in transaction.connection.execute(query.order_by(OBLIGATION.c.id))]


def _full(connection: Connection, year: Year) -> Mapping[str, str]:
    """Return the subjects whose planned ballots are all back, each with the counts: of a group, of a unit, of both (`unit/group`)."""
    form = form_of(connection, year.cycle)
    if form is None:
        return {}
    planned, valid = Counter[tuple[str, str]](), _valid(connection, year, form)
    for sample in samples_of(connection, year.cycle, keys=unit_keys(year)):
        planned[sample.unit, sample.respondents] += sample.planned
    subjects: dict[str, list[tuple[int, int]]] = {}
    for (unit, respondents), count in planned.items():
        for subject in (respondents, unit, f"{unit}/{respondents}"):
            subjects.setdefault(subject, []).append((count, valid[unit, respondents]))
    return {
        subject: f"{sum(back for _, back in counts)}/{sum(wanted for wanted, _ in counts)} phiếu hợp lệ"
        for subject, counts in subjects.items()
        if any(wanted for wanted, _ in counts) and all(back >= wanted for wanted, back in counts)
    }


def _valid(connection: Connection, year: Year, form: Form) -> Counter[tuple[str, str]]:
    asked = {one.key: one.respondents for one in form.questions.sets}
    return Counter((one.unit, asked[one.question_set]) for one in sorted_of(connection, year, form).valid)
