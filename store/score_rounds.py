"""Rounds of correction of a sheet: which leaves are in the unit's hands while an appraisal has given some of them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.kinds import StageKind
from evaluation.obligations import IN_HAND
from evaluation.scores.faults import At, fault
from evaluation.scores.handing_in import self_assessment_faults
from evaluation.terms import turn_terms
from store.schema import SCORE_CHANGE
from store.score_refusals import SheetFaultsError
from store.scores import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from store.scores import UnitSheet
    from store.session import Store, Transaction
    from store.years import Year


def given_back(connection: Connection, unit: UnitSheet, own: Obligation) -> tuple[str, ...] | None:
    """
    Return the leaves of its sheet that a unit may change in the round that runs; None where no round limits what is in its hands.

    `own` is its self-assessment, with its history. A round that was begun by returning leaves is about these, those that joined it since,
    and those without which the sheet could not be handed in; one that was begun by returning the whole is about all.
    """
    if not own.rounds or own.state not in IN_HAND:
        return None
    began = turn_terms(own.terms)[0].written_at
    mine = (SCORE_CHANGE.c.cycle_id == unit.cycle) & (SCORE_CHANGE.c.party_id == unit.party)
    returned = (SCORE_CHANGE.c.what == "returned") & (SCORE_CHANGE.c.new != "") & (SCORE_CHANGE.c.at >= began)
    query = select(SCORE_CHANGE.c.node, func.min(SCORE_CHANGE.c.at)).where(mine, returned).group_by(SCORE_CHANGE.c.node)
    since = dict(connection.execute(query).tuples().all())
    if began not in since.values():
        return None
    open_to = set(since) | {one.node for one in self_assessment_faults(unit.sheet)}
    return tuple(step.node.key for step in unit.sheet.scope.owed if step.node.key in open_to)


def require_given_back(connection: Connection, unit: UnitSheet, own: Obligation, nodes: Iterable[str]) -> None:
    """Raise SheetFaultsError unless a unit may change these leaves in the round that runs."""
    may = given_back(connection, unit, own)
    if may is None:
        return
    places = [At(unit=unit.sheet.scope.unit, node=one) for one in nodes if one not in may]
    if faults := [fault("not-given-back", at, leaves=", ".join(may)) for at in places]:
        raise SheetFaultsError(faults)


def require_item_given_back(store: Store, transaction: Transaction, year: Year, own: Obligation, item: str) -> None:
    """Raise SheetFaultsError where an item of an obligation is a leaf of a sheet that its unit may not change in the round that runs."""
    if own.rounds and item and year.stage(own.stage).kind is StageKind.SELF_ASSESSMENT:
        unit = sheet_of(store, transaction.connection, year, own)
        if unit is not None:
            require_given_back(transaction.connection, unit, own, [item])
