"""Steps of appraisals: units whose appraisal was handed in are asked to explain what it reduced; once, at most so many a step."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.obligations import State
from store.commands.launching import wake
from store.commands.scores.explaining import ask_explanation, explanation_stage
from store.commands.steps import Report, turn_of
from store.schema import OBLIGATION, SCORE
from store.scores import scores_itself, sheet_party

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.commands.steps import Work
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_HANDED_IN = [State.SUBMITTED.value, State.ACCEPTED.value]
_GONE = [State.WAIVED.value, State.TRANSFERRED.value]


def ask_explanations(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Raise the explanations of units whose appraisal of a stage was handed in with reduced leaves, of those that have none yet."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        ripe = _ripe(transaction, year, ref)
        for obligation in ripe[:at_most]:
            ask_explanation(store, transaction, obligation)
        more = len(ripe) > at_most
        wake(transaction, ref, at=now if more else None)
        return Report(obligations=len(ripe[:at_most]), more=more)


def _ripe(transaction: Transaction, year: Year, ref: StageRef) -> list[int]:
    """
    Return an appraisal of each unit that has a reduced leaf and was never asked to explain.

    Where several appraise a unit, each what it leads, all of them have handed in.
    """
    stage = explanation_stage(year)
    if stage is None or not scores_itself(year):
        return []
    asked = select(OBLIGATION.c.party_id).where(OBLIGATION.c.stage_id == stage.id)
    both = SCORE.c.self_score.is_not(None), SCORE.c.appraised.is_not(None)
    query = select(SCORE.c.party_id, SCORE.c.self_score, SCORE.c.appraised)
    rows = transaction.connection.execute(query.where(SCORE.c.cycle_id == year.cycle, *both, SCORE.c.party_id.not_in(asked)))
    reduced = {row.party_id for row in rows if Decimal(row.appraised) < Decimal(row.self_score)}
    of_stage = select(OBLIGATION.c.id, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.state)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in transaction.connection.execute(of_stage.where(OBLIGATION.c.stage_id == ref.id).order_by(OBLIGATION.c.id)):
        unit = sheet_party(year, ref, party=row.party_id, subject=row.subject)
        if unit is not None and unit in reduced and row.state not in _GONE:
            found[unit].append(row)
    return [own[-1].id for own in found.values() if all(row.state in _HANDED_IN for row in own)]
