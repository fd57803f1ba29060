"""
Telling of a publication: the head and the officer of every unit of the cycle are told of it once, in the transaction that publishes.

Of each unit the cause is of its own, `p:<cycle>:<edition>:<party>`: whoever stands in for several hears of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from evaluation.audiences import merged
from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind, PartyKind, Role
from store.schema import NOTICE

if TYPE_CHECKING:
    from store.session import Transaction
    from store.years import Year

KIND = MessageKind.RESULTS_PUBLISHED


def told_of_results(year: Year) -> dict[int, tuple[str, ...]]:
    """Return whom a publication is told, by unit: head and officer, also of units that are exempt or not ranked; in the roster's order."""
    on = year.plan.reference_on
    units = [party for party in year.people.roster.parties if party.kind is PartyKind.UNIT and party.is_valid(on)]
    ids = [year.people.ids[party.key] for party in units]
    return {unit: merged(year.directory.told(unit, role) for role in (Role.HEAD, Role.OFFICER)).recipients for unit in ids}


def tell_of_results(transaction: Transaction, year: Year, *, edition: int) -> list[int]:
    """Write the notices of an edition, and return the units of which somebody was told; of a year that is over they leave by themselves."""
    told = {unit: recipients for unit, recipients in told_of_results(year).items() if recipients}
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": None if year.state is CycleState.CLOSED else year.cycle,  # what is closed keeps its mail back
            "cause": cause_of(year.cycle, edition, unit),
            "kind": KIND.value,
            "recipient": recipient,
            "at": transaction.now,
            "slot_at": transaction.now,
        }
        for unit, recipients in told.items()
        for recipient in recipients
    ]
    if rows:
        transaction.connection.execute(insert(NOTICE), rows)
    return list(told)


def cause_of(cycle: int, edition: int, unit: int) -> str:
    """Return what causes the notices of an edition to a unit."""
    return f"p:{cycle}:{edition}:{unit}"
