"""Last year's scores beside this year's: of leaves that are the same, as far as who looks sees those of last year."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.criteria.sets import leaves
from evaluation.cycles import CycleState
from store.criteria import load_criteria, pinned_versions
from store.queries.score_sight import hidden_leaves
from store.schema import CYCLE, SCORE
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.rights import ActorFacts
    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year


def last_scores(  # noqa: PLR0913  whose, beside which year, for whom, when
    store: Store, connection: Connection, year: Year, unit: UnitSheet, *, viewer: ActorFacts | None, now: datetime
) -> dict[str, Decimal]:
    """
    Return last year's scores of a unit by leaf, of leaves that last year's set has under the same key with the same maximum.

    The final score where there is one, else the appraised, else the unit's own; where a viewer does not see the former yet
    (`store.queries.score_sight`), the unit's own.
    """
    query = select(func.max(CYCLE.c.id)).where(CYCLE.c.authority_id == year.authority, CYCLE.c.year == year.evaluated - 1)
    cycle = connection.execute(query.where(CYCLE.c.state != CycleState.CANCELLED.value)).scalar_one()
    version = None if cycle is None else pinned_versions(connection, cycle).get(unit.sheet.scope.group)
    if version is None:
        return {}
    old = {step.node.key: step.node.maximum for step in leaves(load_criteria(store, connection, version))}
    same = {step.node.key for step in unit.sheet.scope.leaves if old.get(step.node.key) == step.node.maximum}
    rows = connection.execute(select(SCORE).where(SCORE.c.cycle_id == cycle, SCORE.c.party_id == unit.party))
    hidden = _hidden(store, connection, cycle, unit.party, viewer=viewer, now=now)
    scores = {row.node: (row.node not in hidden and (row.final or row.appraised)) or row.self_score for row in rows if row.node in same}
    return {node: Decimal(points) for node, points in scores.items() if points is not None}


def _hidden(  # noqa: PLR0913  whose, of which year, from whom, when
    store: Store, connection: Connection, cycle: int, party: int, *, viewer: ActorFacts | None, now: datetime
) -> frozenset[str]:
    if viewer is None:
        return frozenset()
    year = load_year(store, connection, cycle, now=now)
    sheet = read_sheet(store, connection, year, party)
    return frozenset() if sheet is None else hidden_leaves(store, connection, year, sheet, viewer=viewer, now=now)
