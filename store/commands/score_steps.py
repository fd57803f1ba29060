"""Steps of appraisals: units whose appraisal was handed in are asked to explain what it reduced; once, at most so many a step."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.cycles import CycleState
from evaluation.obligations import State
from store.commands.launching import wake
from store.commands.scores.explaining import ask_explanation, explanation_stage
from store.commands.steps import Report
from store.leases import fence
from store.locks import hold_stage, share_cycle
from store.schema import OBLIGATION, SCORE
from store.scores import scores_itself, sheet_party
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.steps import Work
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_HANDED_IN = [State.SUBMITTED.value, State.ACCEPTED.value]


def ask_explanations(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Raise the explanations of units whose appraisal of a stage was handed in with reduced leaves, of those that have none yet."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.released_at is None or ref.next_at is None or ref.next_at > now:
            return Report()
        ripe = _ripe(transaction, year, ref)
        for obligation in ripe[:at_most]:
            ask_explanation(store, transaction, obligation)
        more = len(ripe) > at_most
        wake(transaction, ref, at=now if more else None)
        return Report(obligations=len(ripe[:at_most]), more=more)


def _ripe(transaction: Transaction, year: Year, ref: StageRef) -> list[int]:
    """Return the appraisals of a stage that were handed in, whose unit has a reduced leaf and was never asked to explain."""
    stage = explanation_stage(year)
    if stage is None or not scores_itself(year):
        return []
    asked = select(OBLIGATION.c.party_id).where(OBLIGATION.c.stage_id == stage.id)
    both = SCORE.c.self_score.is_not(None), SCORE.c.appraised.is_not(None)
    query = select(SCORE.c.party_id, SCORE.c.self_score, SCORE.c.appraised)
    rows = transaction.connection.execute(query.where(SCORE.c.cycle_id == year.cycle, *both, SCORE.c.party_id.not_in(asked)))
    reduced = {row.party_id for row in rows if Decimal(row.appraised) < Decimal(row.self_score)}
    handed_in = select(OBLIGATION.c.id, OBLIGATION.c.party_id, OBLIGATION.c.subject).where(OBLIGATION.c.stage_id == ref.id)
    found = transaction.connection.execute(handed_in.where(OBLIGATION.c.state.in_(_HANDED_IN)).order_by(OBLIGATION.c.id))
    return [row.id for row in found if sheet_party(year, ref, party=row.party_id, subject=row.subject) in reduced]
