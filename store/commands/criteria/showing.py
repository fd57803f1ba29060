"""The criteria of a demo: the shipped sets that its plan names, with leads as is customary, each marked as an example."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.criteria_files import ReadCriteria, read_criteria, shipped_criteria
from evaluation.criteria.sets import Decision, Lead, with_leads
from store.commands.criteria.versions import take_in
from store.criteria import load_criteria
from store.queries.criteria import PUBLISHED, party_keys_of, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from evaluation.criteria.sets import CriteriaSet
    from evaluation.plans import Plan
    from store.session import Store, Transaction

DEMO_INDEX = "nghe-an-3323-so"  #: the set of which last year's results are shown
#: Who leads which of the seven fields (customary, domain §3).
LEADS = {
    "1": "so-noi-vu",
    "2": "so-tu-phap",
    "3": "van-phong-ubnd",
    "4": "so-noi-vu",
    "5": "so-noi-vu",
    "6": "so-tai-chinh",
    "7": "so-khoa-hoc-cong-nghe",
}


def example_criteria(transaction: Transaction, authority: int, *, plan: Plan, dated: date, issuer: str = "UBND tỉnh") -> None:
    """Take in the shipped sets that a plan names, each under a number that says that it is an example; its launch pins them."""
    take_examples(transaction, authority, shipped_sets(plan, dated=dated, issuer=issuer))


def shipped_sets(plan: Plan, *, dated: date, issuer: str = "UBND tỉnh") -> tuple[CriteriaSet, ...]:
    """Return the shipped sets that a plan names, under a number that says that it is an example; others are left out."""
    shipped = {path.stem: path for path in shipped_criteria()}
    named = [shipped[key] for key in dict.fromkeys(plan.criteria.values()) if key in shipped]
    return tuple(
        replace(read_criteria(path).criteria, decision=Decision(number=f"{number:02}/QĐ-UBND (ví dụ)", dated=dated, issuer=issuer))
        for number, path in enumerate(named, start=1)
    )


def own_sets(store: Store, connection: Connection, authority: int, *, plan: Plan) -> tuple[CriteriaSet, ...]:
    """Return the sets that a plan names as an authority has published them last; one that it has not is not there."""
    named = frozenset(plan.criteria.values())
    last = {one.key: one for one in reversed(versions_of(connection, authority)) if one.state == PUBLISHED and one.key in named}
    return tuple(load_criteria(store, connection, one.id) for one in last.values())


def take_examples(transaction: Transaction, authority: int, sets: Sequence[CriteriaSet]) -> None:
    """Take sets in for a sandbox; one that names no leads gets those that are customary, of the parties that are there."""
    known = party_keys_of(transaction.connection, authority)
    customary: dict[str, tuple[Lead, ...]] = {node: (Lead(party=party),) for node, party in LEADS.items() if party in known}
    for one in sets:
        named = any(node.leads for node in one.fields) or len(one.fields) != len(LEADS)
        criteria = one if named else with_leads(one, customary)
        take_in(transaction, authority, ReadCriteria(criteria=criteria, findings=(), misfits=()))
